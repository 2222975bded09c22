/**
 * How strongly do two columns of categories depend on each other? Cramér's V, 0 to 1, of the table of their codes (from 0
 * to below `width` and `height`; negative codes are null and left out), without a correction for chance, as Evidently and
 * most tools give it. null where either has fewer than two categories in the rows that have both.
 *
 * Worked value: rows 10, 20, 30 and 30, 20, 10 have X squared 20 over 120 rows, V = sqrt(20 / 120) = 0.4082.
 */
export function association(x: Int32Array, y: Int32Array, width: number, height: number): number | null {
	const counts = new Float64Array(width * height);
	const columns = new Float64Array(width);
	const rows = new Float64Array(height);
	for (let i = 0; i < x.length; i++) {
		const a = x[i] as number;
		const b = y[i] as number;
		if (a < 0 || b < 0) continue;
		const cell = b * width + a;
		counts[cell] = (counts[cell] as number) + 1;
		columns[a] = (columns[a] as number) + 1;
		rows[b] = (rows[b] as number) + 1;
	}
	const filled = (sums: Float64Array) => sums.reduce((sum, count) => sum + +(count > 0), 0);
	const free = Math.min(filled(columns), filled(rows)) - 1;
	if (free < 1) return null;
	// X squared over n is the sum of n_ij squared over (n_i n_j), less 1.
	let sum = 0;
	for (let b = 0; b < height; b++) {
		for (let a = 0; a < width; a++) {
			const count = counts[b * width + a] as number;
			if (count > 0) sum += (count * count) / ((rows[b] as number) * (columns[a] as number));
		}
	}
	return Math.min(1, Math.sqrt(Math.max(0, sum - 1) / free));
}
