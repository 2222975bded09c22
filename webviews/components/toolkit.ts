/**
 * The only door to VS Code's toolkit: registers what is used and nothing more.
 * Its badge, tag and progress ring set style attributes, which the content policy refuses: perch.css has its own.
 */
import {
	type Button,
	type Checkbox,
	type Dropdown,
	provideVSCodeDesignSystem,
	type TextField,
	vsCodeButton,
	vsCodeCheckbox,
	vsCodeDropdown,
	vsCodeOption,
	vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { type Attributes, h } from './element.ts';

export type { Button, Checkbox, Dropdown, TextField };

provideVSCodeDesignSystem().register(
	vsCodeButton(),
	vsCodeCheckbox(),
	vsCodeDropdown(),
	vsCodeOption(),
	vsCodeTextField(),
);

export function button(
	label: string,
	onclick: () => void,
	{ primary = false, ...attributes }: Attributes & { primary?: boolean } = {},
): Button {
	return h('vscode-button', { appearance: primary ? 'primary' : 'secondary', ...attributes, onclick }, label) as Button;
}

export function checkbox(label: string, checked: boolean, onchange: (checked: boolean) => void): Checkbox {
	const element = h('vscode-checkbox', {}, label) as Checkbox;
	element.checked = checked;
	element.addEventListener('change', () => onchange(element.checked));
	return element;
}

/** A choice of one; `label` is spoken, and shown by whoever places it. */
export function dropdown(
	label: string,
	options: readonly { value: string; text: string }[],
	value: string,
	onchange: (value: string) => void,
): Dropdown {
	const element = h('vscode-dropdown', { 'aria-label': label }) as Dropdown;
	setOptions(element, options, value);
	element.addEventListener('change', () => onchange(element.value));
	return element;
}

/** Fills a dropdown, and leaves it alone where its options are the same. */
export function setOptions(
	element: Dropdown,
	options: readonly { value: string; text: string }[],
	value: string,
): void {
	const known = [...element.querySelectorAll('vscode-option')].map((option) => option.getAttribute('value'));
	if (known.length !== options.length || options.some((option, index) => option.value !== known[index])) {
		element.replaceChildren(...options.map((option) => h('vscode-option', { value: option.value }, option.text)));
	}
	for (const option of element.querySelectorAll('vscode-option')) {
		option.toggleAttribute('selected', option.getAttribute('value') === value);
	}
	element.value = value;
}

export function textField(label: string, attributes: Attributes = {}): TextField {
	return h('vscode-text-field', attributes, label) as TextField;
}
