/** A column of a profile in few words and a small picture, for a hover and the head of a table. */
import type { ColumnProfile } from '../daemon/protocol/profile.ts';
import { figure, percent } from './words.ts';

/** Heights of the bars: the histogram in at most `most` bins, else the most frequent values. */
export function barsOf({ histogram, top }: ColumnProfile, most = 24): number[] {
	if (histogram === null) return top.length < 2 ? [] : top.map(({ count }) => count);
	const { shares } = histogram;
	const step = Math.ceil(shares.length / most);
	const bins = Math.ceil(shares.length / step);
	return Array.from({ length: bins }, (_, bin) =>
		shares.slice(bin * step, (bin + 1) * step).reduce((sum, share) => sum + share, 0),
	);
}

const blocks = '▁▂▃▄▅▆▇█';

/** The same as letters; empty where there is nothing to draw. */
export function blocksOf(column: ColumnProfile): string {
	const bars = barsOf(column, 20);
	const highest = Math.max(...bars, 0);
	return bars
		.map((bar) => (bar === 0 ? ' ' : (blocks[Math.max(0, Math.ceil((bar / highest) * blocks.length) - 1)] ?? ' ')))
		.join('');
}

/** The share of nulls, 0 to 1. */
export function nullShare({ count, nulls }: ColumnProfile): number {
	return count + nulls === 0 ? 0 : nulls / (count + nulls);
}

/** A value of a profile as a person reads it. */
export function said(value: string | number | boolean | null): string {
	return typeof value === 'number' ? figure(value) : String(value ?? 'n/a');
}

/** `12 distinct, 3 % null, 1 to 40, median 2, mean 2.4` */
export function wordsOf(column: ColumnProfile): string {
	const { min, max, mean, quantiles, distinct, top, type, constant } = column;
	const [first] = top;
	return [
		constant ? 'constant' : `${distinct.toLocaleString('en-US')} distinct`,
		...(column.nulls > 0 ? [`${percent(nullShare(column))} null`] : []),
		...(min !== null && max !== null ? [`${said(min)} to ${said(max)}`] : []),
		...(quantiles === null ? [] : [`median ${said(quantiles.p50)}`]),
		...(mean === null ? [] : [`mean ${figure(mean)}`]),
		...(type === 'string' && first !== undefined ? [`most often ${said(first.value)}`] : []),
	].join(', ');
}
