/**
 * The value below which a share `q` (0 to 1) of ascending values lies, interpolated linearly between the two nearest
 * ranks as NumPy and R (type 7) do; NaN of no values. quantile([1, 2, 3, 4], 0.5) = 2.5.
 * Source: Hyndman and Fan, The American Statistician 50 (1996) 361-365.
 */
export function quantile(ascending: Float64Array, q: number): number {
	const last = ascending.length - 1;
	if (last < 0) return Number.NaN;
	const place = Math.min(last, Math.max(0, q * last));
	const below = Math.floor(place);
	const low = ascending[below] as number;
	const high = ascending[Math.min(last, below + 1)] as number;
	return low + (high - low) * (place - below);
}
