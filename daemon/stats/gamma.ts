/** The gamma function's logarithm and its upper incomplete form, from which the tails of distributions follow. */

/**
 * ln Γ(x) for x > 0, relative error below 1e-14: Stirling's series above 10, reached by Γ(x + 1) = x Γ(x) below.
 * Source: NIST DLMF 5.11.1 and 5.5.1. logGamma(0.5) = ln √π = 0.5723649429…
 */
export function logGamma(x: number): number {
	let shift = 0;
	let product = 1;
	while (x + shift < 10) {
		product *= x + shift;
		shift++;
	}
	const z = x + shift;
	const w = 1 / (z * z);
	const series =
		(1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - w * (691 / 360360 - w / 156)))))) / z;
	return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
}

const tiny = 1e-300;
const precision = 2 ** -53;

/**
 * Q(a, x) = Γ(a, x) / Γ(a), the regularized upper incomplete gamma function, for a > 0 and x >= 0: from 1 down to 0.
 * The series of the lower function below x = a + 1, Lentz's continued fraction above.
 * Source: NIST DLMF 8.11.4 and 8.9.2. Q(1, x) = exp(-x).
 */
export function upperGamma(a: number, x: number): number {
	if (x <= 0) return 1;
	if (x === Number.POSITIVE_INFINITY) return 0;
	const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
	return x < a + 1 ? 1 - scale * lowerSeries(a, x) : scale * upperFraction(a, x);
}

function lowerSeries(a: number, x: number): number {
	let term = 1 / a;
	let sum = term;
	for (let n = 1; term > sum * precision; n++) {
		term *= x / (a + n);
		sum += term;
	}
	return sum;
}

function upperFraction(a: number, x: number): number {
	let b = x + 1 - a;
	let c = 1 / tiny;
	let d = 1 / b;
	let value = d;
	for (let n = 1, change = 0; Math.abs(change - 1) > 2 * precision; n++) {
		const coefficient = -n * (n - a);
		b += 2;
		d = 1 / nonZero(coefficient * d + b);
		c = nonZero(b + coefficient / c);
		change = d * c;
		value *= change;
	}
	return value;
}

function nonZero(value: number): number {
	return Math.abs(value) < tiny ? tiny : value;
}
