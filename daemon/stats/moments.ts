/**
 * Mean, and sum of the squared distances from it, of finite numbers; NaN and 0 of none. In two passes, so that a spread
 * that is small beside the mean is not lost. Values 2, 4, 9: mean 5, squares 9 + 1 + 16 = 26.
 */
export function moments(values: Float64Array | Float32Array): { mean: number; squares: number } {
	let sum = 0;
	for (let i = 0; i < values.length; i++) sum += values[i] as number;
	const mean = sum / values.length;
	let squares = 0;
	for (let i = 0; i < values.length; i++) {
		const gap = (values[i] as number) - mean;
		squares += gap * gap;
	}
	return { mean, squares };
}
