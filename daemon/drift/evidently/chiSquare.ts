import { chiSquareTail } from '../../stats/chiSquare.ts';
import type { Counts, Outcome } from './sample.ts';

/**
 * Do the current data follow the shares of the reference, as if those were known exactly? Pearson's one-sample chi-square:
 * Σ (O − E)² / E with E the counts of the reference brought to the size of the current data. As the reference is a sample
 * itself, it calls drift too often (`contingency.ts` is the test of two samples).
 *
 * The statistic is 0 or more, infinite for a category that is new; p, 1 to 0, is from chi-square with categories − 1
 * degrees. One category alone gives NaN, or 0 where
 * rounding parts the counts, as Evidently does.
 *
 * Worked value: 134, 67, 133, 66 against 88, 66, 83, 63 gives 12.9858, p = 0.00467.
 * Source: evidently.legacy.calculations.stattests.chisquare_stattest, scipy.stats.chisquare.
 */
export function oneSampleChiSquare({ reference, current, sizes }: Counts): Outcome {
	const scale = sizes.current / sizes.reference;
	let statistic = 0;
	for (let k = 0; k < reference.length; k++) {
		const expected = (reference[k] as number) * scale;
		statistic += ((current[k] as number) - expected) ** 2 / expected;
	}
	return withTail(statistic, reference.length - 1);
}

/**
 * The statistic with its p from chi-square. Without degrees of freedom SciPy gives NaN for a statistic of 0, and 0 for one
 * that rounding has lifted above it.
 */
export function withTail(statistic: number, freedom: number): Outcome {
	const p = freedom > 0 ? chiSquareTail(statistic, freedom) : statistic === 0 ? Number.NaN : 0;
	return { score: p, statistic, p };
}
