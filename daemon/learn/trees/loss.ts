/** What boosting follows downhill: the loss of raw predictions, its first and its second derivative (Friedman 2001). */

/** What is learned, by row; it may be sent to threads. */
export interface LossTarget {
	readonly answer:
		| { readonly kind: 'numbers'; readonly values: Float64Array }
		/** Codes are 0 to classes − 1. */
		| { readonly kind: 'classes'; readonly codes: Uint16Array; readonly classes: number };
	/** How much each row counts; null for all alike. */
	readonly weights: Float64Array | null;
}

export interface Loss {
	/** Raw numbers a row: 1, or one a class where there are three or more. */
	readonly outputs: number;
	/** The raw prediction, the same for all rows, that loses least. */
	start(rows: Uint32Array): Float64Array;
	/** What a gradient or a weight of a row that counts once is at most; null where that is not known before. */
	readonly bound: number | null;
	/**
	 * Writes gradient and weight (second derivative) by one output of `rows[from..to)` to `pairs`, one after the other.
	 * Returns the sum of what these rows lose, each as much as it weighs.
	 */
	derive(raw: Float64Array, output: number, rows: Uint32Array, from: number, to: number, pairs: Float64Array): number;
	/** Loss of one row, counted once whatever it weighs. */
	at(raw: Float64Array, row: number): number;
}

/** Half the squared error for numbers (the loss told is the squared error itself), log loss for classes. */
export function lossOf({ answer, weights }: LossTarget): Loss {
	const weightOf = weights === null ? () => 1 : (row: number) => weights[row] as number;
	if (answer.kind === 'numbers') return squaredLoss(answer.values, weightOf);
	const { codes, classes } = answer;
	return classes === 2 ? logisticLoss(codes, weightOf) : softmaxLoss(codes, classes, weightOf);
}

/** Mean over rows, each as much as it weighs. */
export function meanLoss(loss: Loss, raw: Float64Array, rows: Uint32Array, weights: Float64Array | null): number {
	let [sum, all] = [0, 0];
	for (const row of rows) {
		const weight = weights === null ? 1 : (weights[row] as number);
		sum += weight * loss.at(raw, row);
		all += weight;
	}
	return sum / all;
}

type WeightOf = (row: number) => number;
/** So that no row is without weight where a probability is all but certain. */
const leastCurvature = 1e-16;

function squaredLoss(target: Float64Array, weightOf: WeightOf): Loss {
	return {
		outputs: 1,
		bound: null,
		start(rows) {
			let [sum, all] = [0, 0];
			for (const row of rows) {
				sum += weightOf(row) * (target[row] as number);
				all += weightOf(row);
			}
			return Float64Array.of(sum / all);
		},
		derive(raw, _output, rows, from, to, pairs) {
			let lost = 0;
			for (let at = from, place = 0; at < to; at++, place += 2) {
				const row = rows[at] as number;
				const weight = weightOf(row);
				const off = (raw[row] as number) - (target[row] as number);
				pairs[place] = weight * off;
				pairs[place + 1] = weight;
				lost += weight * off * off;
			}
			return lost;
		},
		at: (raw, row) => ((raw[row] as number) - (target[row] as number)) ** 2,
	};
}

/** By the log-odds of the second class. */
function logisticLoss(codes: Uint16Array, weightOf: WeightOf): Loss {
	return {
		outputs: 1,
		bound: 1,
		start(rows) {
			let [second, all] = [0, 0];
			for (const row of rows) {
				second += weightOf(row) * (codes[row] as number);
				all += weightOf(row);
			}
			return Float64Array.of(Math.log(second / (all - second)));
		},
		derive(raw, _output, rows, from, to, pairs) {
			let lost = 0;
			for (let at = from, place = 0; at < to; at++, place += 2) {
				const row = rows[at] as number;
				const weight = weightOf(row);
				const odds = raw[row] as number;
				const code = codes[row] as number;
				// e^−|odds| is never too large.
				const small = Math.exp(-Math.abs(odds));
				const p = (odds >= 0 ? 1 : small) / (1 + small);
				pairs[place] = weight * (p - code);
				pairs[place + 1] = weight * Math.max(small / ((1 + small) * (1 + small)), leastCurvature);
				const margin = code === 1 ? odds : -odds;
				lost += weight * (Math.log1p(small) + Math.max(0, -margin));
			}
			return lost;
		},
		at(raw, row) {
			// −log p of the true class, as log(1 + e^−margin) without overflow.
			const margin = (codes[row] === 1 ? 1 : -1) * (raw[row] as number);
			return margin > 0 ? Math.log1p(Math.exp(-margin)) : -margin + Math.log1p(Math.exp(margin));
		},
	};
}

/** By softmax, a raw number a class. */
function softmaxLoss(codes: Uint16Array, classes: number, weightOf: WeightOf): Loss {
	const shift = (raw: Float64Array, from: number) => {
		let most = Number.NEGATIVE_INFINITY;
		for (let at = 0; at < classes; at++) most = Math.max(most, raw[from + at] as number);
		let sum = 0;
		for (let at = 0; at < classes; at++) sum += Math.exp((raw[from + at] as number) - most);
		return most + Math.log(sum);
	};
	return {
		outputs: classes,
		bound: 1,
		start(rows) {
			const counts = new Float64Array(classes);
			let all = 0;
			for (const row of rows) {
				counts[codes[row] as number] = (counts[codes[row] as number] as number) + weightOf(row);
				all += weightOf(row);
			}
			return counts.map((count) => Math.log(Math.max(count / all, 1e-15)));
		},
		derive(raw, output, rows, from, to, pairs) {
			let lost = 0;
			for (let at = from, place = 0; at < to; at++, place += 2) {
				const row = rows[at] as number;
				const weight = weightOf(row);
				const whole = shift(raw, row * classes);
				const p = Math.exp((raw[row * classes + output] as number) - whole);
				pairs[place] = weight * (p - +(codes[row] === output));
				pairs[place + 1] = weight * Math.max(p * (1 - p), leastCurvature);
				lost += weight * (whole - (raw[row * classes + (codes[row] as number)] as number));
			}
			return lost;
		},
		at: (raw, row) => shift(raw, row * classes) - (raw[row * classes + (codes[row] as number)] as number),
	};
}
