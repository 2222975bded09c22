/** Where the values of a column lie. */
import { type ColumnProfile, type Histogram, profileQuantiles } from '../../protocol/profile.ts';
import { drawnRange, quantile } from '../../stats/quantile.ts';
import { sorted } from '../../stats/sort.ts';
import { type Column, shownNumber } from '../table.ts';
import { isTime } from './moments.ts';

const bins = 30;

export interface Spread {
	quantiles: NonNullable<ColumnProfile['quantiles']>;
	histogram: Histogram | null;
	/** Whether they come from a sample. */
	estimated: boolean;
}

/** Quantiles and histogram of the finite values of a column; null for text, and where there are none. */
export function distributionOf(column: Column, estimated: boolean): Spread | null {
	if (column.kind === 'string') return null;
	const ascending = sorted(column.values);
	if (ascending.length === 0) return null;
	const { type } = column;
	const quantiles = Object.fromEntries(
		Object.entries(profileQuantiles).map(([key, share]) => {
			const value = quantile(ascending, share);
			return [key, isTime(type) ? shownNumber(type, value) : value];
		}),
	) as Spread['quantiles'];
	return { quantiles, histogram: histogramOf(ascending), estimated };
}

/**
 * Bins of equal width over the `drawnRange`: a trip of 244,152 miles moves nothing. null for values that are all the same, or whose range is no number.
 */
export function histogramOf(ascending: Float64Array): Histogram | null {
	const [from, to] = drawnRange([ascending]);
	const width = (to - from) / bins;
	if (!(width > 0) || !Number.isFinite(width) || from + width === from || to - width === to) return null;
	const edges = Array.from({ length: bins + 1 }, (_, index) => (index === bins ? to : from + index * width));
	const counts = new Float64Array(bins);
	let [below, above] = [0, 0];
	for (const value of ascending) {
		if (value < from) below += 1;
		else if (value > to) above += 1;
		else {
			// A division may round a value over an edge, by one bin at most.
			let bin = Math.min(bins - 1, Math.floor((value - from) / width));
			if (value < (edges[bin] as number)) bin -= 1;
			else if (bin < bins - 1 && value >= (edges[bin + 1] as number)) bin += 1;
			counts[bin] = (counts[bin] as number) + 1;
		}
	}
	const n = ascending.length;
	return { edges, shares: Array.from(counts, (count) => count / n), below: below / n, above: above / n };
}
