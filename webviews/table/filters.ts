/** The filters: those that hold as chips, and a form for another. */
import type { TableColumn, TableFilter, TableOperator } from '../../daemon/protocol/table.ts';
import { h, setChildren } from '../components/element.ts';
import { icon } from '../components/icon.ts';
import { button, dropdown, textField } from '../components/toolkit.ts';

const words: Record<TableOperator, string> = {
	'=': 'is',
	'!=': 'is not',
	'<': '<',
	'<=': '≤',
	'>': '>',
	'>=': '≥',
	contains: 'contains',
	is_null: 'is null',
	not_null: 'is not null',
};
const valueless: readonly TableOperator[] = ['is_null', 'not_null'];
const texts: readonly TableOperator[] = ['contains', '=', '!=', ...valueless];
const ordered: readonly TableOperator[] = ['=', '!=', '<', '<=', '>', '>=', ...valueless];

export interface Filters {
	readonly element: HTMLElement;
	show(filters: readonly TableFilter[]): void;
	/** Opens the form for a column. */
	ask(column: TableColumn): void;
}

export function createFilters(change: (filters: readonly TableFilter[]) => void, left: () => void): Filters {
	let filters: readonly TableFilter[] = [];
	const chips = h('div', { class: 'bar', role: 'list', 'aria-label': 'Filters' });
	const form = h('form', { class: 'bar filter-form', hidden: true });
	const element = h('div', { class: 'bar filters' }, chips, form);

	function close(): void {
		form.hidden = true;
		left();
	}

	function ask({ name, type }: TableColumn): void {
		const operators =
			type === 'string' || type === 'other'
				? texts
				: type === 'boolean'
					? ['=' as const, '!=' as const, ...valueless]
					: ordered;
		let operator: TableOperator = operators[0] ?? '=';
		const value = textField('', { placeholder: type });
		const which = dropdown(
			`How ${name} is compared`,
			operators.map((one) => ({ value: one, text: words[one] })),
			operator,
			(chosen) => {
				operator = operators.find((one) => one === chosen) ?? operator;
				value.hidden = valueless.includes(operator);
			},
		);
		const apply = () => {
			const made: TableFilter = { column: name, operator, value: valueless.includes(operator) ? '' : value.value };
			close();
			change([...filters, made]);
		};
		form.onsubmit = (event) => {
			event.preventDefault();
			apply();
		};
		form.onkeydown = (event) => {
			if (event.key === 'Escape') close();
			if (event.key === 'Enter' && event.target === value) apply();
		};
		setChildren(
			form,
			h('span', { class: 'mono filter-name' }, name),
			which,
			value,
			button('Filter', apply, { primary: true }),
			button('Cancel', close),
		);
		value.setAttribute('aria-label', `Value of ${name}`); // the toolkit names it anew when it is placed
		form.hidden = false;
		value.focus();
	}

	return {
		element,
		ask,
		show(next) {
			filters = next;
			setChildren(
				chips,
				...next.map((one, at) =>
					h(
						'span',
						{ class: 'tag', role: 'listitem' },
						[one.column, words[one.operator], one.value].filter((part) => part !== '').join(' '),
						h(
							'button',
							{
								...{ type: 'button', class: 'link', 'aria-label': `Remove the filter of ${one.column}` },
								onclick: () => change(filters.filter((_, place) => place !== at)),
							},
							icon('close'),
						),
					),
				),
			);
			chips.hidden = next.length === 0;
		},
	};
}
