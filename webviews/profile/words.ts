/** The words for what a profile says of a column. */
import type { ColumnProfile } from '../../daemon/protocol/profile.ts';
import { absent, formatNumber, formatShare } from '../components/format.ts';

type Cell = ColumnProfile['min'];

/** A value of the data; points in time to the minute, and midnight left out. */
export function formatCell(value: Cell): string {
	if (value === null) return absent;
	if (typeof value === 'number') return formatNumber(value);
	const [, day, time] = /^([+-]?\d{4,6}-\d\d-\d\d)T(\d\d:\d\d):\d\d\.\d+Z$/.exec(String(value)) ?? [];
	if (day === undefined) return String(value);
	return time === '00:00' ? day : `${day} ${time}`;
}

/** What a reader should know of a column, the worst first. */
export function findingsOf(
	{ constant, near_constant, nulls, infinities, count }: ColumnProfile,
	rows: number,
): string[] {
	return [
		count === 0 ? 'Empty' : constant && 'Constant',
		near_constant && 'Nearly constant',
		count > 0 && nulls / rows >= 0.5 && `${formatShare(nulls / rows)} null`,
		(infinities ?? 0) > 0 && 'Infinite values',
	].filter((text) => typeof text === 'string');
}

const estimates: Record<ColumnProfile['estimated'][number], string> = {
	distinct: 'the number of different values',
	quantiles: 'quantiles',
	histogram: 'the histogram',
	top: 'the most frequent values',
};

/** Which figures of a column are estimates; null where none is. */
export function estimateSentence({ estimated }: ColumnProfile): string | null {
	if (estimated.length === 0) return null;
	const text = estimated.map((name) => estimates[name]).join(', ');
	return `Estimated from a sample: ${text}.`;
}
