/** Reads the trees back out of an ONNX file, so that what is explained is what serves. */
import type { CheckedFile } from '../../onnx/checkFile.ts';
import { chainsOf, type LinkedNodes } from '../../onnx/equalChains.ts';
import type { onnx } from '../../onnx/proto.ts';
import { setsOf, type Tree } from '../trees/tree.ts';
import type { ShapTree } from './treeShap.ts';

export interface GraphTrees {
	readonly trees: readonly ShapTree[];
	/** What the outputs begin with, a number an output. */
	readonly start: Float64Array;
	/** The value inside the graph that holds the features of the trees, `[N, k]`, and that which holds what they say. */
	readonly features: string;
	readonly said: string;
}

/**
 * The trees of a graph with one ensemble of them; a text says why there are none to explain: files of others seldom keep how
 * many rows came to each node (`nodes_hitrates`), without which nothing is known of a row that may go both ways.
 */
export function treesOfGraph({ graph }: Pick<CheckedFile, 'graph'>): GraphTrees | string {
	if (graph.name === 'ensemble') return 'Its models say together what it says.';
	if (graph.name === 'command') return 'Its graph is of another trainer.';
	const nodes = (graph.node ?? []).filter(({ opType }) => opType?.startsWith('TreeEnsemble'));
	const [node] = nodes;
	if (node === undefined) return 'Its graph has no trees.';
	if (nodes.length > 1) return 'Its graph has several ensembles of trees.';
	if (node.opType !== 'TreeEnsembleRegressor') return 'Its trees are a classifier, whose leaves vote.';
	const read = readEnsemble(node);
	if (typeof read === 'string') return read;
	return { ...read, features: node.input?.[0] ?? '', said: node.output?.[0] ?? '' };
}

function readEnsemble(node: onnx.INodeProto): Pick<GraphTrees, 'trees' | 'start'> | string {
	const attributes = new Map((node.attribute ?? []).map((one) => [one.name, one]));
	const ints = (name: string) => Int32Array.from(attributes.get(name)?.ints ?? [], Number);
	const floats = (name: string) => Float64Array.from(attributes.get(name)?.floats ?? []);
	const text = (name: string) => new TextDecoder().decode(attributes.get(name)?.s ?? new Uint8Array());
	if (!['', 'SUM'].includes(text('aggregate_function'))) return 'What its trees say is not summed.';
	const decoder = new TextDecoder();
	const modes = (attributes.get('nodes_modes')?.strings ?? []).map((mode) => decoder.decode(mode));
	if (modes.some((mode) => !['BRANCH_LEQ', 'BRANCH_EQ', 'LEAF'].includes(mode))) return otherCuts;
	const outputs = Number(attributes.get('n_targets')?.i ?? 1);
	const start = floats('base_values');
	const file = {
		outputs,
		tree: ints('nodes_treeids'),
		id: ints('nodes_nodeids'),
		feature: ints('nodes_featureids'),
		threshold: floats('nodes_values'),
		left: ints('nodes_truenodeids'),
		right: ints('nodes_falsenodeids'),
		missing: ints('nodes_missing_value_tracks_true'),
		cover: floats('nodes_hitrates'),
		modes,
	};
	const leaf = {
		tree: ints('target_treeids'),
		id: ints('target_nodeids'),
		target: ints('target_ids'),
		weight: floats('target_weights'),
	};
	if (file.cover.length === 0) return uncovered;
	const isCode = (value: number) => Number.isInteger(value) && value >= 0 && value < 256;
	if (modes.some((mode, at) => mode === 'BRANCH_EQ' && !isCode(file.threshold[at] as number))) return otherCuts;
	const nodesOf = byTree(file.tree);
	const leavesOf = byTree(leaf.tree);
	const trees: ShapTree[] = [];
	for (const [tree, nodes] of nodesOf) {
		const read = readTree(file, nodes, leaf, leavesOf.get(tree) ?? []);
		if (read === null) return uncovered;
		trees.push(read);
	}
	return { trees, start: start.length === outputs ? start : new Float64Array(outputs) };
}

const otherCuts = 'Its trees cut otherwise than by at most and by codes of categories.';
const uncovered = 'Its file does not keep how many rows came to each node of the trees.';

function byTree(trees: Int32Array): Map<number, number[]> {
	const places = new Map<number, number[]>();
	for (const [at, tree] of trees.entries()) {
		const known = places.get(tree);
		if (known === undefined) places.set(tree, [at]);
		else known.push(at);
	}
	return places;
}

interface EnsembleNodes {
	outputs: number;
	id: Int32Array;
	feature: Int32Array;
	threshold: Float64Array;
	left: Int32Array;
	right: Int32Array;
	missing: Int32Array;
	cover: Float64Array;
	modes: readonly string[];
}

interface EnsembleLeaves {
	id: Int32Array;
	target: Int32Array;
	weight: Float64Array;
}

/** Null where the rows that came to a node are not those that came to its two branches. */
function readTree(
	file: EnsembleNodes,
	nodes: readonly number[],
	leaf: EnsembleLeaves,
	leaves: readonly number[],
): ShapTree | null {
	const linked = linkedTree(file, nodes);
	const chains = chainsOf(linked);
	const kept = Int32Array.from(nodes.keys()).filter((place) => !chains.dropped.has(place));
	const placeOf = new Map([...kept].map((old, place) => [old, place]));
	const placed = (old: number) => (old < 0 ? -1 : (placeOf.get(old) as number));
	const left = kept.map((old) => placed(linked.left[old] as number));
	const right = kept.map((old) => placed(chains.right.get(old) ?? (linked.right[old] as number)));
	const cover = Float64Array.from(kept, (old) => linked.cover[old] as number);
	for (const [place, rows] of cover.entries()) {
		const below = left[place] as number;
		if (!(rows > 0)) return null;
		if (
			below >= 0 &&
			Math.abs((cover[below] as number) + (cover[right[place] as number] as number) - rows) > 1e-6 * rows
		)
			return null;
	}
	const targets = new Set(leaves.map((at) => leaf.target[at] as number));
	const [first = 0] = targets;
	const [target, outputs] = targets.size > 1 ? [0, file.outputs] : [first, 1];
	const values = new Float64Array(kept.length * outputs);
	const idOf = new Map([...kept].map((old, place) => [file.id[nodes[old] as number] as number, place]));
	for (const at of leaves) {
		const place = idOf.get(leaf.id[at] as number) as number;
		values[place * outputs + (leaf.target[at] as number) - target] = leaf.weight[at] as number;
	}
	const sets = [...chains.codes].map(([old, codes]) => ({ node: placeOf.get(old) as number, codes }));
	return {
		target,
		tree: {
			feature: kept.map((old) => linked.feature[old] as number),
			threshold: Float32Array.from(kept, (old) => linked.threshold[old] as number),
			missingLeft: Uint8Array.from(kept, (old) => linked.missingLeft[old] as number),
			left,
			right,
			values,
			outputs,
			cover,
			...(sets.length > 0 && { sets: setsOf(kept.length, sets) }),
		},
	};
}

/** The nodes of a tree by their places instead of their ids. */
function linkedTree(file: EnsembleNodes, nodes: readonly number[]): LinkedNodes & Pick<Tree, 'missingLeft' | 'cover'> {
	const placeOf = new Map(nodes.map((at, place) => [file.id[at] as number, place]));
	const isLeaf = (at: number) => file.modes[at] === 'LEAF';
	const branch = (side: Int32Array) =>
		Int32Array.from(nodes, (at) => (isLeaf(at) ? -1 : (placeOf.get(side[at] as number) ?? -1)));
	return {
		feature: Int32Array.from(nodes, (at) => (isLeaf(at) ? -1 : (file.feature[at] as number))),
		threshold: Float32Array.from(nodes, (at) => file.threshold[at] as number),
		missingLeft: Uint8Array.from(nodes, (at) => file.missing[at] ?? 0),
		left: branch(file.left),
		right: branch(file.right),
		cover: Float64Array.from(nodes, (at) => file.cover[at] as number),
		equal: Uint8Array.from(nodes, (at) => +(file.modes[at] === 'BRANCH_EQ')),
	};
}
