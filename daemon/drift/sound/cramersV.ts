import { centralityPerRow, type Interval } from './effectInterval.ts';

/**
 * How strongly do categories depend on the sample, whatever the number of rows? Cramér's V of the 2 × K table with the
 * bias correction of Bergsma (2013), 0 to 1. `statistic` is Pearson's X squared over `categories`, `rows` in both samples.
 *
 * Worked value: X squared 7.0409, 4 categories, 700 rows gives 0.0760 (0.1003 without the correction).
 */
export function cramersV(statistic: number, categories: number, rows: number): number {
	return corrected(statistic / rows, categories, rows);
}

/**
 * Cramér's V as it would be if both samples had the same number of rows. V itself falls when one sample is much smaller:
 * a coin that goes from 50 to 80 % heads has V = 0.31 with 1,000 rows against 1,000, and 0.06 with 100,000 against 1,000.
 * This stays at 0.31, so that one floor serves any two sizes.
 *
 * With shares p and q it is the root of half the sum of (p − q)² / (p + q), corrected for chance as V is, at
 * 4nm / (n + m) rows. With equal sizes it is Bergsma's V. `reference` and `current` are counts, not both empty.
 */
export function balancedV(reference: ArrayLike<number>, current: ArrayLike<number>): number {
	const { association, categories, rows } = balanced(reference, current);
	return corrected(association, categories, rows);
}

/** The values of `balancedV` that the samples allow for, with 95 % confidence. */
export function balancedInterval(reference: ArrayLike<number>, current: ArrayLike<number>): Interval {
	const { association, categories, rows } = balanced(reference, current);
	const { low, high } = centralityPerRow(association * rows, Math.max(1, categories - 1), rows);
	return { low: Math.min(1, Math.sqrt(low)), high: Math.min(1, Math.sqrt(high)) };
}

/** Half the sum of (p − q)² / (p + q), and the rows of two equal samples that tell as much as these. */
function balanced(
	reference: ArrayLike<number>,
	current: ArrayLike<number>,
): { association: number; categories: number; rows: number } {
	const [n, m] = [total(reference), total(current)];
	let association = 0;
	let categories = 0;
	for (let k = 0; k < reference.length; k++) {
		const [p, q] = [(reference[k] as number) / n, (current[k] as number) / m];
		if (p + q === 0) continue;
		association += (p - q) ** 2 / (2 * (p + q));
		categories += 1;
	}
	return { association, categories, rows: (4 * n * m) / (n + m) };
}

function total(counts: ArrayLike<number>): number {
	let sum = 0;
	for (let k = 0; k < counts.length; k++) sum += counts[k] as number;
	return sum;
}

/** Bergsma's correction; with two samples the smaller side of the table is always theirs. */
function corrected(association: number, categories: number, rows: number): number {
	const byChance = (categories - 1) / (rows - 1);
	const free = 1 - 1 / (rows - 1);
	return Math.min(1, Math.sqrt(Math.max(0, association - byChance) / free));
}
