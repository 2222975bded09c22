import { chiSquareTail } from './chiSquare.ts';

/** A level of blocks passes for white noise unless chance alone would hang its blocks together so much in 1 of 20 cases. */
const level = 0.05;

/** The series in blocks of 2^k rows. */
interface Blocked {
	blocks: number;
	variance: number;
	/** Autocovariance of neighbouring blocks. */
	lag: number;
}

/**
 * How many rows of a series say as much about its mean as one independent row? The integrated autocorrelation time, from 1
 * (the order of the rows tells nothing) to the length (a series that never forgets). An AR(1) series with correlation ρ has
 * (1 + ρ) / (1 − ρ): 19 for 0.9.
 *
 * By blocking: neighbours are added up, pairs become rows, until the blocks pass for white noise; the spread of those blocks
 * is that of the mean. What memory the last blocks may still have is taken as that of an AR(1) series, with its correlation
 * corrected for the few blocks (Kendall 1954). One pass over n + n/2 + … values. `series` holds the first `length` of small
 * whole numbers, or numbers around 0: sums of squares are formed without centring.
 *
 * Source: Flyvbjerg and Petersen, J. Chem. Phys. 91 (1989) 461-466; the choice of the level: Jonsson, Phys. Rev. E 98 (2018)
 * 043304.
 */
export function autocorrelationTime(series: Float64Array, length = series.length): number {
	const levels = blockLevels(series, length);
	const [rows] = levels;
	if (rows === undefined || !(rows.variance > 0)) return 1;
	const chosen = firstWhite(levels);
	if (chosen === 0) return 1;
	const { blocks, variance, lag } = levels[chosen] as Blocked;
	const ofMean = variance / (blocks - 1);
	const seen = variance > 0 ? lag / variance : 0;
	const left = Math.min(0.8, Math.max(0, seen + (1 + 3 * seen) / blocks));
	const time = (ofMean / (rows.variance / (length - 1))) * ((1 + left) / (1 - left));
	return Math.min(length, Math.max(1, time));
}

function blockLevels(series: Float64Array, length: number): Blocked[] {
	const levels: Blocked[] = [];
	const sums = new Float64Array(length >> 1);
	let values = series;
	for (let blocks = length, size = 1; blocks >= 2; blocks >>= 1, size *= 2) {
		levels.push(blocked(values, sums, blocks, size));
		values = sums;
	}
	return levels;
}

/** Figures of one level; the sums of its pairs go to `pairs`, which may be `values` itself. */
function blocked(values: Float64Array, pairs: Float64Array, blocks: number, size: number): Blocked {
	const first = values[0] as number;
	let [sum, squares, products, before] = [0, 0, 0, 0];
	for (let i = 0; i + 1 < blocks; i += 2) {
		const one = values[i] as number;
		const other = values[i + 1] as number;
		sum += one + other;
		squares += one * one + other * other;
		products += before * one + one * other;
		before = other;
		pairs[i >> 1] = one + other;
	}
	if (blocks % 2 === 1) {
		const last = values[blocks - 1] as number;
		sum += last;
		squares += last * last;
		products += before * last;
		before = last;
	}
	const mean = sum / blocks;
	const scale = blocks * size * size;
	return {
		blocks,
		variance: (squares - blocks * mean * mean) / scale,
		lag: (products - mean * (2 * sum - first - before) + (blocks - 1) * mean * mean) / scale,
	};
}

/** Jonsson's statistic sums over all levels from k on; the first k where it is not above chance is the level to take. */
function firstWhite(levels: readonly Blocked[]): number {
	const above = new Float64Array(levels.length);
	let sum = 0;
	for (let k = levels.length - 1; k >= 0; k--) {
		const { blocks, variance, lag } = levels[k] as Blocked;
		if (variance > 0) sum += (blocks * (((blocks - 1) * variance) / blocks ** 2 + lag) ** 2) / variance ** 2;
		above[k] = sum;
	}
	const white = above.findIndex((statistic, k) => chiSquareTail(statistic, levels.length - k) > level);
	return white < 0 ? levels.length - 1 : white;
}
