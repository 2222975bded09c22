/** How well predicted probabilities tell classes apart. */
import { rankingMetrics } from './anomalyMetrics.ts';

/** The class with the greatest probability, a row each; the first of equals. `probabilities` are row by row. */
function mostProbable(probabilities: Float64Array, classes: number): Uint16Array {
	const codes = new Uint16Array(probabilities.length / classes);
	for (let row = 0; row < codes.length; row++) {
		let best = 0;
		for (let one = 1; one < classes; one++) {
			if ((probabilities[row * classes + one] as number) > (probabilities[row * classes + best] as number)) best = one;
		}
		codes[row] = best;
	}
	return codes;
}

/**
 * `accuracy`, `log_loss` (natural logarithm, probabilities held over 1e-15), `precision`, `recall` and `f1`: of the second
 * class where there are two, else the mean over the classes that are there (macro; a class that is never predicted has a
 * precision of 0). With two classes both of which are there also `roc_auc` and `average_precision`.
 */
export function classificationMetrics(
	codes: Uint16Array,
	probabilities: Float64Array,
	classes: number,
): Record<string, number> {
	const rows = codes.length;
	const predicted = mostProbable(probabilities, classes);
	const hits = new Float64Array(classes);
	const called = new Float64Array(classes);
	const there = new Float64Array(classes);
	let loss = 0;
	for (let row = 0; row < rows; row++) {
		const code = codes[row] as number;
		const said = predicted[row] as number;
		hits[code] = (hits[code] as number) + +(code === said);
		called[said] = (called[said] as number) + 1;
		there[code] = (there[code] as number) + 1;
		loss -= Math.log(Math.max(probabilities[row * classes + code] as number, 1e-15));
	}
	const ofClass = (one: number) => {
		const hit = hits[one] as number;
		const precision = called[one] === 0 ? 0 : hit / (called[one] as number);
		const recall = there[one] === 0 ? 0 : hit / (there[one] as number);
		const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
		return { precision, recall, f1 };
	};
	const present = [...there.keys()].filter((one) => (there[one] as number) > 0);
	const measured = (classes === 2 ? [1] : present).map(ofClass);
	const mean = (of: 'precision' | 'recall' | 'f1') => measured.reduce((sum, one) => sum + one[of], 0) / measured.length;
	const both = classes === 2 && present.length === 2;
	return {
		accuracy: hits.reduce((sum, hit) => sum + hit, 0) / rows,
		log_loss: loss / rows,
		precision: mean('precision'),
		recall: mean('recall'),
		f1: mean('f1'),
		...(both && rankingMetrics(scoresOfFirst(probabilities), Int8Array.from(codes))),
	};
}

/** The probability of the first of two classes: low where the second is likely, as ranking takes it. */
function scoresOfFirst(probabilities: Float64Array): Float64Array {
	return Float64Array.from({ length: probabilities.length / 2 }, (_, row) => probabilities[2 * row] as number);
}
