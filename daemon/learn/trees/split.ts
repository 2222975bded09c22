/** A cut of a node, and what looks for the best one. */

export interface Split {
	readonly feature: number;
	/** Rows up to this bin, or this rank among few rows, go left. */
	readonly bin: number;
	/** The same as a value. */
	readonly threshold: number;
	readonly missingLeft: boolean;
	/** What it saves: by how much the loss falls, twice over. */
	readonly gain: number;
	/** Sums of the rows that go left. */
	readonly left: Float64Array;
	/** Of a cut by categories: 1 for each bin that goes left, of 256. */
	readonly marks?: Uint8Array | undefined;
	/** Of the two sides, where they are not those of the node. */
	readonly limits?: readonly [Limits, Limits] | undefined;
}

/** What the leaves below a node may say, in the unit of its sums, so that they keep a direction. */
export interface Limits {
	readonly low: number;
	readonly high: number;
	/** Added to the weight of a leaf, in its unit, beside that of the rules. */
	readonly l2: number;
}

export const noLimits: Limits = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, l2: 0 };

export interface SplitRules {
	/** Rows that each side keeps at least. */
	readonly minRows: number;
	/** Added to the weight of a leaf (ridge), in its unit. */
	readonly l2: number;
}

/** A node as the search sees it. */
export interface NodeSums {
	readonly rows: number;
	/** Sums over all its rows: gradients and weights, or the weights of each class. */
	readonly total: Float64Array;
	readonly limits: Limits;
}

/**
 * What each side weighs at least. Rows are known by their weight, in the mean of the node (as in LightGBM): exact where all
 * weights are the same. A single one is there as soon as anything is, for weights are whole numbers.
 */
export function leastWeight(minRows: number, rows: number, weight: number): number {
	return minRows === 1 ? 0.5 : (minRows - 0.5) * (weight / rows);
}

/** Sums over rows, and the search for cuts by them. Histograms are known by their address, rows by their place in the order. */
export interface SplitMath {
	readonly rules: SplitRules;
	sum(from: number, to: number): Float64Array;
	/** Makes a histogram of the rows. */
	fill(histogram: number, from: number, to: number): void;
	/** Takes one histogram off another: the sibling is the parent less its brother. */
	subtract(from: number, other: number): void;
	/** Null where no cut gains anything. */
	search(histogram: number, node: NodeSums, features: Int32Array): Split | null;
	/** Puts the rows that go left before the others, and returns the place of the first of those. */
	part(split: Split, from: number, to: number): number;
	/** The same for at most 255 rows, by bins without a histogram, or by ranks that tell nearly all values apart. */
	openFew(from: number, to: number, byRank: boolean): FewRows;
}

/** Few rows, known by their place among them; those of one node lie together. Valid until the next are opened. */
export interface FewRows {
	search(from: number, to: number, node: NodeSums, features: Int32Array): Split | null;
	part(split: Split, from: number, to: number): number;
}
