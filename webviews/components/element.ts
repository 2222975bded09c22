/** Builds elements. Text goes in as text nodes and nothing is ever parsed as HTML, so a hostile name stays a name. */

export type Child = Node | string | number | null | undefined | false;
type Value = string | number | boolean | null | undefined;
export type Attributes = {
	[name: string]: Value | ((event: Event) => void);
	/** A style attribute breaks the content policy; set `element.style.x` where a class cannot do it. */
	style?: never;
};

function fill(element: Element, attributes: Attributes, children: readonly Child[]): void {
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value);
		else if (value === true) element.setAttribute(name, '');
		else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
	}
	append(element, ...children);
}

/** Appends children; numbers and strings as text, and what is absent not at all. */
export function append(parent: ParentNode, ...children: readonly Child[]): void {
	for (const child of children) {
		if (child === null || child === undefined || child === false) continue;
		parent.append(child instanceof Node ? child : String(child));
	}
}

/**
 * `h('button', { class: 'link', onclick: open }, 'Open')`. True attributes are set empty, absent ones left out,
 * functions under `on…` listen.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
	tag: K,
	attributes?: Attributes,
	...children: Child[]
): HTMLElementTagNameMap[K];
export function h(tag: string, attributes?: Attributes, ...children: Child[]): HTMLElement;
export function h(tag: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement {
	const element = document.createElement(tag);
	fill(element, attributes, children);
	return element;
}

/** The same for SVG. */
export function svg<K extends keyof SVGElementTagNameMap>(
	tag: K,
	attributes: Attributes = {},
	...children: Child[]
): SVGElementTagNameMap[K] {
	const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
	fill(element, attributes, children);
	return element;
}

/** Replaces the children of an element, or touches nothing where the new ones are the same, so that focus and selection stay. */
export function setChildren(parent: ParentNode & Node, ...children: readonly Child[]): void {
	const next = document.createDocumentFragment();
	append(next, ...children);
	const same =
		next.childNodes.length === parent.childNodes.length &&
		[...next.childNodes].every((node, index) => parent.childNodes[index]?.isEqualNode(node));
	if (!same) keepFocus(parent, () => parent.replaceChildren(next));
}

/**
 * Runs an update and gives the focus back afterwards: to the same element when it only moved, else to the new one
 * with the same `data-focus` name.
 */
export function keepFocus(root: ParentNode & Node, update: () => void): void {
	const active = document.activeElement;
	const held = active instanceof HTMLElement && root.contains(active) ? active : undefined;
	update();
	if (held === undefined || document.activeElement === held) return;
	const name = held.dataset['focus'];
	const heir = held.isConnected
		? held
		: [...root.querySelectorAll<HTMLElement>('[data-focus]')].find((element) => element.dataset['focus'] === name);
	heir?.focus();
}

let lastId = 0;

/** An id that no other element of the page has. */
export function newId(prefix: string): string {
	lastId += 1;
	return `${prefix}-${lastId}`;
}
