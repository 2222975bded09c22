/** The distribution of the largest difference between an empirical and the true distribution function of n values. */
import { logGamma } from './gamma.ts';

/**
 * P(D >= distance) for the two-sided one-sample Kolmogorov-Smirnov statistic of `n` values, 0 to 1.
 * kolmogorovTail(10, 0.274) = 1 - 0.62847961…, the value that Marsaglia, Tsang and Wang print.
 * Which method where: Simard and L'Ecuyer, Journal of Statistical Software 39 (2011) 11, as in SciPy's kstwo.
 */
export function kolmogorovTail(n: number, distance: number): number {
	const scaled = n * distance;
	if (distance >= 1) return 0;
	if (scaled <= 0.5) return 1;
	const square = scaled * distance;
	if (scaled >= n - 1) return clip(2 * (1 - distance) ** n);
	if (distance >= 0.5 || square >= (n <= 140 ? 4 : 2.2)) return clip(2 * oneSidedTail(n, distance));
	const small = n <= 140 || (n <= 100_000 && n * distance ** 1.5 <= 1.4);
	return clip(1 - (small ? durbin(n, distance) : pelzGood(n, distance)));
}

function clip(probability: number): number {
	return Math.min(1, Math.max(0, probability));
}

/**
 * From so many values on, only some terms of Smirnov's sum are taken. They lie on a smooth curve that is flat at both ends,
 * whose sum every k-th of them gives to the rounding of its logarithms (1e-10).
 */
const longestSum = 20_000;
const sparseTerms = 4000;

/**
 * P(D+ >= d) by Smirnov's sum (Birnbaum and Tingey, Annals of Mathematical Statistics 22 (1951) 592-596). Twice this is
 * the two-sided tail, but for events so rare that both sides are reached.
 */
function oneSidedTail(n: number, d: number): number {
	const all = logGamma(n + 1);
	let sum = 0;
	const stride = n < longestSum ? 1 : Math.floor(n / sparseTerms);
	for (let j = Math.floor(n * (1 - d)); j >= 0; j -= stride) {
		const rest = 1 - d - j / n;
		const choices = all - logGamma(j + 1) - logGamma(n - j + 1);
		const last = j === n ? 0 : (n - j) * Math.log(rest);
		if (rest > 0 || j === n) sum += Math.exp(choices + (j - 1) * Math.log(d + j / n) + last);
	}
	return d * sum * stride;
}

/**
 * P(D < d) exactly, as an element of the n-th power of a matrix.
 * Source: Marsaglia, Tsang and Wang, Journal of Statistical Software 8 (2003) 18, after Durbin.
 */
function durbin(n: number, d: number): number {
	const k = Math.floor(n * d) + 1;
	const size = 2 * k - 1;
	const h = k - n * d;
	const matrix = new Float64Array(size * size);
	for (let i = 0; i < size; i++) {
		for (let j = 0; j < size; j++) matrix[i * size + j] = i - j + 1 < 0 ? 0 : 1;
	}
	for (let i = 0; i < size; i++) {
		matrix[i * size] = (matrix[i * size] as number) - h ** (i + 1);
		const last = (size - 1) * size + i;
		matrix[last] = (matrix[last] as number) - h ** (size - i);
	}
	const corner = (size - 1) * size;
	matrix[corner] = (matrix[corner] as number) + (2 * h - 1 > 0 ? (2 * h - 1) ** size : 0);
	for (let i = 0; i < size; i++) {
		for (let j = 0; j <= Math.min(size - 1, i + 1); j++) {
			for (let g = 1; g <= i - j + 1; g++) matrix[i * size + j] = (matrix[i * size + j] as number) / g;
		}
	}
	const raised = power(matrix, size, n, k - 1);
	let exponent = raised.exponent;
	let value = raised.matrix[(k - 1) * size + k - 1] as number;
	for (let i = 1; i <= n; i++) {
		value = (value * i) / n;
		if (value < 1e-140) {
			value *= 1e140;
			exponent -= 140;
		}
	}
	return value * 10 ** exponent;
}

interface Scaled {
	matrix: Float64Array;
	exponent: number;
}

/** matrix^n, kept in range by powers of ten that `exponent` counts. */
function power(matrix: Float64Array, size: number, n: number, middle: number): Scaled {
	if (n === 1) return { matrix, exponent: 0 };
	const half = power(matrix, size, n >> 1, middle);
	let result: Scaled = { matrix: product(half.matrix, half.matrix, size), exponent: 2 * half.exponent };
	if (n % 2 === 1) result = { ...result, matrix: product(matrix, result.matrix, size) };
	if ((result.matrix[middle * size + middle] as number) > 1e140) {
		result = { matrix: result.matrix.map((value) => value * 1e-140), exponent: result.exponent + 140 };
	}
	return result;
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
	const c = new Float64Array(size * size);
	for (let i = 0; i < size; i++) {
		for (let k = 0; k < size; k++) {
			const factor = a[i * size + k] as number;
			for (let j = 0; j < size; j++) {
				c[i * size + j] = (c[i * size + j] as number) + factor * (b[k * size + j] as number);
			}
		}
	}
	return c;
}

/** P(D < d) for many values, by four terms of an expansion in 1/√n. Source: Pelz and Good, JRSS B 38 (1976) 152-156. */
function pelzGood(n: number, d: number): number {
	const z = d * Math.sqrt(n);
	const z2 = z * z;
	const z4 = z2 * z2;
	const z6 = z4 * z2;
	const pi2 = Math.PI ** 2;
	let [k0, k1, k2, k3] = [0, 0, 0, 0];
	for (let k = Math.ceil((16 * z) / Math.PI); k >= 1; k--) {
		const odd = pi2 * (k - 0.5) ** 2;
		const weight = Math.exp(-odd / (2 * z2));
		k0 += weight;
		k1 += weight * (odd - z2);
		k2 += weight * (6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * odd + (1 - 2 * z2) * odd ** 2);
		k3 +=
			weight *
			((5 - 30 * z2) * odd ** 3 +
				(212 * z4 - 60 * z2) * odd ** 2 +
				(135 * z4 - 96 * z6) * odd -
				30 * z6 -
				90 * z6 * z2);
	}
	let [extra2, extra3] = [0, 0];
	for (let k = Math.ceil((16 * z) / Math.PI); k >= 1; k--) {
		const whole = pi2 * k * k;
		const weight = Math.exp(-whole / (2 * z2));
		extra2 += weight * whole;
		extra3 += weight * whole * (3 * z2 - whole);
	}
	const root = Math.sqrt(2 * Math.PI);
	const terms = [
		(root * k0) / z,
		(root * k1) / (6 * z4),
		root * (k2 / (72 * z4 * z2 * z) - extra2 / (36 * z2 * z)),
		root * (k3 / (6480 * z6 * z4) + extra3 / (216 * z6)),
	];
	return terms.reduce((sum, term, order) => sum + term / n ** (order / 2), 0);
}
