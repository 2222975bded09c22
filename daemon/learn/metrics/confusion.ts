/** Rows by class and predicted class, and how far probabilities can be believed. */

/** Rows by class and predicted class, or what they weigh together. */
export function confusionOf(
	truth: ArrayLike<number>,
	predicted: ArrayLike<number>,
	classes: number,
	weights?: ArrayLike<number>,
): number[][] {
	const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
	for (let row = 0; row < truth.length; row++) {
		const line = counts[truth[row] as number] as number[];
		const at = predicted[row] as number;
		line[at] = (line[at] as number) + (weights === undefined ? 1 : (weights[row] as number));
	}
	return counts;
}

/** Tenths of the predicted probability (upper edge included, as scikit-learn's `calibration_curve`) that hold rows, from low to high: how many, their mean, and the share that was positive. */
export function calibrationOf(proba: Float64Array, truth: ArrayLike<number>, positive: number) {
	const bins = Array.from({ length: 10 }, () => ({ rows: 0, predicted: 0, observed: 0 }));
	for (let row = 0; row < truth.length; row++) {
		const given = proba[row] as number;
		const bin = bins[Math.min(9, Math.max(0, Math.ceil(given * 10) - 1))] as (typeof bins)[number];
		bin.rows += 1;
		bin.predicted += given;
		bin.observed += +(truth[row] === positive);
	}
	return bins
		.filter(({ rows }) => rows > 0)
		.map(({ rows, predicted, observed }) => ({ rows, predicted: predicted / rows, observed: observed / rows }));
}
