/** What boosting follows downhill: the loss of raw predictions, its first and its second derivative (Friedman 2001). */

export interface Loss {
	/** Raw numbers a row: 1, or one a class where there are three or more. */
	readonly outputs: number;
	/** The raw prediction, the same for all rows, that loses least. */
	start(): Float64Array;
	/** Writes both derivatives by one output for the rows. */
	derive(raw: Float64Array, output: number, rows: Uint32Array, gradient: Float64Array, weight: Float64Array): void;
	/** Mean loss over rows. */
	mean(raw: Float64Array, rows: Uint32Array): number;
}

/** Half the squared error; the mean is the squared error itself. */
export function squaredLoss(target: Float64Array, rows: Uint32Array): Loss {
	return {
		outputs: 1,
		start: () => Float64Array.of(rows.reduce((sum, row) => sum + (target[row] as number), 0) / rows.length),
		derive(raw, _output, of, gradient, weight) {
			for (const row of of) {
				gradient[row] = (raw[row] as number) - (target[row] as number);
				weight[row] = 1;
			}
		},
		mean: (raw, of) =>
			of.reduce((sum, row) => sum + ((raw[row] as number) - (target[row] as number)) ** 2, 0) / of.length,
	};
}

/** Log loss of two classes, by the log-odds of the second. `codes` are 0 and 1. */
export function logisticLoss(codes: Uint16Array, rows: Uint32Array): Loss {
	return {
		outputs: 1,
		start() {
			const share = rows.reduce((sum, row) => sum + (codes[row] as number), 0) / rows.length;
			return Float64Array.of(Math.log(share / (1 - share)));
		},
		derive(raw, _output, of, gradient, weight) {
			for (const row of of) {
				const p = 1 / (1 + Math.exp(-(raw[row] as number)));
				gradient[row] = p - (codes[row] as number);
				weight[row] = Math.max(p * (1 - p), 1e-16);
			}
		},
		mean(raw, of) {
			// −log p of the true class, as log(1 + e^−margin) without overflow.
			const one = (row: number) => {
				const margin = (codes[row] === 1 ? 1 : -1) * (raw[row] as number);
				return margin > 0 ? Math.log1p(Math.exp(-margin)) : -margin + Math.log1p(Math.exp(margin));
			};
			return of.reduce((sum, row) => sum + one(row), 0) / of.length;
		},
	};
}

/** Log loss of three or more classes by softmax, a raw number a class; `codes` are 0 to classes − 1. */
export function softmaxLoss(codes: Uint16Array, classes: number, rows: Uint32Array): Loss {
	const shift = (raw: Float64Array, from: number) => {
		let most = Number.NEGATIVE_INFINITY;
		for (let at = 0; at < classes; at++) most = Math.max(most, raw[from + at] as number);
		let sum = 0;
		for (let at = 0; at < classes; at++) sum += Math.exp((raw[from + at] as number) - most);
		return most + Math.log(sum);
	};
	return {
		outputs: classes,
		start() {
			const counts = new Float64Array(classes);
			for (const row of rows) counts[codes[row] as number] = (counts[codes[row] as number] as number) + 1;
			return counts.map((count) => Math.log(Math.max(count, 1e-9) / rows.length));
		},
		derive(raw, output, of, gradient, weight) {
			for (const row of of) {
				const p = Math.exp((raw[row * classes + output] as number) - shift(raw, row * classes));
				gradient[row] = p - +(codes[row] === output);
				weight[row] = Math.max(p * (1 - p), 1e-16);
			}
		},
		mean: (raw, of) =>
			of.reduce(
				(sum, row) => sum + shift(raw, row * classes) - (raw[row * classes + (codes[row] as number)] as number),
				0,
			) / of.length,
	};
}
