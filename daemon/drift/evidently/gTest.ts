import { withTail } from './chiSquare.ts';
import type { Counts, Failure, Outcome } from './sample.ts';

/** By how much the sums may differ in SciPy: the root of the precision of a double. */
const tolerance = 1.4901161193847656e-8;

/**
 * Do the current counts equal those of the reference? The likelihood ratio 2 Σ O ln(O / E) with the raw counts of the
 * reference as expectation. Evidently does not bring them to the size of the current data, so the test has an answer for
 * samples of equal size alone, and a failure else.
 *
 * The statistic is 0 or more up to rounding; p, 1 to 0, is from chi-square with categories − 1 degrees, NaN for one alone.
 *
 * Worked value: 10, 20, 30 against 15, 20, 25 gives 3.0481, p = 0.2178.
 * Source: evidently.legacy.calculations.stattests.g_stattest, scipy.stats.power_divergence.
 */
export function gTest({ reference, current, sizes }: Counts): Outcome | Failure {
	const least = Math.min(sizes.reference, sizes.current);
	if (Math.abs(sizes.reference - sizes.current) > tolerance * least) {
		return {
			failure: `Evidently’s G-test needs samples of equal size: ${sizes.reference} and ${sizes.current} values.`,
		};
	}
	let sum = 0;
	for (let k = 0; k < reference.length; k++) {
		const found = current[k] as number;
		if (found > 0) sum += found * Math.log(found / (reference[k] as number));
	}
	return withTail(2 * sum, reference.length - 1);
}
