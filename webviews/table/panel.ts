/** The table: a data file of any length, read-only. */
import '../components/perch.css';
import './table.css';
import { isPerchError } from '../../daemon/protocol/errors.ts';
import type { TableColumn } from '../../daemon/protocol/table.ts';
import { h, setChildren } from '../components/element.ts';
import { plural } from '../components/format.ts';
import { openPage, type Page, type Panel } from '../components/frame.ts';
import { button } from '../components/toolkit.ts';
import {
	act,
	type ColumnGlance,
	type CopyFormat,
	copy,
	glances,
	progress,
	rows,
	show,
	type TableShow,
	type TableState,
	tableState,
	type ViewOfTable,
} from '../messages/table.ts';
import { widthFor } from './columnLayout.ts';
import { createFilters } from './filters.ts';
import { createGrid } from './grid.ts';
import { blockRows, pageCache } from './pageCache.ts';
import { areaOf } from './selection.ts';

const formats: readonly { format: CopyFormat; name: string }[] = [
	{ format: 'csv', name: 'CSV' },
	{ format: 'tsv', name: 'TSV' },
	{ format: 'markdown', name: 'Markdown' },
	{ format: 'json', name: 'JSON' },
];

const whole: ViewOfTable = { sort: null, filter: [] };

function build(page: Page<TableState>): Panel<TableShow> {
	const line = h('p', { class: 'line' });
	const counted = h('span', { class: 'muted', role: 'status' });
	const bar = h('progress', { hidden: true, max: 1 });
	const told = h('span', { class: 'muted' });
	let shown: TableShow | undefined;
	let columns: readonly TableColumn[] = [];
	let widths: readonly number[] = [];
	let total = 0;
	let view: ViewOfTable = page.kept?.view ?? whole;
	let known: ReadonlyMap<string, ColumnGlance> = new Map();

	const cache = pageCache(
		(offset, limit, first, last) =>
			page.channel.request(rows, {
				offset,
				limit,
				columns: columns.slice(first, last).map(({ name }) => name),
				...view,
			}),
		() => columns.length,
		() => grid.draw(),
		complain,
	);
	const grid = createGrid(cache, {
		sort(place) {
			const column = columns[place]?.name ?? '';
			const { sort } = view;
			const next =
				sort?.column !== column ? { column, descending: false } : sort.descending ? null : { column, descending: true };
			void apply({ ...view, sort: next });
		},
		filter(place) {
			const column = columns[place];
			if (column !== undefined) filters.ask(column);
		},
		copy: () => void copyAs('tsv', 'TSV'),
		scrolled: keep,
	});
	const filters = createFilters(
		(filter) => void apply({ ...view, filter: [...filter] }),
		() => grid.element.focus(),
	);

	function complain(error: unknown): void {
		if (isPerchError(error) && error.code === 'cancelled') return;
		page.complain(error);
	}

	function keep(): void {
		if (shown !== undefined) page.keep({ version: 1, root: shown.root, file: shown.file, view, top: grid.top() });
	}

	/** Takes another order or filter once its first rows are here; what was seen before stays until then. */
	async function apply(next: ViewOfTable, top = 0): Promise<void> {
		const asked = columns.slice(0, 20).map(({ name }) => name);
		const unfold = setTimeout(() => tell('Sorting or filtering', undefined), 150);
		try {
			const first = await page.channel.request(rows, { offset: 0, limit: blockRows, columns: asked, ...next });
			const other = JSON.stringify(next) !== JSON.stringify(view);
			view = next;
			total = first.total;
			if (widths.length !== columns.length) {
				widths = columns.map(({ name }, at) =>
					widthFor(
						name,
						first.cells.slice(0, 50).map((row) => row[at] ?? null),
					),
				);
			}
			cache.reset();
			page.complain(null);
			draw();
			if (other || top > 0) grid.scrollToRow(top);
			keep();
		} catch (error) {
			complain(error);
			filters.show(view.filter);
		} finally {
			clearTimeout(unfold);
			bar.hidden = true;
		}
	}

	function tell(message: string, share: number | undefined): void {
		bar.hidden = false;
		bar.setAttribute('aria-label', message);
		if (share === undefined) bar.removeAttribute('value');
		else bar.value = share;
	}

	function draw(): void {
		const all = shown?.rows ?? 0;
		const of = view.filter.length > 0 ? ` of ${all.toLocaleString('en-US')}` : '';
		counted.textContent = `${total.toLocaleString('en-US')}${of} ${all === 1 ? 'row' : 'rows'} × ${plural(columns.length, 'column')}`;
		filters.show(view.filter);
		grid.show({
			...{ columns, widths, rows: total, sort: view.sort, glances: known },
			filtered: new Set(view.filter.map(({ column }) => column)),
		});
	}

	async function copyAs(format: CopyFormat, name: string): Promise<void> {
		const { firstRow, lastRow, firstColumn, lastColumn } = areaOf(grid.selection());
		const names = columns.slice(firstColumn, lastColumn + 1).map((column) => column.name);
		const limit = Math.min(total, lastRow + 1) - firstRow;
		try {
			await page.channel.request(copy, { offset: firstRow, limit, columns: names, ...view, format });
			told.textContent = `${plural(limit, 'row')} × ${plural(names.length, 'column')} copied as ${name}.`;
			page.announce(told.textContent);
		} catch (error) {
			complain(error);
		} finally {
			bar.hidden = true;
		}
	}

	page.channel.onNotification(progress, ({ message, share }) => tell(message, share));
	page.channel.onNotification(glances, (found) => {
		known = new Map(found.columns.map((one) => [one.column, one]));
		draw();
	});

	return {
		parts: [
			h('div', { class: 'heading spoken' }, h('h1', {}, 'Table')),
			line,
			h(
				'div',
				{ class: 'bar' },
				counted,
				bar,
				h(
					'div',
					{ class: 'bar end' },
					told,
					h('span', { class: 'muted' }, 'Copy selection as'),
					...formats.map(({ format, name }) => button(name, () => void copyAs(format, name))),
				),
			),
			filters.element,
			grid.element,
		],
		show(next) {
			const same =
				shown?.file === next.file &&
				JSON.stringify(shown.columns) === JSON.stringify(next.columns) &&
				shown.rows === next.rows;
			const top = widths.length === 0 ? (page.kept?.top ?? 0) : grid.top();
			shown = next;
			setChildren(
				line,
				...next.line.map(({ title, tooltip }, entry) =>
					h(
						'button',
						{
							...{ type: 'button', class: 'link', title: tooltip },
							onclick: () => page.channel.request(act, { entry }).catch(page.complain),
						},
						title,
					),
				),
			);
			if (same && widths.length === columns.length) return;
			columns = next.columns;
			widths = [];
			const names = new Set(columns.map(({ name }) => name));
			const fits = [...view.filter, ...(view.sort === null ? [] : [view.sort])].every(({ column }) =>
				names.has(column),
			);
			void apply(fits ? view : whole, top);
		},
	};
}

openPage('Table', tableState, show, build);
