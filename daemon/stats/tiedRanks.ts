/** A value of two samples taken together: how often each has it, and how many of each lie below. */
export interface TiedValue {
	inFirst: number;
	inSecond: number;
	belowFirst: number;
	belowSecond: number;
}

/** Goes through the different values of two ascending samples together, in ascending order: the base of rank statistics. */
export function eachTiedValue(a: Float64Array, b: Float64Array, visit: (tied: TiedValue) => void): void {
	const [n, m] = [a.length, b.length];
	const tied = { inFirst: 0, inSecond: 0, belowFirst: 0, belowSecond: 0 };
	let [i, j] = [0, 0];
	while (i < n || j < m) {
		const value = Math.min(i < n ? (a[i] as number) : Infinity, j < m ? (b[j] as number) : Infinity);
		[tied.belowFirst, tied.belowSecond] = [i, j];
		while (i < n && (a[i] as number) <= value) i++;
		while (j < m && (b[j] as number) <= value) j++;
		tied.inFirst = i - tied.belowFirst;
		tied.inSecond = j - tied.belowSecond;
		visit(tied);
	}
}
