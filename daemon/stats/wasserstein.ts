/**
 * How far must values be moved, on average, to turn one sample into the other? The Wasserstein-1 (earth mover's)
 * distance: the area between the two empirical distribution functions, in the unit of the values, 0 or more.
 * Both samples ascending and not empty. wasserstein([0, 1, 3], [5, 6, 8]) = 5. Source: facts of scipy.stats, Ramdas et
 * al., Entropy 19 (2017) 47, proposition 1.
 */
export function wasserstein(a: Float64Array, b: Float64Array): number {
	const [n, m] = [a.length, b.length];
	let [i, j] = [0, 0];
	let last = Math.min(a[0] as number, b[0] as number);
	let area = 0;
	while (i < n || j < m) {
		const fromA = j >= m || (i < n && (a[i] as number) <= (b[j] as number));
		const value = (fromA ? a[i] : b[j]) as number;
		area += Math.abs(i / n - j / m) * (value - last);
		last = value;
		if (fromA) i++;
		else j++;
	}
	return area;
}
