import { moments } from './moments.ts';
import { studentTails } from './studentT.ts';

/** What a test of two samples says. */
export interface TestResult {
	statistic: number;
	/** The chance of a statistic at least as extreme when both samples come from one population. */
	p: number;
}

/**
 * Do two samples have the same mean? Student's test with the pooled variance, two-sided: it supposes equal variances, and
 * normal values where the samples are small.
 *
 * `reference` and `current` are finite values in any order, three at least in all. The statistic is the difference of the
 * means in standard errors, without end on either side; p is 0 to 1. Where nothing varies, different means give an
 * infinite statistic and p = 0, the same mean gives NaN for both; so does a sample of one value, as in SciPy.
 *
 * Worked value: 1 2 3 4 against 3 4 5 6 gives t = -2.1909, p = 0.0710.
 * Source: Student, Biometrika 6 (1908) 1-25; SciPy's ttest_ind.
 */
export function tTest(reference: Float64Array, current: Float64Array): TestResult {
	const [n, m] = [reference.length, current.length];
	const [first, second] = [moments(reference), moments(current)];
	const freedom = n + m - 2;
	const pooled = (first.squares + second.squares) / freedom;
	const statistic = (first.mean - second.mean) / Math.sqrt(pooled * (1 / n + 1 / m));
	return { statistic, p: studentTails(statistic, freedom) };
}
