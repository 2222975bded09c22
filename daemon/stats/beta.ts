import { logGamma } from './gamma.ts';

const tiny = 1e-300;
const precision = 2 ** -52;

/**
 * I(x; a, b), the regularized incomplete beta function for a, b > 0 and x in 0..1: from 0 up to 1. Lentz's continued
 * fraction on the side where it converges fast. Source: NIST DLMF 8.17.22. regularizedBeta(0.5, 2, 3) = 0.6875.
 */
export function regularizedBeta(x: number, a: number, b: number): number {
	if (x <= 0) return 0;
	if (x >= 1) return 1;
	if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
	const scale = Math.exp(
		a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b) - Math.log(a),
	);
	return Math.min(1, scale / fraction(x, a, b));
}

function fraction(x: number, a: number, b: number): number {
	let c = 1;
	let d = 0;
	let value = 1;
	for (let n = 1, change = 0; Math.abs(change - 1) > precision && n < 100_000; n++) {
		const m = n >> 1;
		const coefficient =
			n % 2 === 0
				? (m * (b - m) * x) / ((a + n - 1) * (a + n))
				: (-(a + m) * (a + b + m) * x) / ((a + n - 1) * (a + n));
		d = 1 / nonZero(1 + coefficient * d);
		c = nonZero(1 + coefficient / c);
		change = c * d;
		value *= change;
	}
	return value;
}

function nonZero(value: number): number {
	return Math.abs(value) < tiny ? tiny : value;
}
