/** Which effects do two samples allow for? 95 % intervals of the effects, and the rows that would tell one from chance. */
import { chiSquareTail } from '../../stats/chiSquare.ts';
import { kuiperTail } from '../../stats/kuiper.ts';
import { centralityInterval } from '../../stats/noncentralChiSquare.ts';
import { normalQuantile } from '../../stats/normal.ts';

/** How the p-value of an effect falls as rows are added, of which `memory` count as one. */
export type Telling =
	| { law: 'kolmogorov' | 'kuiper'; distance: number; memory: number }
	/** Each row of both samples together adds `perRow` to a chi-square statistic. */
	| { law: 'chi_square'; perRow: number; degrees: number; memory: number };

export interface Interval {
	low: number;
	high: number;
}

/** In units of the root of 1/n + 1/m: 0.975 of Kolmogorov's distribution, and of Kuiper's. */
const bandReach = { kolmogorov: 1.4802, kuiper: 1.8624 } as const;
/** In the same units: the widest normal interval of a difference of two shares, each with at most a variance of 1/4. */
const shareReach = normalQuantile(0.975) / 2;

/**
 * Of the largest difference D between two distribution functions, or the sum of the largest each way (Kuiper). Below: the
 * band in which both empirical functions lie around the true ones (Kolmogorov 1933), so that the interval leaves 0 where
 * p < 0.025. Above: at the place of the true D both are shares, and D cannot be seen smaller than their difference. Covers
 * D in at least 95 %. `sizes` are what the rows count as.
 */
export function distanceInterval(
	distance: number,
	{ reference, current }: { reference: number; current: number },
	law: keyof typeof bandReach = 'kolmogorov',
): Interval {
	const unit = Math.sqrt(1 / reference + 1 / current);
	return { low: Math.max(0, distance - bandReach[law] * unit), high: Math.min(1, distance + shareReach * unit) };
}

/**
 * Of an effect whose square is a chi-square statistic over `rows`, such as Cramér's V (one `perRow` each): from the
 * non-centralities that fit the statistic (Steiger and Fouladi 1997).
 */
export function centralityPerRow(statistic: number, degrees: number, rows: number): Interval {
	const { low, high } = centralityInterval(statistic, degrees);
	return { low: low / rows, high: high / rows };
}

/** Of what exceeds its mean without drift, by a normal approximation; `variance` is that without drift and of the slopes together. */
export function excessInterval(excess: number, variance: number): Interval {
	const reach = normalQuantile(0.975) * Math.sqrt(variance);
	return { low: Math.max(0, excess - reach), high: Math.max(0, excess + reach) };
}

/** About how many rows a side give an effect of this size a p-value of `level`. */
export function rowsToTell(telling: Telling, level: number): number {
	if (telling.law !== 'chi_square') {
		// The first term of Kolmogorov's distribution.
		const reach = telling.law === 'kuiper' ? pointOf(kuiperTail, level, 2) : Math.sqrt(-Math.log(level / 2) / 2);
		return Math.ceil(telling.memory * 2 * (reach / telling.distance) ** 2);
	}
	const { perRow, degrees, memory } = telling;
	return Math.ceil(
		(memory * Math.max(0, pointOf((value) => chiSquareTail(value, degrees), level, degrees + 10) - degrees)) /
			perRow /
			2,
	);
}

/** Where a tail that falls from 1 to 0 has fallen to `level`; looked for up to `high`, and beyond if need be. */
function pointOf(tail: (value: number) => number, level: number, high: number): number {
	let low = 0;
	while (tail(high) > level) high *= 2;
	for (let step = 0; step < 50; step++) {
		const middle = (low + high) / 2;
		if (tail(middle) > level) low = middle;
		else high = middle;
	}
	return high;
}
