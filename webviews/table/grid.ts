/** The grid: draws the rows and columns that are seen, and moves the focus by mouse and keyboard. */
import type { TableColumn, TableSort } from '../../daemon/protocol/table.ts';
import { h, newId } from '../components/element.ts';
import type { ColumnGlance } from '../messages/table.ts';
import { type ColumnLayout, columnLayout } from './columnLayout.ts';
import { fillHead } from './head.ts';
import type { PageCache } from './pageCache.ts';
import { type ScrollScale, scrollScale } from './scrollScale.ts';
import { areaOf, type Cell, holds, moved, type Selection } from './selection.ts';

/** What the grid shows. */
export interface GridContent {
	readonly columns: readonly TableColumn[];
	readonly widths: readonly number[];
	readonly rows: number;
	readonly sort: TableSort | null;
	readonly filtered: ReadonlySet<string>;
	readonly glances: ReadonlyMap<string, ColumnGlance>;
}

export interface Grid {
	readonly element: HTMLElement;
	show(content: GridContent): void;
	/** Draws anew what is seen: cells have arrived. */
	draw(): void;
	/** The first row that is seen. */
	top(): number;
	scrollToRow(row: number): void;
	selection(): Selection;
}

export interface GridEvents {
	sort(column: number): void;
	filter(column: number): void;
	copy(): void;
	scrolled(): void;
}

export const rowHeight = 24;
const headHeight = 78;
const lineHeight = 16;

interface Drawn {
	readonly row: HTMLElement;
	readonly number: HTMLElement;
	readonly cells: HTMLElement[];
}

export function createGrid(cache: PageCache, events: GridEvents): Grid {
	const name = newId('cell');
	const head = h('div', { class: 'head', role: 'row', 'aria-rowindex': 1 });
	const corner = h(
		'div',
		{ class: 'number corner', role: 'columnheader', 'aria-colindex': 1 },
		h('span', { class: 'spoken' }, 'Row'),
	);
	head.append(corner);
	const headCells: HTMLElement[] = [];
	const body = h('div', { class: 'rows', role: 'rowgroup' });
	const canvas = h(
		'div',
		{ class: 'canvas', role: 'presentation' },
		h('div', { role: 'rowgroup', class: 'headgroup' }, head),
		body,
	);
	const element = h(
		'div',
		{
			...{ class: 'grid', role: 'grid', tabindex: 0, 'aria-label': 'Rows', 'aria-multiselectable': 'true' },
			'data-focus': 'grid',
		},
		canvas,
	);
	const drawn: Drawn[] = [];
	let content: GridContent = {
		...{ columns: [], widths: [], rows: 0, sort: null },
		...{ filtered: new Set<string>(), glances: new Map<string, ColumnGlance>() },
	};
	let layout: ColumnLayout = columnLayout([]);
	let scale: ScrollScale = scrollScale(0, rowHeight, 0);
	let position = 0;
	let placed = 0;
	let selection: Selection = { anchor: { row: 0, column: 0 }, focus: { row: 0, column: 0 } };
	let due = 0;

	const numberWidth = () => Math.max(52, String(content.rows).length * 8 + 20);
	const room = () => Math.max(0, element.clientHeight - headHeight);
	const idOf = ({ row, column }: Cell) => `${name}-${row}-${column}`;

	function measure(): void {
		scale = scrollScale(content.rows, rowHeight, room());
		position = Math.min(position, scale.end);
		canvas.style.height = `${scale.height + headHeight}px`;
		canvas.style.width = `${numberWidth() + (layout.edges.at(-1) ?? 0)}px`;
		element.style.setProperty('--number-width', `${numberWidth()}px`);
		place();
	}

	/** Puts the scrollbar where the position says. */
	function place(): void {
		element.scrollTop = scale.toBox(position);
		placed = element.scrollTop;
	}

	function moveTo(next: number): void {
		position = Math.min(scale.end, Math.max(0, next));
		place();
		later();
	}

	function later(): void {
		if (due !== 0) return;
		due = requestAnimationFrame(() => {
			due = 0;
			draw();
			events.scrolled();
		});
	}

	function draw(): void {
		const left = element.scrollLeft;
		const seen = layout.seen(left, left + element.clientWidth - numberWidth());
		const first = Math.floor(position / rowHeight);
		const last = Math.min(content.rows, Math.ceil((position + room()) / rowHeight));
		drawHead(seen);
		while (drawn.length < last - first) drawn.push(newRow());
		const area = areaOf(selection);
		for (const [at, line] of drawn.entries()) {
			const row = first + at;
			line.row.hidden = row >= last;
			if (row < last) drawRow(line, row, seen, area);
		}
		element.setAttribute('aria-activedescendant', idOf(selection.focus));
		cache.want({
			firstRow: Math.max(0, first - 20),
			lastRow: Math.min(content.rows, last + 20),
			...{ firstColumn: seen.first, lastColumn: seen.last },
		});
	}

	function newRow(): Drawn {
		const number = h('div', { class: 'number', role: 'rowheader', 'aria-colindex': 1 });
		const row = h('div', { class: 'row', role: 'row' }, number);
		body.append(row);
		return { row, number, cells: [] };
	}

	function drawRow(
		{ row: line, number, cells }: Drawn,
		row: number,
		{ first, last }: { first: number; last: number },
		area: ReturnType<typeof areaOf>,
	): void {
		line.style.transform = `translateY(${placed + row * rowHeight - position}px)`;
		line.classList.toggle('odd', row % 2 === 1);
		line.setAttribute('aria-rowindex', String(row + 2));
		number.textContent = cache.number(row)?.toLocaleString('en-US') ?? '';
		while (cells.length < last - first) {
			const cell = h('div', { role: 'gridcell' });
			cells.push(cell);
			line.append(cell);
		}
		for (const [at, cell] of cells.entries()) {
			const column = first + at;
			cell.hidden = column >= last;
			if (column < last) drawCell(cell, row, column, area);
		}
	}

	function drawCell(cell: HTMLElement, row: number, column: number, area: ReturnType<typeof areaOf>): void {
		const value = cache.cell(row, column);
		const { type } = content.columns[column] as TableColumn;
		const { focus } = selection;
		const classes = ['cell'];
		if (type === 'integer' || type === 'double') classes.push('numeric');
		if (value === null) classes.push('null');
		if (value === undefined) classes.push('waiting');
		const selected = holds(area, row, column);
		if (selected) classes.push('selected');
		if (focus.row === row && focus.column === column) classes.push('focused');
		cell.className = classes.join(' ');
		cell.id = idOf({ row, column });
		cell.style.left = `${numberWidth() + (layout.edges[column] as number)}px`;
		cell.style.width = `${content.widths[column] as number}px`;
		cell.textContent = value === undefined ? '' : value === null ? 'null' : value;
		cell.title = value !== undefined && value !== null && value.length > 24 ? value : '';
		cell.setAttribute('aria-colindex', String(column + 2));
		cell.setAttribute('aria-selected', String(selected));
		cell.dataset['place'] = `${row} ${column}`;
	}

	function drawHead({ first, last }: { first: number; last: number }): void {
		while (headCells.length < last - first) {
			const cell = h('div', { class: 'head-cell', role: 'columnheader' });
			headCells.push(cell);
			head.append(cell);
		}
		for (const [at, cell] of headCells.entries()) {
			const place = first + at;
			cell.hidden = place >= last;
			if (place >= last) continue;
			const column = content.columns[place] as TableColumn;
			cell.style.left = `${numberWidth() + (layout.edges[place] as number)}px`;
			cell.style.width = `${content.widths[place] as number}px`;
			cell.dataset['place'] = `-1 ${place}`;
			const { glances, sort, filtered } = content;
			const focused = selection.focus.row === -1 && selection.focus.column === place;
			fillHead(cell, {
				...{ column, place, sort, focused, id: idOf({ row: -1, column: place }) },
				...{ glance: glances.get(column.name), filtered: filtered.has(column.name) },
			});
		}
	}

	/** Brings a cell into view. */
	function reveal({ row, column }: Cell): void {
		const top = row * rowHeight;
		if (row >= 0 && top < position) moveTo(top);
		else if (row >= 0 && top + rowHeight > position + room()) moveTo(top + rowHeight - room());
		const [from, to] = [layout.edges[column] ?? 0, layout.edges[column + 1] ?? 0];
		const wide = element.clientWidth - numberWidth();
		if (from < element.scrollLeft) element.scrollLeft = from;
		else if (to > element.scrollLeft + wide) element.scrollLeft = Math.min(from, to - wide);
	}

	function select(next: Selection): void {
		selection = next;
		reveal(next.focus);
		draw();
	}

	function cellOf(event: Event): Cell | undefined {
		const target = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-place]') : null;
		const [row, column] = (target?.dataset['place'] ?? '').split(' ').map(Number);
		return row === undefined || column === undefined ? undefined : { row, column };
	}

	element.addEventListener('scroll', () => {
		if (Math.abs(element.scrollTop - placed) > 1) {
			position = scale.toPosition(element.scrollTop);
			placed = element.scrollTop;
		}
		later();
	});
	element.addEventListener(
		'wheel',
		(event) => {
			if (!scale.scaled || event.ctrlKey || event.shiftKey || event.deltaY === 0) return;
			event.preventDefault();
			element.scrollLeft += event.deltaX;
			moveTo(position + event.deltaY * (event.deltaMode === 1 ? lineHeight : event.deltaMode === 2 ? room() : 1));
		},
		{ passive: false },
	);
	element.addEventListener('keydown', (event) => {
		const { key, shiftKey: shift } = event;
		const { focus } = selection;
		if (focus.row === -1 && (key === 'Enter' || key === ' ')) {
			event.preventDefault();
			return events.sort(focus.column);
		}
		if (key === 'F' || (key === 'ArrowDown' && event.altKey)) {
			event.preventDefault();
			return events.filter(focus.column);
		}
		const page = Math.max(1, Math.floor(room() / rowHeight) - 1);
		const bounds = { rows: content.rows, columns: content.columns.length, page };
		const next = moved(selection, { key, shift, ctrl: event.ctrlKey || event.metaKey }, bounds);
		if (next === undefined) return;
		event.preventDefault();
		select(next);
	});
	element.addEventListener('copy', (event) => {
		event.preventDefault();
		events.copy();
	});
	element.addEventListener('mousedown', (event) => {
		const focus = cellOf(event);
		if (focus === undefined || event.button !== 0) return;
		if (focus.row >= 0) select({ anchor: event.shiftKey ? selection.anchor : focus, focus });
		else select({ anchor: focus, focus });
	});
	element.addEventListener('mousemove', (event) => {
		const focus = event.buttons === 1 ? cellOf(event) : undefined;
		if (focus !== undefined && focus.row >= 0 && selection.anchor.row >= 0) select({ anchor: selection.anchor, focus });
	});
	element.addEventListener('click', (event) => {
		const act =
			event.target instanceof Element ? event.target.closest<HTMLElement>('[data-act]')?.dataset['act'] : undefined;
		const column = cellOf(event)?.column;
		if (column === undefined) return;
		if (act === 'sort') events.sort(column);
		if (act === 'filter') events.filter(column);
	});
	new ResizeObserver(() => {
		measure();
		draw();
	}).observe(element);

	return {
		element,
		show(next) {
			const other = next.columns !== content.columns || next.widths !== content.widths;
			content = next;
			if (other) layout = columnLayout(next.widths);
			element.setAttribute('aria-rowcount', String(next.rows + 1));
			element.setAttribute('aria-colcount', String(next.columns.length + 1));
			const clamp = ({ row, column }: Cell): Cell => ({
				row: Math.min(row, next.rows - 1),
				column: Math.min(column, Math.max(0, next.columns.length - 1)),
			});
			selection = { anchor: clamp(selection.anchor), focus: clamp(selection.focus) };
			measure();
			draw();
		},
		draw,
		top: () => Math.floor(position / rowHeight),
		scrollToRow: (row) => moveTo(row * rowHeight),
		selection: () => selection,
	};
}
