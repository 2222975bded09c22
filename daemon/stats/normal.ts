import { upperGamma } from './gamma.ts';

/**
 * P(Z <= x) of the standard normal distribution, 0 to 1, without loss in either tail.
 * normalCdf(1.959963984540054) = 0.975. Source: erfc(x) = Q(1/2, x^2), NIST DLMF 7.11.2.
 */
export function normalCdf(x: number): number {
	const tail = upperGamma(0.5, (x * x) / 2) / 2;
	return x <= 0 ? tail : 1 - tail;
}

const central = {
	a: [
		-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
		2.506628277459239,
	],
	b: [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1],
};
const tails = {
	a: [
		-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
		2.938163982698783,
	],
	b: [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1],
};

/**
 * The x below which a standard normal value lies with probability p, for p in 0..1 (the ends give infinities).
 * normalQuantile(0.975) = 1.959963984540054. Source: P. J. Acklam's rational approximation (relative error 1.15e-9),
 * refined by one step of Halley's method.
 */
export function normalQuantile(p: number): number {
	if (p <= 0) return Number.NEGATIVE_INFINITY;
	if (p >= 1) return Number.POSITIVE_INFINITY;
	if (p > 0.5) return -normalQuantile(1 - p);
	const rough = p < 0.02425 ? lowerTail(p) : middle(p);
	const error = (normalCdf(rough) - p) * Math.sqrt(2 * Math.PI) * Math.exp((rough * rough) / 2);
	return rough - error / (1 + (rough * error) / 2);
}

function lowerTail(p: number): number {
	const q = Math.sqrt(-2 * Math.log(p));
	return polynomial(tails.a, q) / polynomial(tails.b, q);
}

function middle(p: number): number {
	const q = p - 0.5;
	return (polynomial(central.a, q * q) * q) / polynomial(central.b, q * q);
}

function polynomial(coefficients: readonly number[], x: number): number {
	return coefficients.reduce((value, coefficient) => value * x + coefficient, 0);
}
