/**
 * Between two empirical distribution functions, the sum over the values of `weight` of their difference there, times the
 * way to the next value. Both samples ascending and not empty.
 */
export function distanceArea(a: Float64Array, b: Float64Array, weight: (difference: number) => number): number {
	const [n, m] = [a.length, b.length];
	let [i, j] = [0, 0];
	let last = Math.min(a[0] as number, b[0] as number);
	let area = 0;
	while (i < n || j < m) {
		const fromA = j >= m || (i < n && (a[i] as number) <= (b[j] as number));
		const value = (fromA ? a[i] : b[j]) as number;
		area += weight(i / n - j / m) * (value - last);
		last = value;
		if (fromA) i++;
		else j++;
	}
	return area;
}
