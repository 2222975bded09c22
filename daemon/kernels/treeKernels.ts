/**
 * What the growing of trees on binned features does most. All arguments but counts, places and sums are addresses. A pair is
 * a gradient and a weight, whole numbers in float64 both, so that their sums are exact in any order.
 */
/** Bytes of the best cut so far: what it saves (float64), of its left side gradient and weight, then four int32. */
export const bestBytes = 64;
/** Bytes that `searchFew` works in; zeros before and after. */
export const fewScratchBytes = 4096 + 32 + 288;
/** Rows that are searched without a histogram at most: each may have a rank of its own, and 255 means missing. */
export const mostFew = 255;

export interface TreeKernels {
	/**
	 * Adds the pairs of the rows `order[from..to)` to a histogram: 256 pairs a feature. `bins` is a byte a value, row by
	 * row, `stride` from one row to the next.
	 */
	fillPairs(
		histogram: number,
		bins: number,
		stride: number,
		features: number,
		pairs: number,
		order: number,
		from: number,
		to: number,
	): void;
	/**
	 * The same with a gradient and a weight in one int64, the weight in its lower 24 bits: half the memory, for weights
	 * that are counts.
	 */
	fillPacked(
		histogram: number,
		bins: number,
		stride: number,
		features: number,
		packed: number,
		order: number,
		from: number,
		to: number,
	): void;
	/**
	 * Makes pairs of the rows `order[from..to)`: `staged` holds a gradient and a weight (float64) for each of them, which are
	 * multiplied and rounded, halves to even numbers; each weighs 1 at least.
	 */
	settlePairs(
		pairs: number,
		order: number,
		from: number,
		to: number,
		staged: number,
		ofGradient: number,
		ofWeight: number,
	): void;
	settlePacked(
		packed: number,
		order: number,
		from: number,
		to: number,
		staged: number,
		ofGradient: number,
		ofWeight: number,
	): void;
	/**
	 * Copies the bins and the pairs (of 8 or 16 bytes) of the rows `order[from..to)` to where they lie side by side:
	 * `nearStride` is that of the bins, raised to a multiple of 16.
	 */
	bringRows(
		order: number,
		from: number,
		to: number,
		bins: number,
		stride: number,
		pairs: number,
		pairBytes: number,
		nearBins: number,
		nearStride: number,
		nearPairs: number,
	): void;
	/** Adds up the rows `order[from..to)`: writes a gradient and a weight (float64). */
	sumPairs(pairs: number, order: number, from: number, to: number, sums: number): void;
	sumPacked(packed: number, order: number, from: number, to: number, sums: number): void;
	/** Adds int64 to int64; `bytes` is a multiple of 16. */
	addPacked(to: number, from: number, bytes: number): void;
	subtractPacked(to: number, from: number, bytes: number): void;
	/** `scanPairs` on what is packed. */
	scanPacked(
		histogram: number,
		feature: number,
		count: number,
		totalGradient: number,
		totalWeight: number,
		l2: number,
		least: number,
		best: number,
	): void;
	/** Adds float64 to float64; `bytes` is a multiple of 16. */
	addNumbers(to: number, from: number, bytes: number): void;
	subtractNumbers(to: number, from: number, bytes: number): void;
	/**
	 * Cuts a feature after each of its `count` bins, bin 255 (missing) with either side, and keeps in `best` what saves more
	 * than it: G² / (W + l2) of both sides. Each side weighs at least `least`.
	 */
	scanPairs(
		histogram: number,
		feature: number,
		count: number,
		totalGradient: number,
		totalWeight: number,
		l2: number,
		least: number,
		best: number,
	): void;
	/**
	 * Writes those of the rows `order[from..to)` that go left, whose byte has a one in the 256 bytes of `marks`, to `scratch`
	 * from `from` on, the others from `to` backwards; returns how many go left. `bins` is a byte a row.
	 */
	partRows(order: number, scratch: number, from: number, to: number, bins: number, marks: number): number;
	copyRows(to: number, from: number, count: number): void;
	/** The row at `last` first. */
	copyBackwards(to: number, last: number, count: number): void;
	/**
	 * Ranks the rows `order[from..to)` by their codes (uint16 a row): a byte each, 255 for the code 65535. What lies within
	 * 255 codes is told apart; else the range of the codes is parted evenly.
	 */
	rankFew(codes: number, order: number, from: number, to: number, ranks: number): void;
	/**
	 * Like `scanPairs`, over the members `from` to `to` of a few rows, by the features in a list (int32). The ranks of a
	 * feature lie 256 bytes behind those of the one before it; pairs and ranks are by member. What is kept also says which
	 * rank comes next in the node, −1 for none.
	 */
	searchFew(
		ranks: number,
		pairs: number,
		members: number,
		from: number,
		to: number,
		features: number,
		featureCount: number,
		totalGradient: number,
		totalWeight: number,
		l2: number,
		least: number,
		scratch: number,
		best: number,
	): void;
	/** Puts the members that go left before the others, and returns the place of the first of those. */
	partFew(
		members: number,
		scratch: number,
		from: number,
		to: number,
		column: number,
		cut: number,
		missing: number,
	): number;
}
