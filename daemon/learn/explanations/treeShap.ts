/**
 * Exact Shapley values of trees: what each feature adds to what they say of a row, against what they say when nothing is
 * known. A feature that is not known sends a row both ways, by the rows that went there in training.
 * Source: Lundberg, Erion and Lee, "Consistent individualized feature attribution for tree ensembles", 2018, algorithm 2
 * (the shap package's `tree_path_dependent`).
 */
import { goesLeft, type Tree } from '../trees/tree.ts';

/** A tree whose leaves add to the outputs from `target` on. */
export interface ShapTree {
	readonly tree: Tree;
	readonly target: number;
}

export interface TreeShap {
	/** What is said without knowing anything of a row, a number an output. */
	readonly base: Float64Array;
	/** Adds the Shapley values of a row of features to `sums`: `[outputs × features]`. */
	add(row: Float32Array, sums: Float64Array): void;
	/** Steps of the inner loop that a row costs, about. */
	readonly work: number;
}

/** `start` is what the outputs begin with, before the first tree. */
export function createTreeShap(trees: readonly ShapTree[], start: ArrayLike<number>, features: number): TreeShap {
	const base = Float64Array.from(start);
	let deepest = 0;
	let work = 0;
	for (const { tree, target } of trees) {
		const { depth, steps } = measure(tree);
		deepest = Math.max(deepest, depth);
		work += steps;
		const all = tree.cover[0] as number;
		for (let node = 0; node < tree.feature.length; node++) {
			if ((tree.feature[node] as number) >= 0) continue;
			for (let output = 0; output < tree.outputs; output++) {
				const share = ((tree.cover[node] as number) / all) * (tree.values[node * tree.outputs + output] as number);
				base[target + output] = (base[target + output] as number) + share;
			}
		}
	}
	const path = createPath(deepest);
	return {
		base,
		work,
		add(row, sums) {
			for (const { tree, target } of trees) addTree(tree, target, row, features, path, sums);
		},
	};
}

function measure({ feature, left, right }: Tree): { depth: number; steps: number } {
	let depth = 0;
	let steps = 0;
	const open: [number, number][] = [[0, 0]];
	for (let next = open.pop(); next !== undefined; next = open.pop()) {
		const [node, level] = next;
		if ((feature[node] as number) < 0) {
			depth = Math.max(depth, level);
			steps += (level + 1) ** 2;
		} else {
			open.push([left[node] as number, level + 1], [right[node] as number, level + 1]);
		}
	}
	return { depth, steps };
}

/**
 * The features on the way to a node, each once, with the share of rows that go that way when it is not known (`zero`),
 * whether this row does (`one`), and the weight of the sets of known features by their size. Each level of the walk has
 * a copy of its own, `width` apart.
 */
interface Path {
	readonly width: number;
	readonly feature: Int32Array;
	readonly zero: Float64Array;
	readonly one: Float64Array;
	readonly weight: Float64Array;
}

function createPath(depth: number): Path {
	const width = depth + 2;
	const size = width * width;
	return {
		width,
		feature: new Int32Array(size),
		zero: new Float64Array(size),
		one: new Float64Array(size),
		weight: new Float64Array(size),
	};
}

function addTree(
	tree: Tree,
	target: number,
	row: Float32Array,
	features: number,
	path: Path,
	sums: Float64Array,
): void {
	const { feature, left, right, values, cover, outputs } = tree;
	function walk(node: number, level: number, before: number, zero: number, one: number, entering: number): void {
		const from = level * path.width;
		if (level > 0) copyLevel(path, from - path.width, from, before);
		extend(path, from, before, zero, one, entering);
		let last = before;
		const cut = feature[node] as number;
		if (cut < 0) {
			const cold = coldSum(path, from, last);
			for (let at = 1; at <= last; at++) {
				const isHot = path.one[from + at] !== 0;
				const weight = isHot ? hotSum(path, from, last, at) * (1 - (path.zero[from + at] as number)) : -cold;
				for (let output = 0; output < outputs; output++) {
					const to = (target + output) * features + (path.feature[from + at] as number);
					sums[to] = (sums[to] as number) + weight * (values[node * outputs + output] as number);
				}
			}
			return;
		}
		const value = row[cut] as number;
		const isLeft = goesLeft(tree, node, value);
		const hot = (isLeft ? left[node] : right[node]) as number;
		const cold = (isLeft ? right[node] : left[node]) as number;
		let knownZero = 1;
		let knownOne = 1;
		for (let at = 1; at <= last; at++) {
			if (path.feature[from + at] !== cut) continue;
			knownZero = path.zero[from + at] as number;
			knownOne = path.one[from + at] as number;
			unwind(path, from, last, at);
			last--;
			break;
		}
		const here = cover[node] as number;
		walk(hot, level + 1, last + 1, (knownZero * (cover[hot] as number)) / here, knownOne, cut);
		walk(cold, level + 1, last + 1, (knownZero * (cover[cold] as number)) / here, 0, cut);
	}
	walk(0, 0, 0, 1, 1, -1);
}

function copyLevel({ feature, zero, one, weight }: Path, from: number, to: number, count: number): void {
	for (let at = 0; at < count; at++) {
		feature[to + at] = feature[from + at] as number;
		zero[to + at] = zero[from + at] as number;
		one[to + at] = one[from + at] as number;
		weight[to + at] = weight[from + at] as number;
	}
}

/** Puts a feature at place `last` (EXTEND of the paper). */
function extend(
	{ feature, zero, one, weight }: Path,
	from: number,
	last: number,
	zeroShare: number,
	oneShare: number,
	entering: number,
): void {
	feature[from + last] = entering;
	zero[from + last] = zeroShare;
	one[from + last] = oneShare;
	weight[from + last] = last === 0 ? 1 : 0;
	for (let at = last - 1; at >= 0; at--) {
		const known = weight[from + at] as number;
		weight[from + at + 1] = (weight[from + at + 1] as number) + (oneShare * known * (at + 1)) / (last + 1);
		weight[from + at] = (zeroShare * known * (last - at)) / (last + 1);
	}
}

/** Takes the feature at a place out again (UNWIND). */
function unwind({ feature, zero, one, weight }: Path, from: number, last: number, place: number): void {
	const oneShare = one[from + place] as number;
	const zeroShare = zero[from + place] as number;
	let next = weight[from + last] as number;
	for (let at = last - 1; at >= 0; at--) {
		const known = weight[from + at] as number;
		if (oneShare === 0) {
			weight[from + at] = (known * (last + 1)) / (zeroShare * (last - at));
		} else {
			weight[from + at] = (next * (last + 1)) / ((at + 1) * oneShare);
			next = known - ((weight[from + at] as number) * zeroShare * (last - at)) / (last + 1);
		}
	}
	for (let at = place; at < last; at++) {
		feature[from + at] = feature[from + at + 1] as number;
		zero[from + at] = zero[from + at + 1] as number;
		one[from + at] = one[from + at + 1] as number;
	}
}

/** The sum of the weights that were left if a feature were taken out that the row follows (`one` is 1 then). */
function hotSum({ zero, weight }: Path, from: number, last: number, place: number): number {
	const zeroShare = zero[from + place] as number;
	let next = weight[from + last] as number;
	let sum = 0;
	for (let at = last - 1; at >= 0; at--) {
		const part = (next * (last + 1)) / (at + 1);
		sum += part;
		next = (weight[from + at] as number) - (part * zeroShare * (last - at)) / (last + 1);
	}
	return sum;
}

/** The same of one that it does not follow, times the share `zero`: then it is alike for all of them. */
function coldSum({ weight }: Path, from: number, last: number): number {
	let sum = 0;
	for (let at = 0; at < last; at++) sum += ((weight[from + at] as number) * (last + 1)) / (last - at);
	return sum;
}
