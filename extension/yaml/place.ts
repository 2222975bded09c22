/** Places in the text of a perch.yaml: what stands under the cursor, and where a path of it stands. */
import { type Document, isMap, isPair, isScalar, isSeq, type Node, parseDocument, visit } from 'yaml';
import type { Path } from '../../daemon/protocol/project/shapes.ts';

/** What is written at a place, while it is being written. */
export interface Place {
	/** Of the value, or of the mapping that the key is in. */
	readonly path: Path;
	readonly role: 'key' | 'value';
	/** The whole file, as if a word stood at the place. */
	readonly content: unknown;
	/** The word that is there: from, to before. */
	readonly from: number;
	readonly to: number;
}

/** Stands for the word that is being written. */
export const placeholder = 'PERCHwordPERCH';

export function parseText(text: string): Document {
	return parseDocument(text, { logLevel: 'silent' });
}

/** The place of an offset; null in comments, and where text is no YAML at all. */
export function placeAt(text: string, offset: number): Place | null {
	const isWord = (at: number) => /[\w.-]/.test(text.charAt(at));
	let [from, to] = [offset, offset];
	while (from > 0 && isWord(from - 1)) from--;
	while (to < text.length && isWord(to)) to++;
	const document = parseText(`${text.slice(0, from)}${placeholder}${text.slice(to)}`);
	let found: Omit<Place, 'content' | 'from' | 'to'> | null = null;
	visit(document, {
		Scalar(key, node, ancestors) {
			if (node.value !== placeholder) return undefined;
			found = { path: pathOf([...ancestors, node] as Node[]), role: key === 'key' ? 'key' : 'value' };
			return visit.BREAK;
		},
	});
	const place = found as Omit<Place, 'content' | 'from' | 'to'> | null;
	return place === null ? null : { ...place, content: document.toJS(), from, to };
}

/** The path of the last of a chain of nodes; of a key, that of its mapping. */
function pathOf(chain: readonly unknown[]): Path {
	const path: (string | number)[] = [];
	for (const [index, node] of chain.entries()) {
		const next = chain[index + 1];
		if (isPair(node) && next === node.value && isScalar(node.key)) path.push(String(node.key.value));
		if (isSeq(node)) path.push(node.items.indexOf(next));
	}
	return path;
}

/** The key under an offset, as the path that ends with it; null beside keys. */
export function keyAt(text: string, offset: number): { path: Path; from: number; to: number } | null {
	let found: { path: Path; from: number; to: number } | null = null;
	visit(parseText(text), {
		Scalar(key, node, ancestors) {
			const [from = 0, to = 0] = node.range ?? [];
			if (key !== 'key' || offset < from || offset > to) return undefined;
			found = { path: [...pathOf([...ancestors, node] as Node[]), String(node.value)], from, to };
			return visit.BREAK;
		},
	});
	return found;
}

/** Where a path stands: its key or its value; the nearest that is there for one that is not. */
export function rangeOfPath(document: Document, path: readonly PropertyKey[], part: 'key' | 'value'): [number, number] {
	let node: unknown = document.contents;
	let range: [number, number] = [0, 0];
	for (const [depth, step] of path.entries()) {
		const last = depth === path.length - 1;
		if (isMap(node)) {
			const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
			if (pair === undefined) break;
			const chosen = (last && part === 'value' && pair.value !== null ? pair.value : pair.key) as Node;
			range = spanOf(chosen) ?? range;
			node = pair.value;
		} else if (isSeq(node) && typeof step === 'number') {
			node = node.items[step];
			range = spanOf(node as Node) ?? range;
		} else break;
	}
	return range;
}

function spanOf(node: Node | undefined): [number, number] | undefined {
	return node?.range ? [node.range[0], node.range[1]] : undefined;
}
