/** Adam (Kingma and Ba 2015), with the constants that Keras has. */

const [first, second, least] = [0.9, 0.999, 1e-7];

/** Moves parameters against a gradient, in place, one step a call. */
export function createAdam(count: number, learningRate: number) {
	const means = new Float64Array(count);
	const squares = new Float64Array(count);
	let step = 0;
	return (parameters: Float64Array, gradient: Float64Array): void => {
		step++;
		const rate = (learningRate * Math.sqrt(1 - second ** step)) / (1 - first ** step);
		for (let index = 0; index < count; index++) {
			const slope = gradient[index] as number;
			const mean = (means[index] as number) + (1 - first) * (slope - (means[index] as number));
			const square = (squares[index] as number) + (1 - second) * (slope * slope - (squares[index] as number));
			means[index] = mean;
			squares[index] = square;
			parameters[index] = (parameters[index] as number) - (rate * mean) / (Math.sqrt(square) + least);
		}
	};
}
