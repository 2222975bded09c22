import { drawShare, drawUpTo, mersenneTwister, permute } from '../../../stats/mersenneTwister.ts';
import { quantile } from '../../../stats/quantile.ts';
import { rocAuc } from '../../../stats/rocAuc.ts';
import type { Failure, Outcome, TextSamples } from '../sample.ts';
import { learnClassifier } from './linearClassifier.ts';
import { learnWords, type WeightedWords } from './tfIdf.ts';

const seed = 42;
const scorings = 1000;

/**
 * Can a classifier tell current texts from those of the reference? It learns on one half of all texts and is tried on the
 * other; the score is its area under the ROC curve there, 0.5 where it cannot and 1 where it always can.
 *
 * With `byChance` it is held against what random scores reach: drift is an area above the quantile `threshold` (0.95) of
 * 1000 of them. Else drift is an area above `threshold` (0.55). Halves, order and random scores are drawn as Evidently
 * draws them, so the score is Evidently's but for rounding.
 *
 * Source: evidently.legacy.utils.data_drift_utils.calculate_text_drift_score, scikit-learn.
 */
export function textContentTest(
	{ reference, current }: TextSamples,
	threshold: number,
	byChance: boolean,
): Outcome | Failure {
	const n = reference.length;
	const all = n + current.length;
	const order = permute(
		Uint32Array.from({ length: all }, (_, row) => row),
		mersenneTwister(seed),
	);
	const tried = order.slice(0, Math.ceil(all / 2));
	const learned = order.slice(tried.length);
	const textOf = (row: number) => (row < n ? reference[row] : current[row - n]) as string;
	const labels = Int8Array.from(learned, (row) => (row < n ? -1 : 1));
	if (!labels.includes(1) || !labels.includes(-1)) {
		return { failure: 'Too few texts: the half to learn from holds one sample alone.' };
	}
	const vectorizer = learnWords(Array.from(learned, textOf));
	if (vectorizer === null) {
		return { failure: 'No words to compare: none stands in half of the texts or fewer, stop words left out.' };
	}
	const rows: WeightedWords[] = Array.from(learned, (row) => vectorizer.vectorize(textOf(row)));
	const chance = learnClassifier(rows, labels, vectorizer.size);
	const truth = Uint8Array.from(tried, (row) => +(row >= n));
	const score = rocAuc(
		Float64Array.from(tried, (row) => chance(vectorizer.vectorize(textOf(row)))),
		truth,
	);
	const border = byChance ? reachedByChance(truth, threshold) : threshold;
	return { score, statistic: score, p: null, drift: score > border };
}

/** The quantile `share` of the areas that random scores reach. */
function reachedByChance(truth: Uint8Array, share: number): number {
	const bits = mersenneTwister(seed);
	const areas = new Float64Array(scorings);
	const seeds = areas.map(() => drawUpTo(scorings * 10 - 1, bits));
	for (const [round, own] of seeds.entries()) {
		const drawn = mersenneTwister(own);
		areas[round] = rocAuc(
			Float64Array.from(truth, () => drawShare(drawn)),
			truth,
		);
	}
	return quantile(areas.sort(), share);
}
