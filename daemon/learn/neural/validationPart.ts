/** The rows that a net does not learn from, so that they can say when to stop and what error is usual. */
import { PerchError } from '../../protocol/errors.ts';
import { createRandom, shuffle } from '../../stats/random.ts';
import type { Labels } from '../metrics/anomalyMetrics.ts';
import type { NetParts } from './trainEpochs.ts';

/**
 * Parts the rows that are not labelled as anomalies by the seed. Throws `empty_data` where there are fewer than two.
 */
export function cleanParts(rows: number, labels: Labels | null, share: number, seed: number): NetParts {
	const clean = Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => labels?.[row] !== 1);
	if (clean.length < 2) {
		throw new PerchError(
			'empty_data',
			`Of ${rows} rows ${clean.length} can be learned from: the others are anomalies.`,
			{
				field: 'data.target',
				hint: 'A net learns what is normal: give rows that are, or check which value of the target marks anomalies.',
			},
		);
	}
	shuffle(clean, createRandom(seed, 'validation'));
	const count = Math.min(clean.length - 1, Math.max(1, Math.round(share * clean.length)));
	return { validation: clean.slice(0, count).sort(), train: clean.slice(count).sort() };
}
