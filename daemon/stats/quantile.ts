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

/** Of fewer values than this every one counts. */
const fewValues = 20;

/**
 * The range to draw samples over, each ascending and not empty: from the least to the greatest of their values of rank 1
 * and 99 % (the inner of two ranks, so that among few values too the farthest moves nothing), with a quarter of that
 * range added on each side, and never beyond the values. 79 values from 80 to 169 and one of 9,000: up to 169 + 22.25.
 */
export function drawnRange(samples: readonly Float64Array[]): [from: number, to: number] {
	const least = (values: readonly (number | undefined)[]) => Math.min(...(values as number[]));
	const most = (values: readonly (number | undefined)[]) => Math.max(...(values as number[]));
	const share = ({ length }: Float64Array) => (length < fewValues ? 0 : 0.01);
	const low = least(samples.map((values) => values[Math.ceil(share(values) * (values.length - 1))]));
	const high = most(samples.map((values) => values[Math.floor((1 - share(values)) * (values.length - 1))]));
	const margin = low < high ? (high - low) / 4 : Math.abs(low) / 4 || 1;
	return [
		Math.max(least(samples.map((values) => values[0])), low - margin),
		Math.min(most(samples.map((values) => values.at(-1))), high + margin),
	];
}
