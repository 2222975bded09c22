import { kolmogorovTail } from './kolmogorov.ts';

/**
 * How far apart are two distributions at most? The Kolmogorov-Smirnov distance: the largest difference between the two
 * empirical distribution functions, 0 to 1. Both samples ascending and not empty; equal values are passed together.
 * ksDistance([1, 2, 3], [2, 3, 4]) = 1/3. Source: Hodges, Arkiv för Matematik 3 (1958) 469-486.
 */
export function ksDistance(a: Float64Array, b: Float64Array): number {
	const [n, m] = [a.length, b.length];
	let [i, j] = [0, 0];
	// |i/n - j/m| = |i m - j n| / (n m): in whole numbers, so that ties end on exactly the same difference.
	let widest = 0;
	while (i < n && j < m) {
		const value = Math.min(a[i] as number, b[j] as number);
		while (i < n && (a[i] as number) <= value) i++;
		while (j < m && (b[j] as number) <= value) j++;
		widest = Math.max(widest, Math.abs(i * m - j * n));
	}
	return widest / (n * m);
}

/** Up to this many values in the larger sample the exact distribution is computed, as SciPy's method `auto` does. */
const largestExact = 10_000;

/**
 * How likely is a distance of at least `distance` between samples of `n` and `m` values of one continuous distribution?
 * Two-sided, 0 to 1. Exact up to 10,000 values a side, else the one-sample distribution for n m / (n + m) values.
 * ksPValue(0.10333333333333333, 400, 300) = 0.04832862328717208. Source: Hodges 1958; SciPy's ks_2samp.
 */
export function ksPValue(distance: number, n: number, m: number): number {
	return Math.max(n, m) <= largestExact ? exact(distance, n, m) : asymptoticKsPValue(distance, n, m);
}

/** The same for large samples: Kolmogorov's distribution for n m / (n + m) values, rounded. */
export function asymptoticKsPValue(distance: number, n: number, m: number): number {
	return kolmogorovTail(Math.max(1, Math.round((n * m) / (n + m))), distance);
}

/**
 * Both samples together in order are a path of n steps right and m steps up. All paths are equally likely, and the distance
 * is reached by those that leave the band |i/n - j/m| < distance. share[j] is the share of such paths to (i, j):
 * share(i, j) = (i share(i-1, j) + j share(i, j-1)) / (i + j), and 1 outside the band.
 */
function exact(distance: number, n: number, m: number): number {
	const divisor = greatestDivisor(n, m);
	const [stepN, stepM] = [n / divisor, m / divisor];
	const limit = Math.round(distance * stepN * m);
	if (limit === 0) return 1;
	const share = new Float64Array(m + 1).fill(1);
	let low = 0;
	for (let i = 0; i <= n; i++) {
		const first = Math.max(0, Math.floor((stepM * i - limit) / stepN) + 1);
		const end = Math.min(m + 1, Math.ceil((stepM * i + limit) / stepN));
		if (end <= first) return 1;
		share.fill(1, low, first);
		low = first;
		let below = first === 0 ? 0 : 1;
		if (i === 0) share.fill(0, 0, end);
		else {
			for (let j = first; j < end; j++) {
				below = ((share[j] as number) * i + below * j) / (i + j);
				share[j] = below;
			}
		}
	}
	return share[m] as number;
}

function greatestDivisor(a: number, b: number): number {
	return b === 0 ? a : greatestDivisor(b, a % b);
}
