import { type Child, h, keepFocus, setChildren } from './element.ts';
import { icon } from './icon.ts';
import { type Sort, type SortValue, sortRows } from './sort.ts';

export interface TableColumn<Row> {
	readonly id: string;
	readonly title: string;
	/** Numbers stand to the right. */
	readonly numeric?: boolean;
	/** Long text: breaks into lines. */
	readonly wide?: boolean;
	/** Stays at the end while the others scroll sideways. */
	readonly pinned?: boolean;
	/** What the column sorts by; a column without it does not sort. */
	readonly value?: (row: Row) => SortValue;
	readonly cell: (row: Row) => Child | readonly Child[];
	/** Names the row: its cell is a header. */
	readonly header?: boolean;
}

export interface TableOptions<Row> {
	readonly caption: string;
	readonly captionHidden?: boolean;
	readonly columns: readonly TableColumn<Row>[];
	readonly key: (row: Row) => string;
	readonly sort?: Sort | undefined;
	readonly onSort?: (sort: Sort) => void;
	/** Stands in for the rows where there are none. */
	readonly empty?: string;
}

export interface Table<Row> {
	readonly element: HTMLElement;
	/** Shows these rows: what stays the same is left alone, so that focus and selection stay. */
	update(rows: readonly Row[], columns?: readonly TableColumn<Row>[]): void;
}

/** A table with sortable columns. It scrolls sideways in its own frame, which the keyboard reaches. */
export function createTable<Row>(options: TableOptions<Row>): Table<Row> {
	let { columns, sort } = options;
	let rows: readonly Row[] = [];
	const headings = h('tr');
	const body = h('tbody');
	const table = h(
		'table',
		{},
		h('caption', { class: options.captionHidden === true && 'spoken' }, options.caption),
		h('thead', {}, headings),
		body,
	);
	const element = h('div', { class: 'table-frame', role: 'region', tabindex: 0, 'aria-label': options.caption }, table);
	const known = new Map<string, HTMLTableRowElement>();

	function turn(id: string): void {
		sort = { column: id, descending: sort?.column === id ? !sort.descending : false };
		options.onSort?.(sort);
		draw();
	}

	function classes({ numeric, wide, pinned }: TableColumn<Row>): string | false {
		const names = [numeric === true && 'numeric', wide === true && 'wrap', pinned === true && 'pinned'];
		return names.filter((name) => name !== false).join(' ') || false;
	}

	function heading(column: TableColumn<Row>): HTMLElement {
		const { id, title, value } = column;
		const direction = sort?.column !== id ? undefined : sort.descending ? 'descending' : 'ascending';
		const sortable = value !== undefined;
		return h(
			'th',
			{ scope: 'col', class: classes(column), 'aria-sort': sortable && (direction ?? 'none') },
			sortable
				? h(
						'button',
						{ type: 'button', class: 'sort', 'data-focus': `sort-${id}`, onclick: () => turn(id) },
						title,
						direction === undefined ? h('span', { class: 'icon' }) : icon(direction),
					)
				: title,
		);
	}

	function cell(column: TableColumn<Row>, row: Row): HTMLElement {
		const { header, cell: content } = column;
		const children = content(row);
		return h(
			header === true ? 'th' : 'td',
			{ scope: header === true && 'row', class: classes(column) },
			...(Array.isArray(children) ? children : [children as Child]),
		);
	}

	function drawRow(row: Row): HTMLTableRowElement {
		const key = options.key(row);
		const line = known.get(key) ?? h('tr', { 'data-key': key });
		known.set(key, line);
		const next = columns.map((column) => cell(column, row));
		if (line.children.length !== next.length) line.replaceChildren(...next);
		else {
			for (const [index, fresh] of next.entries()) {
				const old = line.children[index];
				if (old !== undefined && !old.isEqualNode(fresh)) old.replaceWith(fresh);
			}
		}
		return line;
	}

	function draw(): void {
		keepFocus(table, () => {
			setChildren(headings, ...columns.map(heading));
			const sorter = columns.find(({ id }) => id === sort?.column)?.value;
			const lines = (sorter === undefined || sort === undefined ? rows : sortRows(rows, sorter, sort)).map(drawRow);
			for (const [key, line] of known) {
				if (!lines.includes(line)) known.delete(key);
			}
			if (lines.length === 0 && options.empty !== undefined) {
				body.replaceChildren(h('tr', {}, h('td', { class: 'muted', colspan: columns.length }, options.empty)));
			} else if (lines.length !== body.children.length || lines.some((line, index) => body.children[index] !== line)) {
				body.replaceChildren(...lines);
			}
		});
	}

	return {
		element,
		update(nextRows, nextColumns = columns) {
			rows = nextRows;
			columns = nextColumns;
			draw();
		},
	};
}
