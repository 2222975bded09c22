import { normalCdf } from './normal.ts';

/**
 * P(Q >= x) for Q = Σ weight · chi-square(1), independent of one another: what a squared distance of two samples is where both
 * come from one distribution. Weights above 0; within 2 % of itself also where it is tiny, 0.02 elsewhere.
 *
 * 0.6, 0.3 and 0.1 at 2: 0.1240 (Imhof, Biometrika 48 (1961) 419-426).
 * By Lugannani and Rice's saddlepoint approximation: Kuonen, Biometrika 86 (1999) 929-935.
 */
export function quadraticFormTail(weights: ArrayLike<number>, x: number): number {
	let [mean, variance, largest] = [0, 0, 0];
	for (let i = 0; i < weights.length; i++) {
		const weight = weights[i] as number;
		mean += weight;
		variance += 2 * weight * weight;
		largest = Math.max(largest, weight);
	}
	if (x <= 0 || largest === 0) return x <= 0 ? 1 : 0;
	// At the mean the formula is 0 / 0: a straight line leads over it.
	const near = 1e-3 * Math.sqrt(variance);
	if (Math.abs(x - mean) >= near) return clip(saddlepoint(weights, x, largest));
	const [left, right] = [saddlepoint(weights, mean - near, largest), saddlepoint(weights, mean + near, largest)];
	return clip(left + ((right - left) * (x - mean + near)) / (2 * near));
}

function clip(probability: number): number {
	return Math.min(1, Math.max(0, probability));
}

function saddlepoint(weights: ArrayLike<number>, x: number, largest: number): number {
	const at = rootOf(weights, x, largest);
	let [cumulant, second] = [0, 0];
	for (let i = 0; i < weights.length; i++) {
		const weight = weights[i] as number;
		const rest = 1 - 2 * at * weight;
		cumulant -= Math.log(rest) / 2;
		second += (2 * weight * weight) / (rest * rest);
	}
	const w = Math.sign(at) * Math.sqrt(Math.max(0, 2 * (at * x - cumulant)));
	const v = at * Math.sqrt(second);
	return normalCdf(-(w + Math.log(v / w) / w));
}

/** Where the slope of the cumulant function is x. It rises from 0 to infinity below 1 / (2 · the largest weight). */
function rootOf(weights: ArrayLike<number>, x: number, largest: number): number {
	const slope = (at: number) => {
		let sum = 0;
		for (let i = 0; i < weights.length; i++) sum += (weights[i] as number) / (1 - 2 * at * (weights[i] as number));
		return sum;
	};
	let [low, high] = [-1 / (2 * largest), 1 / (2 * largest)];
	while (slope(low) > x) low *= 2;
	for (let step = 0; step < 100; step++) {
		const middle = (low + high) / 2;
		if (slope(middle) > x) high = middle;
		else low = middle;
	}
	return (low + high) / 2;
}
