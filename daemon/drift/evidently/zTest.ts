import { normalCdf } from '../../stats/normal.ts';
import type { Counts, Failure, Outcome } from './sample.ts';

/**
 * Did the share of one category change? The z-test for two proportions with the pooled share, two-sided. The category is
 * the first one; all others count together.
 *
 * The statistic is normal without drift; p is 0 to 1. A single category in both samples gives p = 1.
 *
 * Worked value: 200 and 100 of 300 against 150 and 50 of 200 gives z = −1.9920, p = 0.0464.
 * Source: evidently.legacy.calculations.stattests.z_stattest.
 */
export function zTest({ reference, current, sizes, mixed }: Counts): Outcome | Failure {
	if (mixed)
		return { failure: 'One sample holds text and the other numbers, which have no order to choose a first of.' };
	if (reference.length === 1) return { score: 1, statistic: 0, p: 1 };
	const [n, m] = [sizes.reference, sizes.current];
	const [first, second] = [n - (reference[0] as number), m - (current[0] as number)];
	const pooled = (first + second) / (n + m);
	const statistic = (first / n - second / m) / Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
	const p = 2 * normalCdf(-Math.abs(statistic));
	return { score: p, statistic, p };
}
