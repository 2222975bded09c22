/** The best cut of a node: every feature is cut after each of its bins, and the loss of both sides compared. */
import { type BinnedMatrix, missingBin } from './binnedMatrix.ts';
import { type Target, widthOf } from './histograms.ts';

/** The best cut found so far. */
export interface Split {
	feature: number;
	/** Rows up to this bin go left. */
	bin: number;
	missingLeft: boolean;
	/** By how much the loss falls, twice over; what a cut must beat. */
	gain: number;
	/** Of the rows that go left, as wide as a bin. */
	readonly left: Float64Array;
}

export interface SplitRules {
	/** Rows that each side keeps at least. */
	readonly minRows: number;
	/** Added to the weight of a leaf (ridge). */
	readonly l2: number;
}

/** A node as the search sees it. */
export interface NodeSums {
	readonly rows: number;
	/** Of all its rows, as wide as a bin. */
	readonly total: Float64Array;
}

/** Looks for cuts of nodes; keeps its scratch memory between them. */
export interface SplitSearch {
	/** By the histogram of all features; `features` are those that may be cut. Null where no cut gains anything. */
	inHistogram(histogram: Float64Array, node: NodeSums, features: ArrayLike<number>): Split | null;
	/** The same for a few rows, `order[from..to)`, without a histogram: only the bins that they fill are visited. */
	inRows(order: Uint32Array, from: number, to: number, node: NodeSums, features: ArrayLike<number>): Split | null;
}

/** What a node saves against saying nothing, twice over: G² / (H + λ), or the sum of squared counts over the rows. */
function scoreOf(target: Target, sums: Float64Array, l2: number): number {
	if (target.kind === 'gradients') return ((sums[0] as number) * (sums[0] as number)) / ((sums[1] as number) + l2);
	let squares = 0;
	let rows = 0;
	for (const count of sums) {
		squares += count * count;
		rows += count;
	}
	return squares / rows;
}

export function createSplitSearch(matrix: BinnedMatrix, target: Target, rules: SplitRules): SplitSearch {
	const width = widthOf(target);
	const every = Uint8Array.from({ length: 256 }, (_, bin) => bin);
	const filled = new Uint8Array(256);
	const scratch = new Float64Array(256 * width);
	const scan = target.kind === 'gradients' ? scanPairs : scanClasses;
	// What rounding may feign in a node whose rows are all alike.
	const noise =
		target.kind === 'gradients' ? 1e-20 * target.gradient.reduce((most, one) => Math.max(most, one * one), 0) : 0;

	const begin = ({ total, rows }: NodeSums): Scan => {
		const whole = scoreOf(target, total, rules.l2);
		return {
			...{ histogram: scratch, base: 0, bins: filled, count: 0, feature: -1, holes: false, missing: false },
			...{ total, rows, whole, rules, width },
			best: {
				feature: -1,
				bin: 0,
				missingLeft: false,
				gain: Math.max(1e-12 * whole, noise),
				left: new Float64Array(width),
			},
		};
	};
	const found = ({ best }: Scan) => (best.feature < 0 ? null : best);
	const scanBothWays = (state: Scan) => {
		state.missing = false;
		scan(state);
		if (!state.holes) return;
		state.missing = true;
		scan(state);
	};

	return {
		inHistogram(histogram, node, features) {
			const state = begin(node);
			state.histogram = histogram;
			state.bins = every;
			for (let index = 0; index < features.length; index++) {
				const feature = features[index] as number;
				state.feature = feature;
				state.base = feature * 256 * width;
				state.count = (matrix.edges[feature] as Float32Array).length + 1;
				state.holes = matrix.missing[feature] === true && holdsMissing(histogram, state.base, width);
				scanBothWays(state);
			}
			return found(state);
		},
		inRows(order, from, to, node, features) {
			const state = begin(node);
			const mask = new Int32Array(8);
			for (let index = 0; index < features.length; index++) {
				const feature = features[index] as number;
				fillOne(scratch, mask, matrix, target, feature, order, from, to);
				state.feature = feature;
				state.holes = ((mask[7] as number) & 0x80000000) !== 0;
				state.count = listBins(mask, filled);
				if (state.holes) state.count--;
				scanBothWays(state);
				const { count } = state;
				for (let at = 0; at < count; at++) clear(scratch, filled[at] as number, width);
				if (state.holes) clear(scratch, missingBin, width);
				mask.fill(0);
			}
			return found(state);
		},
	};
}

interface Scan {
	histogram: Float64Array;
	/** Where the feature begins in the histogram. */
	base: number;
	/** Bins to cut after, ascending, and how many of them. */
	bins: Uint8Array;
	count: number;
	feature: number;
	/** Whether rows of the node lack the feature. */
	holes: boolean;
	/** Whether the missing go left in this scan. */
	missing: boolean;
	readonly total: Float64Array;
	readonly rows: number;
	readonly whole: number;
	readonly rules: SplitRules;
	readonly width: number;
	readonly best: Split;
}

function scanPairs(state: Scan): void {
	const { histogram, base, bins, count, rules, best, rows, whole, missing, holes, feature } = state;
	const { l2, minRows } = rules;
	const total = state.total[0] as number;
	const weight = state.total[1] as number;
	// Rows are known by their weight, in the mean of the node (as in LightGBM): exact where all weights are 1.
	const each = rows / weight;
	let gradientLeft = missing ? (histogram[base + 2 * missingBin] as number) : 0;
	let weightLeft = missing ? (histogram[base + 2 * missingBin + 1] as number) : 0;
	const least = (minRows - 0.5) / each;
	const most = weight - least;
	// With the missing on the right, the last bin is a cut too: all that is known against all that is missing.
	const last = holes && !missing ? count : count - 1;
	for (let index = 0; index < last; index++) {
		const bin = bins[index] as number;
		const at = base + (bin << 1);
		gradientLeft += histogram[at] as number;
		weightLeft += histogram[at + 1] as number;
		if (weightLeft < least) continue;
		if (weightLeft > most) return;
		const gradientRight = total - gradientLeft;
		const weightRight = weight - weightLeft;
		const gain =
			(gradientLeft * gradientLeft) / (weightLeft + l2) + (gradientRight * gradientRight) / (weightRight + l2) - whole;
		if (!(gain > best.gain)) continue;
		best.gain = gain;
		best.feature = feature;
		best.bin = bin;
		best.missingLeft = holes ? missing : weightLeft >= weightRight;
		best.left[0] = gradientLeft;
		best.left[1] = weightLeft;
	}
}

function scanClasses(state: Scan): void {
	const { histogram, base, bins, count, rules, best, rows, whole, missing, holes, feature, total, width } = state;
	const left = new Float64Array(width);
	let rowsLeft = 0;
	if (missing) {
		for (let at = 0; at < width; at++) {
			left[at] = histogram[base + missingBin * width + at] as number;
			rowsLeft += left[at] as number;
		}
	}
	const last = holes && !missing ? count : count - 1;
	for (let index = 0; index < last; index++) {
		const bin = bins[index] as number;
		const at = base + bin * width;
		let squaresLeft = 0;
		let squaresRight = 0;
		for (let one = 0; one < width; one++) {
			const added = histogram[at + one] as number;
			const value = (left[one] as number) + added;
			left[one] = value;
			rowsLeft += added;
			const other = (total[one] as number) - value;
			squaresLeft += value * value;
			squaresRight += other * other;
		}
		const rowsRight = rows - rowsLeft;
		if (rowsLeft < rules.minRows) continue;
		if (rowsRight < rules.minRows) return;
		const gain = squaresLeft / rowsLeft + squaresRight / rowsRight - whole;
		if (!(gain > best.gain)) continue;
		best.gain = gain;
		best.feature = feature;
		best.bin = bin;
		best.missingLeft = holes ? missing : rowsLeft >= rowsRight;
		best.left.set(left);
	}
}

function holdsMissing(histogram: Float64Array, base: number, width: number): boolean {
	const start = base + missingBin * width;
	// Differences of histograms leave rounding errors of gradients behind; weights and counts are what tells.
	let sum = 0;
	for (let at = width === 2 ? 1 : 0; at < width; at++) sum += histogram[start + at] as number;
	return sum > 1e-9;
}

/** Adds the rows for one feature, and marks the bins that they fill. */
function fillOne(
	scratch: Float64Array,
	mask: Int32Array,
	{ bins, stride }: BinnedMatrix,
	target: Target,
	feature: number,
	order: Uint32Array,
	from: number,
	to: number,
): void {
	if (target.kind === 'gradients') {
		const { gradient, weight } = target;
		for (let index = from; index < to; index++) {
			const row = order[index] as number;
			const bin = bins[row * stride + feature] as number;
			const at = bin << 1;
			scratch[at] = (scratch[at] as number) + (gradient[row] as number);
			scratch[at + 1] = (scratch[at + 1] as number) + (weight[row] as number);
			mask[bin >> 5] = (mask[bin >> 5] as number) | (1 << (bin & 31));
		}
		return;
	}
	const { codes, classes } = target;
	for (let index = from; index < to; index++) {
		const row = order[index] as number;
		const bin = bins[row * stride + feature] as number;
		const at = bin * classes + (codes[row] as number);
		scratch[at] = (scratch[at] as number) + 1;
		mask[bin >> 5] = (mask[bin >> 5] as number) | (1 << (bin & 31));
	}
}

/** Writes the marked bins in ascending order and returns how many there are. */
function listBins(mask: Int32Array, into: Uint8Array): number {
	let count = 0;
	for (let word = 0; word < 8; word++) {
		let bits = mask[word] as number;
		while (bits !== 0) {
			const lowest = bits & -bits;
			into[count++] = (word << 5) + (31 - Math.clz32(lowest));
			bits ^= lowest;
		}
	}
	return count;
}

function clear(scratch: Float64Array, bin: number, width: number): void {
	for (let at = bin * width; at < (bin + 1) * width; at++) scratch[at] = 0;
}
