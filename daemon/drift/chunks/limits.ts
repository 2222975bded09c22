/** How far a chunk may be from the reference without drift. */

/** Fewer chunks of the reference give no standard deviation to rely on. */
export const fewestPieces = 10;

/**
 * Mean and three standard deviations of the distances that chunks of the reference have from the rest of it, for a chunk of
 * `size` values; 0 where the reference has fewer than ten. A smaller chunk may be further off, as the root of
 * 1/size + 1/total.
 *
 * Source: NannyML's default thresholds (`StandardDeviationThreshold`, 3).
 */
export function limitsOf(
	pieces: readonly { distance: number; size: number }[],
	total: number,
): (size: number) => number {
	const count = pieces.length;
	if (count < fewestPieces) return () => 0;
	const mean = pieces.reduce((sum, { distance }) => sum + distance, 0) / count;
	const variance = pieces.reduce((sum, { distance }) => sum + (distance - mean) ** 2, 0) / (count - 1);
	const typical = pieces.reduce((sum, { size }) => sum + size, 0) / count;
	const limit = mean + 3 * Math.sqrt(variance);
	return (size) => limit * Math.max(1, Math.sqrt((1 / size + 1 / total) / (1 / typical + 1 / total)));
}

/**
 * The Jensen-Shannon distance (natural logarithm) over `bins` bins that samples of `size` and `total` independent values from
 * one distribution stay below in 99.87 % of cases, as a normal value does below three standard deviations.
 *
 * Eight times the divergence is asymptotically chi-square with `bins` − 1 degrees of freedom, times 1/size + 1/total: the
 * divergence is an eighth of Pearson's sum. The quantile is that of Wilson and Hilferty (PNAS 17, 1931, 684-688).
 *
 * Worked value: 10 bins, 1,000 and 1,000 values give √(27.25 · 0.002 / 8) = 0.0825; the exact quantile, 27.09, gives 0.0823.
 */
export function chanceLimit(bins: number, size: number, total: number): number {
	const freedom = Math.max(1, bins - 1);
	const part = 2 / (9 * freedom);
	const quantile = freedom * (1 - part + 3 * Math.sqrt(part)) ** 3;
	return Math.sqrt((quantile * (1 / size + 1 / total)) / 8);
}
