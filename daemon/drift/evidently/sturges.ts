/**
 * Edges of bins of equal width by Sturges' rule: about log2(n) + 1 bins from the least to the largest of n values. So the
 * number of bins hardly grows with the rows, and one far value empties nearly all of them.
 *
 * `least` and `most` are finite; `whole` says that all values are whole numbers by type, whose bins are never narrower
 * than 1. Returns one edge more than bins, ascending; null where the range is too large for a double. Equal `least` and
 * `most` are widened by 1/2 on each side.
 *
 * Worked value: 100 values from 0 to 10 make 8 bins, 0 1.25 2.5 … 10.
 * Source: Sturges, JASA 21 (1926) 65-66, as numpy.histogram_bin_edges(bins='sturges') has it.
 */
export function sturgesEdges(least: number, most: number, count: number, whole: boolean): Float64Array | null {
	const [first, last] = least === most ? [least - 0.5, most + 0.5] : [least, most];
	const range = most - least;
	if (!Number.isFinite(last - first)) return null;
	const rule = range / (Math.log2(count) + 1);
	const width = whole && rule < 1 ? 1 : rule;
	const bins = range === 0 && !whole ? 1 : Math.max(1, Math.ceil((last - first) / width));
	const step = (last - first) / bins;
	return Float64Array.from({ length: bins + 1 }, (_, i) => (i === bins ? last : i * step + first));
}
