/** Which effects do two samples allow for? 95 % intervals of the effects, and the rows that would tell one from chance. */
import { chiSquareTail } from '../stats/chiSquare.ts';
import { centralityInterval } from '../stats/noncentralChiSquare.ts';
import { normalQuantile } from '../stats/normal.ts';
import type { Interval, Sizes } from './sound.ts';

/** In units of the root of 1/n + 1/m: K(1.4802) = 0.975 of Kolmogorov's distribution. */
const bandReach = 1.4802;
/** In the same units: the widest normal interval of a difference of two shares, each with at most a variance of 1/4. */
const shareReach = normalQuantile(0.975) / 2;

/**
 * Of the largest difference D between two distribution functions, or the sum of the largest each way (Kuiper). Below: the
 * band in which both empirical functions lie around the true ones (Kolmogorov 1933), so that the interval leaves 0 where
 * p < 0.025. Above: at the place of the true D both are shares, and D cannot be seen smaller than their difference. Covers
 * D in at least 95 %. `sizes` are what the rows count as.
 */
export function distanceInterval(distance: number, { reference, current }: Sizes): Interval {
	const unit = Math.sqrt(1 / reference + 1 / current);
	return { low: Math.max(0, distance - bandReach * unit), high: Math.min(1, distance + shareReach * unit) };
}

/**
 * Rows a side that give a KS distance this large p = `level`, by the first term of Kolmogorov's distribution; `memory` rows
 * count as one.
 */
export function rowsForDistance(distance: number, level: number, memory: number): number {
	const reach = Math.sqrt(-Math.log(level / 2) / 2);
	return Math.ceil(memory * 2 * (reach / distance) ** 2);
}

/**
 * Of an effect whose square is a chi-square statistic over `rows`, such as Cramér's V (one `perRow` each) or PSI: from the
 * non-centralities that fit the statistic (Steiger and Fouladi 1997).
 */
export function centralityPerRow(statistic: number, degrees: number, rows: number): Interval {
	const { low, high } = centralityInterval(statistic, degrees);
	return { low: low / rows, high: high / rows };
}

/** Rows in both samples together, of equal size, whose chi-square statistic has p = `level` where each row adds `perRow`. */
export function rowsForCentrality(perRow: number, degrees: number, level: number): number {
	let [low, high] = [0, degrees + 10];
	while (chiSquareTail(high, degrees) > level) high *= 2;
	for (let step = 0; step < 50; step++) {
		const middle = (low + high) / 2;
		if (chiSquareTail(middle, degrees) > level) low = middle;
		else high = middle;
	}
	return Math.ceil(Math.max(0, high - degrees) / perRow);
}
