/** Which columns are shown: a piece of their names, and one verdict or all. */
import { h, newId, setChildren } from '../components/element.ts';
import { formatCount } from '../components/format.ts';
import type { ReportRow } from './cells.ts';
import { countVerdicts, type VerdictName, verdictOf, verdicts } from './verdict.ts';

export interface Filter {
	readonly text: string;
	readonly verdict: VerdictName | undefined;
}

export function passes({ column }: ReportRow, { text, verdict }: Filter): boolean {
	if (verdict !== undefined && verdictOf(column.drift, column.rows_needed) !== verdict) return false;
	return column.column.toLowerCase().includes(text.trim().toLowerCase());
}

export interface Filters {
	readonly element: HTMLElement;
	/** Says how many columns there are, and how many of them are shown. */
	update(rows: readonly ReportRow[], shown: number): void;
}

export function createFilters(first: Filter, onChange: (filter: Filter) => void): Filters {
	let filter = first;
	const id = newId('filter');
	const input = h('input', {
		id,
		type: 'search',
		placeholder: 'Filter columns',
		value: first.text,
		autocomplete: 'off',
		spellcheck: 'false',
		oninput: () => change({ ...filter, text: input.value }),
	});
	const choices = h('div', { class: 'choices', role: 'group', 'aria-label': 'Verdict' });
	const told = h('span', { class: 'muted', role: 'status' });
	const element = h(
		'div',
		{ class: 'bar filters' },
		h('label', { class: 'spoken', for: id }, 'Filter columns by name'),
		input,
		choices,
		told,
	);

	function change(next: Filter): void {
		filter = next;
		onChange(next);
	}

	function choice(title: string, count: number, verdict: VerdictName | undefined): HTMLElement {
		return h(
			'button',
			{
				type: 'button',
				'aria-pressed': String(filter.verdict === verdict),
				'data-focus': `verdict-${verdict ?? 'all'}`,
				onclick: () => change({ ...filter, verdict }),
			},
			title,
			' ',
			h('span', { class: 'count' }, formatCount(count)),
		);
	}

	return {
		element,
		update(rows, shown) {
			const counts = countVerdicts(rows.map(({ column }) => column));
			const names = (Object.keys(verdicts) as VerdictName[]).filter((name) => counts[name] > 0);
			setChildren(
				choices,
				choice('All', rows.length, undefined),
				...names.map((name) => choice(verdicts[name].title, counts[name], name)),
			);
			setChildren(told, shown === rows.length ? '' : `${formatCount(shown)} of ${formatCount(rows.length)} shown`);
		},
	};
}
