/** Which params matter: functional ANOVA of a random forest over the trials. */
import { fitForest } from '../trees/randomForest.ts';
import type { Tree } from '../trees/tree.ts';
import { type Dimension, placeOf, stretchOf } from './space.ts';
import type { Trial } from './trial.ts';

const fewestTrials = 10;

/**
 * For each param the share, 0 to 1, of the variance of the loss over the whole space that it explains alone, the mean over
 * 64 trees; what params explain together is in none of them. null with fewer than ten trials that were measured, or when
 * all are as good. Source: Hutter, Hoos and Leyton-Brown, ICML 2014.
 */
export function paramImportance(
	space: readonly Dimension[],
	trials: readonly Pick<Trial, 'params' | 'loss'>[],
): Record<string, number> | null {
	const measured = trials.filter(({ loss }) => Number.isFinite(loss));
	if (measured.length < fewestTrials) return null;
	const columns = space.map((dimension) => {
		const { low, high } = stretchOf(dimension);
		const places = measured.map(({ params }) => placeOf(dimension, params[dimension.name] as never));
		return Float32Array.from(places, (place) => (high === low ? 0 : (place - low) / (high - low)));
	});
	const rows = Uint32Array.from(measured.keys());
	const values = Float64Array.from(measured, ({ loss }) => loss);
	const trees = fitForest(
		{ rows: rows.length, columns },
		{ kind: 'numbers', values },
		rows,
		{ trees: 64, max_depth: 0, min_samples_leaf: 1, features: 1, bootstrap: true, seed: 7 },
		() => undefined,
	);
	const shares = trees.map((tree) => sharesOf(tree, space.length)).filter((one) => one !== null);
	if (shares.length === 0) return null;
	return Object.fromEntries(
		space.map(({ name }, at) => [name, shares.reduce((sum, of) => sum + (of[at] as number), 0) / shares.length]),
	);
}

/** A leaf as a box in the unit cube. */
interface Box {
	readonly low: readonly number[];
	readonly high: readonly number[];
	readonly value: number;
}

/** The variance of each param's marginal over that of the tree; null for a tree that says the same everywhere. */
function sharesOf(tree: Tree, dimensions: number): number[] | null {
	const boxes = boxesOf(tree, dimensions);
	const volume = ({ low, high }: Box, without = -1) =>
		low.reduce((product, from, at) => (at === without ? product : product * ((high[at] as number) - from)), 1);
	const mean = boxes.reduce((sum, box) => sum + volume(box) * box.value, 0);
	const variance = boxes.reduce((sum, box) => sum + volume(box) * (box.value - mean) ** 2, 0);
	if (!(variance > 0)) return null;
	return Array.from({ length: dimensions }, (_, at) => {
		const cuts = [...new Set(boxes.flatMap(({ low, high }) => [low[at] as number, high[at] as number]))];
		cuts.sort((a, b) => a - b);
		let own = 0;
		for (let cut = 1; cut < cuts.length; cut++) {
			const [from, to] = [cuts[cut - 1] as number, cuts[cut] as number];
			const inside = boxes.filter(({ low, high }) => (low[at] as number) <= from && (high[at] as number) >= to);
			const marginal = inside.reduce((sum, box) => sum + volume(box, at) * box.value, 0);
			own += (to - from) * (marginal - mean) ** 2;
		}
		return own / variance;
	});
}

function boxesOf({ feature, threshold, left, right, values }: Tree, dimensions: number): Box[] {
	const boxes: Box[] = [];
	const walk = (node: number, low: readonly number[], high: readonly number[]) => {
		const at = feature[node] as number;
		if (at < 0) {
			boxes.push({ low, high, value: values[node] as number });
			return;
		}
		const cut = Math.min(high[at] as number, Math.max(low[at] as number, threshold[node] as number));
		walk(left[node] as number, low, high.with(at, cut));
		walk(right[node] as number, low.with(at, cut), high);
	};
	walk(0, new Array<number>(dimensions).fill(0), new Array<number>(dimensions).fill(1));
	return boxes;
}
