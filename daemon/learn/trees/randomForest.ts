/** Random forests of histogram trees (Breiman 2001). */
import { alone, type Team, type Work } from '../../kernels/team.ts';
import { createRandom, type Random } from '../../stats/random.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import { binMatrix } from './binnedMatrix.ts';
import { createClassMath } from './classMath.ts';
import { countOf, drawFeatures } from './drawFeatures.ts';
import { type Growth, growTree } from './growTree.ts';
import { type BinnedMatrix, type Slot, stagedRows } from './growthMemory.ts';
import { createPairMath } from './pairMath.ts';
import { exactScale, mostPacked, rowPairs, sumBits } from './rowPairs.ts';
import type { Tree } from './tree.ts';

export interface ForestParams {
	readonly trees: number;
	/** 0: until the leaves are pure, or as small as they may be. */
	readonly max_depth: number;
	readonly min_samples_leaf: number;
	/** Share of the features that each cut chooses from. */
	readonly features: number;
	/** Whether each tree learns from a sample with replacement, as large as the data. */
	readonly bootstrap: boolean;
	readonly seed: number;
}

/** What a forest learns: numbers, or the codes of classes, and how much each row counts. NaN is not allowed in numbers. */
export type ForestTarget = { readonly weights?: Float64Array | null } & (
	| { readonly kind: 'numbers'; readonly values: Float64Array }
	| { readonly kind: 'classes'; readonly codes: Uint16Array; readonly classes: number }
);

/** Trees that are grown between two calls of `onTree`, for each thread. */
const treesAtOnce = 2;

/** Trees whose leaves say the mean, or the shares of the classes; what the forest says is the mean over the trees. */
export function fitForest(
	matrix: FeatureMatrix,
	target: ForestTarget,
	rows: Uint32Array,
	params: ForestParams,
	onTree: (tree: number) => void,
	team: Team = alone,
): Tree[] {
	const isCounted = target.kind === 'classes' && target.classes > 2;
	const packed = !isCounted && !target.weights && rows.length <= mostPacked;
	const width = isCounted ? target.classes : packed ? 1 : 2;
	const binned = binMatrix(
		matrix,
		{ slots: team.threads, width, packed, histograms: 40, threads: 1, codes: true },
		team,
	);
	const taken = new Int32Array(new SharedArrayBuffer(4));
	const task = team.open(forestWork, { binned, target, rows, params, taken });
	const trees: Tree[] = [];
	while (trees.length < params.trees) {
		const first = trees.length;
		trees.push(...task.run(Math.min(params.trees - first, treesAtOnce * team.threads), first));
		onTree(trees.length);
	}
	task.close();
	return trees;
}

interface ForestInput {
	readonly binned: BinnedMatrix;
	readonly target: ForestTarget;
	readonly rows: Uint32Array;
	readonly params: ForestParams;
	/** Slots that threads have taken. */
	readonly taken: Int32Array;
}

/** A tree a part, from the number that is told. */
export const forestWork: Work<ForestInput, Tree> = {
	name: 'forest',
	prepare({ binned, target, rows, params, taken }) {
		const slot = binned.slots[Atomics.add(taken, 0, 1)] as Slot;
		const { memory } = binned;
		const order = new Uint32Array(memory.buffer, slot.order, binned.rows);
		const pairs = rowPairs(binned, slot);
		const { stage } = pairs;
		const rules = { minRows: params.min_samples_leaf, l2: 0 };
		const { quantities, weights, leaf, classes } = learnable(target, rows, binned.rows, sumBits(slot));
		const math = classes === null ? createPairMath(binned, slot, rules) : createClassMath(binned, slot, rules, classes);
		return (part, [first = 0]) => {
			const random = createRandom(params.seed, 'forest', first + part);
			const times = params.bootstrap ? timesDrawn(rows, binned.rows, random) : null;
			let [count, settled] = [0, 0];
			const settle = () => {
				pairs.settle(settled, count, 1, 1);
				settled = count;
			};
			for (let at = 0; at < rows.length; at++) {
				const row = rows[at] as number;
				const drawn = times === null ? 1 : (times[row] as number);
				if (drawn === 0) continue;
				const place = 2 * (count - settled);
				stage[place] = drawn * (quantities[row] as number);
				stage[place + 1] = weights === null ? drawn : drawn * (weights[row] as number);
				order[count++] = row;
				if (count - settled === stagedRows) settle();
			}
			settle();
			return growTree(math, slot, count, {
				maxLeaves: Number.POSITIVE_INFINITY,
				maxDepth: params.max_depth === 0 ? Number.POSITIVE_INFINITY : params.max_depth,
				drawFeatures: featureDrawer(binned.features, params.features, random),
				...leaf,
			});
		};
	},
};

interface Learnable {
	/** What is summed up, a row each, as whole numbers. */
	readonly quantities: Float64Array;
	/** What each row weighs, as whole numbers; null where that is one. */
	readonly weights: Float64Array | null;
	readonly leaf: Pick<Growth, 'leafValue' | 'outputs' | 'isPure' | 'coverOf'>;
	/** Of three or more classes, which are counted one by one. */
	readonly classes: { codes: Uint16Array; classes: number } | null;
}

function learnable(target: ForestTarget, rows: Uint32Array, length: number, bits: number): Learnable {
	const weighed = wholeWeights(target.weights ?? null, rows, bits);
	if (target.kind === 'numbers') return learnNumbers(target.values, target.weights ?? null, rows, weighed, bits);
	const { codes, classes } = target;
	const { weights, scale } = weighed;
	if (classes === 2) {
		return {
			quantities: weights === null ? Float64Array.from(codes) : weights.map((one, row) => one * (codes[row] as number)),
			weights,
			leaf: {
				leafValue: ([second = 0, all = 1]) => [1 - second / all, second / all],
				outputs: 2,
				isPure: ([second, all]) => second === 0 || second === all,
				coverOf: ([, all = 0]) => all / scale,
			},
			classes: null,
		};
	}
	const sumOf = (counts: Float64Array) => counts.reduce((sum, count) => sum + count, 0);
	return {
		quantities: new Float64Array(length),
		weights,
		leaf: {
			leafValue: (counts) => {
				const all = sumOf(counts);
				return counts.map((count) => count / all);
			},
			outputs: classes,
			isPure: (counts) => counts.reduce((present, count) => present + +(count > 0), 0) < 2,
			coverOf: (counts) => sumOf(counts) / scale,
		},
		classes: { codes, classes },
	};
}

interface Whole {
	readonly weights: Float64Array | null;
	readonly scale: number;
}

/** Weights as whole numbers, as fine as sums stay exact; a row that is learned from is never without weight. */
function wholeWeights(weights: Float64Array | null, rows: Uint32Array, bits: number): Whole {
	if (weights === null) return { weights, scale: 1 };
	const heaviest = rows.reduce((most, row) => Math.max(most, weights[row] as number), 0);
	const scale = exactScale(heaviest, rows.length, bits);
	return { weights: weights.map((weight) => Math.max(1, Math.round(weight * scale))), scale };
}

/** About their mean, so that the squares of large numbers do not hide what a cut gains; as fine as sums stay exact. */
function learnNumbers(
	values: Float64Array,
	weights: Float64Array | null,
	rows: Uint32Array,
	weighed: Whole,
	bits: number,
): Learnable {
	const weightOf = (row: number) => (weights === null ? 1 : (weights[row] as number));
	let [sum, all, largest] = [0, 0, 0];
	for (const row of rows) {
		sum += weightOf(row) * (values[row] as number);
		all += weightOf(row);
	}
	const center = sum / all;
	for (const row of rows) largest = Math.max(largest, weightOf(row) * Math.abs((values[row] as number) - center));
	const scale = exactScale(largest, rows.length, bits);
	const quantities = new Float64Array(values.length);
	for (const row of rows) quantities[row] = Math.round(weightOf(row) * ((values[row] as number) - center) * scale);
	return {
		quantities,
		weights: weighed.weights,
		leaf: {
			leafValue: ([gradient = 0, weight = 1]) => [center + gradient / scale / (weight / weighed.scale)],
			outputs: 1,
			coverOf: ([, weight = 0]) => weight / weighed.scale,
		},
		classes: null,
	};
}

/** How often each row is drawn with replacement. */
function timesDrawn(rows: Uint32Array, length: number, random: Random): Uint16Array {
	const times = new Uint16Array(length);
	for (let draw = 0; draw < rows.length; draw++) {
		const row = rows[Math.floor(random.next() * rows.length)] as number;
		times[row] = (times[row] as number) + 1;
	}
	return times;
}

function featureDrawer(features: number, share: number, random: Random): () => Int32Array {
	const all = Int32Array.from({ length: features }, (_, feature) => feature);
	const count = countOf(features, share);
	return count === features ? () => all : () => drawFeatures(all, count, random);
}
