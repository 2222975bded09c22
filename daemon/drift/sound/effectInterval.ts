/** Which effects do two samples allow for? 95 % intervals of the effects, and the rows that would tell one from chance. */
import { chiSquareTail } from '../../stats/chiSquare.ts';
import { centralityInterval } from '../../stats/noncentralChiSquare.ts';
import { normalQuantile } from '../../stats/normal.ts';

/** How the p-value of an effect falls as rows are added, of which `memory` count as one. */
export type Telling =
	| { law: 'kolmogorov'; distance: number; memory: number }
	/** Each row of both samples together adds `perRow` to a chi-square statistic. */
	| { law: 'chi_square'; perRow: number; degrees: number; memory: number };

export interface Interval {
	low: number;
	high: number;
}

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
export function distanceInterval(
	distance: number,
	{ reference, current }: { reference: number; current: number },
): Interval {
	const unit = Math.sqrt(1 / reference + 1 / current);
	return { low: Math.max(0, distance - bandReach * unit), high: Math.min(1, distance + shareReach * unit) };
}

/**
 * Of an effect whose square is a chi-square statistic over `rows`, such as Cramér's V (one `perRow` each) or PSI: from the
 * non-centralities that fit the statistic (Steiger and Fouladi 1997).
 */
export function centralityPerRow(statistic: number, degrees: number, rows: number): Interval {
	const { low, high } = centralityInterval(statistic, degrees);
	return { low: low / rows, high: high / rows };
}

/** About how many rows a side give an effect of this size a p-value of `level`. */
export function rowsToTell(telling: Telling, level: number): number {
	if (telling.law === 'kolmogorov') {
		// The first term of Kolmogorov's distribution.
		const reach = Math.sqrt(-Math.log(level / 2) / 2);
		return Math.ceil(telling.memory * 2 * (reach / telling.distance) ** 2);
	}
	const { perRow, degrees, memory } = telling;
	return Math.ceil((memory * Math.max(0, chiSquareAt(level, degrees) - degrees)) / perRow / 2);
}

/** The statistic that chance exceeds with probability `level`. */
function chiSquareAt(level: number, degrees: number): number {
	let [low, high] = [0, degrees + 10];
	while (chiSquareTail(high, degrees) > level) high *= 2;
	for (let step = 0; step < 50; step++) {
		const middle = (low + high) / 2;
		if (chiSquareTail(middle, degrees) > level) low = middle;
		else high = middle;
	}
	return high;
}
