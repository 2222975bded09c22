/** Gradient boosting of histogram trees (Friedman 2001; Ke et al. 2017). */
import { alone, type Team } from '../../kernels/team.ts';
import { createRandom } from '../../stats/random.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import { binMatrix } from './binnedMatrix.ts';
import { type BoostingShared, boostingWork, runner, shardsOf, shareMath } from './boostingWork.ts';
import { countOf, drawFeatures } from './drawFeatures.ts';
import { growTree } from './growTree.ts';
import type { Slot } from './growthMemory.ts';
import { type LossTarget, lossOf, meanLoss } from './loss.ts';
import { createPairMath } from './pairMath.ts';
import { exactScale, mostPacked, sumBits } from './rowPairs.ts';
import { type SpecialRules, withSpecialCuts } from './specialMath.ts';
import { addTree, type Tree } from './tree.ts';

export interface BoostingParams {
	/** Rounds at most; each grows a tree an output. */
	readonly trees: number;
	readonly learning_rate: number;
	readonly max_leaves: number;
	/** 0: as deep as the leaves allow. */
	readonly max_depth: number;
	readonly min_samples_leaf: number;
	readonly l2: number;
	/** Share of the features that a tree sees. */
	readonly features: number;
	/** Rounds without a lower loss on the rows kept apart, after which it stops; 0: never. */
	readonly early_stopping: number;
	/** How cuts part categories, and along which features they keep a direction; without it all are numbers. */
	readonly special?: Omit<SpecialRules, 'unit'>;
	readonly seed: number;
}

export interface BoostedTrees {
	/** What is said before the first tree, a number an output. */
	readonly start: Float64Array;
	/** By round, a tree an output; the leaves hold the learning rate already. */
	readonly rounds: readonly (readonly Tree[])[];
	/** Mean loss after each round, of the rows learned from and of those kept apart (empty without early stopping). */
	readonly history: { readonly loss: number[]; readonly validation: number[] };
}

/**
 * Fits to the rows in `rows`; `apart` are watched for early stopping alone. The rounds after the best one are dropped
 * where early stopping is asked for. Gradients are rounded to whole numbers of some 30 bits, so that their sums are the
 * same in any order, and the trees for any number of threads. `onRound` hears the losses of the rounds before.
 */
export function fitBoosting(
	matrix: FeatureMatrix,
	target: LossTarget,
	rows: Uint32Array,
	apart: Uint32Array,
	params: BoostingParams,
	onRound: (round: number, history: BoostedTrees['history']) => void,
	team: Team = alone,
): BoostedTrees {
	const loss = lossOf(target);
	const { outputs } = loss;
	const start = loss.start(rows);
	const shared = shareBoosting(matrix, target, rows, start, params, team);
	const task = team.open(boostingWork, shared);
	const run = runner(task);
	const grow = grower(shared, params, team, run);
	const shards = shardsOf(rows.length);
	const weightOfAll =
		target.weights === null ? rows.length : rows.reduce((sum, row) => sum + (target.weights?.[row] ?? 0), 0);
	const learnedLoss = () => {
		let sum = 0;
		for (let shard = 0; shard < shards; shard++) sum += shared.shards[2 * shard] as number;
		return sum / weightOfAll;
	};
	const rounds: Tree[][] = [];
	const history = { loss: [] as number[], validation: [] as number[] };
	let best = 0;
	for (let round = 1; round <= params.trees; round++) {
		const grown: Tree[] = [];
		for (let output = 0; output < outputs; output++) {
			const tree = grow(round, output);
			if (output === 0 && round > 1) history.loss.push(learnedLoss());
			addTree(tree, matrix, apart, shared.next, outputs, output);
			grown.push(tree);
		}
		if (shared.next !== shared.raw) shared.raw.set(shared.next);
		rounds.push(grown);
		onRound(round, history);
		if (apart.length === 0) continue;
		history.validation.push(meanLoss(loss, shared.raw, apart, target.weights));
		const lowest = history.validation[best] as number;
		if ((history.validation[round - 1] as number) < lowest) best = round - 1;
		if (params.early_stopping > 0 && round - 1 - best >= params.early_stopping) break;
	}
	run('derive', shards, 0, 1, 1);
	history.loss.push(learnedLoss());
	task.close();
	return { start, rounds: apart.length > 0 ? rounds.slice(0, best + 1) : rounds, history };
}

function shareBoosting(
	matrix: FeatureMatrix,
	target: LossTarget,
	rows: Uint32Array,
	start: Float64Array,
	{ max_leaves }: BoostingParams,
	team: Team,
): BoostingShared {
	const { threads } = team;
	const numbers = (length: number) => new Float64Array(new SharedArrayBuffer(8 * length));
	const raw = numbers(matrix.rows * start.length);
	for (let at = 0; at < raw.length; at++) raw[at] = start[at % start.length] as number;
	const next = start.length === 1 ? raw : numbers(raw.length);
	if (next !== raw) next.set(raw);
	// Where every row weighs one, gradient and count go into one number.
	const packed = target.answer.kind === 'numbers' && target.weights === null && rows.length <= mostPacked;
	const room = { packed, width: packed ? 1 : 2 };
	return {
		binned: binMatrix(matrix, { ...room, slots: 1, histograms: max_leaves + 2, threads, codes: false }, team),
		...{ target, rows, raw, next },
		shards: numbers(2 * shardsOf(rows.length)),
		lefts: new Int32Array(new SharedArrayBuffer(4 * threads)),
		leaves: numbers(3 * max_leaves),
		taken: new Int32Array(new SharedArrayBuffer(4)),
	};
}

/** Rounds. */
const measuredEvery = 8;

/** Grows a tree from what was derived, and adds what it says of the rows learned from. */
function grower(shared: BoostingShared, params: BoostingParams, team: Team, run: ReturnType<typeof runner>) {
	const { binned, target, rows, shards, leaves } = shared;
	const slot = binned.slots[0] as Slot;
	const rules = { minRows: params.min_samples_leaf, l2: 0 };
	const plain = createPairMath(binned, slot, rules);
	const special = params.special && { ...params.special, unit: 1 };
	const all = special === undefined ? plain : withSpecialCuts(plain, binned, slot, special);
	const math = shareMath(all, shared, team, run);
	const count = shardsOf(rows.length);
	const { weights } = target;
	const heaviest = weights === null ? 1 : rows.reduce((most, row) => Math.max(most, weights[row] as number), 0);
	const { bound } = lossOf(target);
	let most = 0;
	/** No gradient is greater: measured now and then, and in between as far as predictions may have moved since. */
	const steepest = (round: number) => {
		if (bound !== null) return bound * heaviest;
		if (round % measuredEvery !== 1) return most;
		run('measure', count);
		most = 0;
		for (let shard = 0; shard < count; shard++) most = Math.max(most, shards[2 * shard + 1] as number);
		return most;
	};
	return (round: number, output: number): Tree => {
		const ofGradient = exactScale(steepest(round), rows.length, sumBits(slot));
		const ofWeight = slot.packed ? 1 : exactScale(heaviest, rows.length, sumBits(slot));
		run('derive', count, output, ofGradient, ofWeight);
		rules.l2 = params.l2 * ofWeight;
		if (special !== undefined) special.unit = ofWeight;
		const seen = featuresSeen(binned.features, params, round, output);
		let leaf = 0;
		const tree = growTree(math, slot, rows.length, {
			maxLeaves: params.max_leaves,
			maxDepth: params.max_depth === 0 ? Number.POSITIVE_INFINITY : params.max_depth,
			drawFeatures: () => seen,
			// One Newton step, shortened.
			leafValue: ([gradient = 0, weight = 0], { low, high, l2 }) => {
				const said = (-params.learning_rate * (gradient / ofGradient)) / ((weight + l2) / ofWeight + params.l2);
				const unit = (params.learning_rate * ofWeight) / ofGradient;
				return [Math.min(high * unit, Math.max(low * unit, said))];
			},
			outputs: 1,
			onLeaf: (said, from, to) => leaves.set([from, to, said[0] as number], 3 * leaf++),
		});
		run('update', leaf, output);
		let furthest = 0;
		for (let at = 0; at < leaf; at++) furthest = Math.max(furthest, Math.abs(leaves[3 * at + 2] as number));
		most += furthest * heaviest;
		return tree;
	};
}

function featuresSeen(
	features: number,
	{ features: share, seed }: BoostingParams,
	round: number,
	output: number,
): Int32Array {
	const all = Int32Array.from({ length: features }, (_, feature) => feature);
	const count = countOf(features, share);
	if (count === features) return all;
	return drawFeatures(all, count, createRandom(seed, 'boosting', round, output)).sort();
}
