import { fisherExactTest } from '../../stats/fisherExact.ts';
import type { Counts, Failure, Outcome } from './sample.ts';

/**
 * Fisher's exact test (`fisherExactTest`) under Evidently's conditions: two samples of equal size, two categories in all.
 * Where each sample has two and both together three or four, Evidently maps them by the order of a Python set, which
 * changes from run to run; here that is a failure too. The statistic is the difference of the shares.
 *
 * Worked value: 10 of 20 against 15 of 20 gives p = 0.1908.
 */
export function fisherTest({ reference, current, sizes }: Counts): Outcome | Failure {
	if (sizes.reference !== sizes.current) {
		return {
			failure: `Evidently’s Fisher test needs samples of equal size: ${sizes.reference} and ${sizes.current} values.`,
		};
	}
	if (reference.length > 2) return { failure: 'Fisher’s exact test needs two categories at most.' };
	const [a, b] = [current[0] as number, current[1] ?? 0];
	const [c, d] = [reference[0] as number, reference[1] ?? 0];
	const p = fisherExactTest(a, b, c, d);
	return { score: p, statistic: a / sizes.current - c / sizes.reference, p };
}
