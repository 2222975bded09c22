/** Of a drifted column: the segments in which it drifted most, and rows that show how. */
import type { DriftColumn } from '../../daemon/protocol/drift.ts';
import { type Child, h } from '../components/element.ts';
import { figure, nothing, pointer } from '../components/figure.ts';
import { formatCount, formatNumber, formatShare, plural } from '../components/format.ts';
import type { Place } from './columnTable.ts';
import { framedTable } from './framedTable.ts';
import { formatP } from './valueFormat.ts';
import { shownName } from './verdict.ts';

const where = 'Where it drifted most';
const which = 'Rows that show it';

export function segmentsPart({ column: name, segments }: DriftColumn, place: Place): HTMLElement | false {
	if (segments === undefined) return false;
	const { found, looked, columns } = segments;
	if (looked === 0) {
		return across(where, h('p', { class: 'muted' }, 'No segment has rows enough on both sides to be looked at.'));
	}
	const about = `${plural(looked, 'segment')} by ${plural(columns, 'other column')} ${looked === 1 ? 'was' : 'were'} looked at`;
	if (found.length === 0) {
		return across(where, h('p', { class: 'muted' }, `${about}; in none did it drift more than in the others.`));
	}
	const rows = found.map(({ column, segment, rows: { reference, current }, effect, elsewhere, adjusted_p }, index) => {
		const at = (...path: string[]) => pointer(...place, 'segments', 'found', index, ...path);
		return {
			name: h('span', {}, h('bdi', {}, shownName(column)), ': ', h('bdi', {}, shownName(segment))),
			cells: [
				figure(at('effect'), effect),
				figure(at('elsewhere'), elsewhere),
				figure(at('rows', 'reference'), reference, formatCount),
				figure(at('rows', 'current'), current, formatCount),
				figure(at('adjusted_p'), adjusted_p, formatP),
			],
		};
	});
	const head = ['Effect', 'Elsewhere', 'Reference rows', 'Current rows', 'Adjusted p'].map((text) => ({ text }));
	return across(
		where,
		framedTable(`${where}: ${shownName(name)}`, [{ text: 'Segment', words: true }, ...head], rows),
		h('p', { class: 'muted' }, `${about}. p: that it changed there as it changed elsewhere, adjusted for all of them.`),
	);
}

export function examplesPart({ column: name, examples }: DriftColumn, place: Place): HTMLElement | false {
	if (examples === undefined) return false;
	const { gained, shares, columns, rows } = examples;
	const share = (side: 'reference' | 'current') => pointer(...place, 'examples', 'shares', side);
	const lines = rows.some(({ line }) => line !== null);
	const words = columns.map((_, at) => rows.some(({ cells }) => typeof cells[at] === 'string'));
	return across(
		which,
		h(
			'p',
			{ class: 'muted' },
			h('bdi', {}, shownName(gained)),
			' went from ',
			figure(share('reference'), shares.reference, formatShare),
			' to ',
			figure(share('current'), shares.current, formatShare),
			` of the values. ${rows.length === 1 ? 'A row' : 'Rows'} of the current data with it:`,
		),
		framedTable(
			`${which}: ${shownName(name)}`,
			[
				{ text: lines ? 'Line' : 'Row' },
				...columns.map((column, at) => ({ text: shownName(column), words: words[at] === true })),
			],
			rows.map(({ row, line, cells }) => ({ name: formatCount(lines ? line : row), cells: cells.map(shownCell) })),
		),
	);
}

function shownCell(cell: string | number | boolean | null): Child {
	if (cell === null) return nothing();
	return typeof cell === 'number' ? formatNumber(cell) : h('bdi', {}, String(cell));
}

function across(title: string, ...content: Child[]): HTMLElement {
	return h('div', { class: 'across' }, h('h3', {}, title), ...content);
}
