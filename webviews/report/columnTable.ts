/** The table of columns, of a drift report or of a profile: sorts, and each row opens to its details. */

import { type Child, h, keepFocus, newId, setChildren } from '../components/element.ts';
import { type Sort, type SortValue, sortRows } from '../components/sort.ts';
import { forgetSparks } from './spark.ts';
import { shownName } from './verdict.ts';

interface NamedColumn {
	readonly column: string;
	readonly type: string;
}

/** Where a column stands in the JSON of the report, such as `['columns', 3]`. */
export type Place = readonly (string | number)[];

/** A column of the data with its place in the report. */
export interface ColumnRow<Column extends NamedColumn> {
	readonly column: Column;
	readonly place: Place;
}

export interface ColumnCell<Column extends NamedColumn> {
	readonly id: string;
	readonly title: string;
	readonly numeric?: boolean;
	/** Left out where the page is narrow; the details have it. */
	readonly secondary?: boolean;
	/** The first turn sorts it from the largest down. */
	readonly fallsFirst?: boolean;
	readonly value?: (row: ColumnRow<Column>) => SortValue;
	readonly cell: (row: ColumnRow<Column>) => Child;
}

/** What a row opens to. */
export interface ColumnDetails {
	readonly element: HTMLElement;
	destroy(): void;
}

export interface ColumnTable<Column extends NamedColumn> {
	readonly element: HTMLElement;
	/** Shows these rows of one report, with a cell of each kind after the name. */
	update(rows: readonly ColumnRow<Column>[], cells: readonly ColumnCell<Column>[]): void;
	/** Forgets the rows of the report before. */
	clear(): void;
	/** Names of the open rows. */
	opened(): string[];
}

export interface ColumnTableOptions<Column extends NamedColumn> {
	/** What the table says, for screen readers. */
	readonly caption: string;
	/** Tells it from other tables of the page; Columns unless told. */
	readonly label?: string;
	readonly details: (column: Column, place: Place) => ColumnDetails;
	readonly sort: Sort;
	/** Names of the columns that are open from the beginning. */
	readonly open: readonly string[];
	readonly onSort: (sort: Sort) => void;
	readonly onOpen: () => void;
}

interface Line<Column extends NamedColumn> {
	readonly row: ColumnRow<Column>;
	readonly element: HTMLTableRowElement;
	readonly toggle: HTMLButtonElement;
	readonly details: HTMLTableRowElement;
	shown: ColumnDetails | undefined;
}

const name: ColumnCell<NamedColumn> = {
	id: 'column',
	title: 'Column',
	value: ({ column }) => column.column,
	cell: ({ column }) => column.column,
};

export function createColumnTable<Column extends NamedColumn>({
	caption,
	label = 'Columns',
	details,
	sort: first,
	open,
	onSort,
	onOpen,
}: ColumnTableOptions<Column>): ColumnTable<Column> {
	let sort = first;
	let rows: readonly ColumnRow<Column>[] = [];
	let cellKinds: readonly ColumnCell<Column>[] = [];
	let kinds: readonly ColumnCell<Column>[] = [];
	const opened = new Set(open);
	const lines = new Map<string, Line<Column>>();
	const headings = h('tr');
	const body = h('tbody');
	const table = h(
		'table',
		{ class: 'columns' },
		h('caption', { class: 'spoken' }, `${caption} Each row opens to its details.`),
		h('thead', {}, headings),
		body,
	);
	const element = h('div', { class: 'table-frame', role: 'region', tabindex: 0, 'aria-label': label }, table);

	function heading({ id, title, numeric, secondary, value }: ColumnCell<Column>): HTMLElement {
		const direction = sort.column !== id ? 'none' : sort.descending ? 'descending' : 'ascending';
		const marks = [numeric === true && 'numeric', secondary === true && 'secondary'].filter(Boolean).join(' ');
		if (value === undefined) return h('th', { scope: 'col', class: marks }, title);
		return h(
			'th',
			{ scope: 'col', class: marks, 'aria-sort': direction },
			h(
				'button',
				{ type: 'button', class: 'sort', 'data-focus': `sort-${id}`, onclick: () => turn(id) },
				title,
				h('span', { class: `arrow ${direction}`, 'aria-hidden': 'true' }),
			),
		);
	}

	function turn(id: string): void {
		const fallsFirst = kinds.find((kind) => kind.id === id)?.fallsFirst === true;
		sort = { column: id, descending: sort.column === id ? !sort.descending : fallsFirst };
		draw();
		onSort(sort);
	}

	function createLine(row: ColumnRow<Column>): Line<Column> {
		const { column } = row.column;
		const id = newId('details');
		const toggle = h(
			'button',
			{
				type: 'button',
				class: 'toggle',
				'aria-expanded': 'false',
				'data-focus': `open-${column}`,
				onclick: () => {
					if (!opened.delete(column)) opened.add(column);
					showDetails(line);
					onOpen();
				},
			},
			h('span', { class: 'chevron', 'aria-hidden': 'true' }),
			h('bdi', { class: 'name' }, shownName(column)),
		);
		const line: Line<Column> = {
			row,
			toggle,
			element: h(
				'tr',
				{ class: 'line', 'data-column': column },
				h('th', { scope: 'row' }, toggle, h('span', { class: 'type muted' }, row.column.type)),
				...cellKinds.map(({ numeric, secondary, cell }) =>
					h(
						'td',
						{ class: [numeric === true && 'numeric', secondary === true && 'secondary'].filter(Boolean).join(' ') },
						cell(row),
					),
				),
			),
			details: h('tr', { id, class: 'opened', hidden: true }),
			shown: undefined,
		};
		return line;
	}

	function showDetails(line: Line<Column>): void {
		const isOpen = opened.has(line.row.column.column);
		line.toggle.setAttribute('aria-expanded', String(isOpen));
		if (isOpen) line.toggle.setAttribute('aria-controls', line.details.id);
		else line.toggle.removeAttribute('aria-controls');
		line.details.hidden = !isOpen;
		if (isOpen && line.shown === undefined) {
			line.shown = details(line.row.column, line.row.place);
			line.details.replaceChildren(h('td', { colspan: kinds.length }, line.shown.element));
		} else if (!isOpen && line.shown !== undefined) {
			line.shown.destroy();
			line.shown = undefined;
			line.details.replaceChildren();
		}
	}

	function lineOf(row: ColumnRow<Column>): Line<Column> {
		const { column } = row.column;
		const known = lines.get(column) ?? createLine(row);
		lines.set(column, known);
		showDetails(known);
		return known;
	}

	function draw(): void {
		const value = kinds.find(({ id }) => id === sort.column)?.value;
		const sorted = value === undefined ? rows : sortRows(rows, value, sort);
		keepFocus(table, () => {
			setChildren(headings, ...kinds.map(heading));
			const next = sorted.map(lineOf).flatMap((line) => [line.element, line.details]);
			if (next.length === 0) {
				body.replaceChildren(h('tr', {}, h('td', { class: 'muted', colspan: kinds.length }, 'No column fits.')));
			} else if (next.length !== body.children.length || next.some((line, index) => body.children[index] !== line)) {
				body.replaceChildren(...next);
			}
		});
	}

	return {
		element,
		update(next, cells) {
			rows = next;
			cellKinds = cells;
			kinds = [name, ...cellKinds];
			draw();
		},
		clear() {
			for (const { element: line, shown } of lines.values()) {
				shown?.destroy();
				forgetSparks(line);
			}
			lines.clear();
		},
		opened: () => [...opened],
	};
}
