/** What the verdict on a column rests on, in sentences: the interval of the effect, what the rows count as, how many would do. */
import type { DriftColumn } from '../../daemon/protocol/drift.ts';
import { type Child, h } from '../components/element.ts';
import { figure, pointer } from '../components/figure.ts';
import { formatCount } from '../components/format.ts';
import type { Place } from './columnTable.ts';

export function evidenceOf(column: DriftColumn, place: Place): HTMLElement[] {
	return [effectSentence(column, place), memorySentence(column, place), neededSentence(column, place)].filter(
		(sentence) => sentence !== null,
	);
}

function sentence(...parts: readonly Child[]): HTMLElement {
	return h('p', { class: 'muted' }, ...parts);
}

function effectSentence({ effect, effect_interval: interval }: DriftColumn, place: Place): HTMLElement | null {
	if (effect === null || interval === null || interval === undefined) return null;
	const at = (...path: string[]) => pointer(...place, ...path);
	return sentence(
		'Effect ',
		figure(at('effect'), effect),
		', with 95 % confidence between ',
		figure(at('effect_interval', 'low'), interval.low),
		' and ',
		figure(at('effect_interval', 'high'), interval.high),
		'.',
	);
}

/** Only where memory makes the rows count for less; the reason says so where there are too few. */
function memorySentence(column: DriftColumn, place: Place): HTMLElement | null {
	const { effective_rows: effective, drift } = column;
	if (effective === null || effective === undefined || drift === null) return null;
	const fewer = (['reference', 'current'] as const).filter(
		(side) => effective[side] < column[side].rows - column[side].nulls,
	);
	if (fewer.length === 0) return null;
	const count = (side: 'reference' | 'current') =>
		figure(pointer(...place, 'effective_rows', side), effective[side], formatCount);
	return sentence(
		'Neighbouring rows resemble one another: the values count as ',
		count('reference'),
		' independent rows in the reference and ',
		count('current'),
		' in the current data.',
	);
}

/** Where there are too few rows, the reason says so. */
function neededSentence({ drift, rows_needed: rows }: DriftColumn, place: Place): HTMLElement | null {
	if (drift === null || rows === null || rows === undefined) return null;
	return sentence('About ', figure(pointer(...place, 'rows_needed'), rows, formatCount), ' rows a side would tell.');
}
