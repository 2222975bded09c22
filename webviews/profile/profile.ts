/** A profile, from its JSON: what the file is, its columns, and how they go together. */
import type { ColumnProfile, ProfileReport } from '../../daemon/protocol/profile.ts';
import { h, newId, setChildren } from '../components/element.ts';
import { formatCount } from '../components/format.ts';
import { type ColumnRow, createColumnTable } from '../report/columnTable.ts';
import { profileCells } from './cells.ts';
import { createCorrelations } from './correlations.ts';
import { createDetails } from './details.ts';
import { createHeader } from './header.ts';

/** The parts of the page, from the top. */
export function createProfile(report: ProfileReport): HTMLElement[] {
	const rows: ColumnRow<ColumnProfile>[] = report.columns.map((column, index) => ({
		column,
		place: ['columns', index],
	}));
	const table = createColumnTable<ColumnProfile>({
		caption: 'Columns with their figures.',
		details: (column, place) => createDetails(column, place, report.rows),
		// The order of the file, until a reader asks for another.
		sort: { column: '', descending: false },
		open: [],
		onSort: () => {},
		onOpen: () => {},
	});
	const cells = profileCells(report.rows);
	const told = h('span', { class: 'muted', role: 'status' });
	const id = newId('filter');
	const input = h('input', {
		id,
		type: 'search',
		placeholder: 'Filter columns',
		autocomplete: 'off',
		spellcheck: 'false',
		oninput: draw,
	});

	function draw(): void {
		const text = input.value.trim().toLowerCase();
		const shown = rows.filter(({ column }) => column.column.toLowerCase().includes(text));
		setChildren(
			told,
			shown.length === rows.length ? '' : `${formatCount(shown.length)} of ${formatCount(rows.length)} shown`,
		);
		table.update(shown, cells);
	}

	draw();
	const correlations = createCorrelations(report.correlations);
	return [
		createHeader(report),
		h(
			'section',
			{ class: 'section' },
			h('h2', {}, 'Columns'),
			h(
				'div',
				{ class: 'bar filters' },
				h('label', { class: 'spoken', for: id }, 'Filter columns by name'),
				input,
				told,
			),
			table.element,
		),
		...(correlations === null ? [] : [correlations]),
	];
}
