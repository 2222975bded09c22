/**
 * The runtime walks all trees of an ensemble for a row before it takes the next one, so the nodes of a large ensemble have
 * left the cache when they are needed again. For many rows it is cut into ensembles of few nodes, which are added up: a
 * hundred trees of depth 12 take a third of the time. A single row takes longer, so this is not done to what serves.
 */
import type { onnx } from './proto.ts';

/** Nodes of an ensemble that is left as it is: so many stay in the cache, and parts of it would only cost their sum. */
const mostWhole = 50_000;
/** Nodes of a part, unless a single tree has more. */
const mostNodes = 8192;

/** A graph whose large sums of trees are cut up; the same one where there are none. */
export function splitTrees(graph: onnx.IGraphProto): onnx.IGraphProto {
	const nodes = graph.node ?? [];
	const cut = nodes.flatMap((node) => partsOf(node) ?? [node]);
	return cut.length === nodes.length ? graph : { ...graph, node: cut };
}

/** The ensembles and their sum; null for other nodes, and where it is no plain sum of several trees. */
function partsOf(node: onnx.INodeProto): onnx.INodeProto[] | null {
	if (node.opType !== 'TreeEnsembleRegressor') return null;
	const attributes = node.attribute ?? [];
	const named = (name: string) => attributes.find((one) => one.name === name);
	const text = (name: string) => new TextDecoder().decode(named(name)?.s ?? new Uint8Array());
	const isSum = ['', 'SUM'].includes(text('aggregate_function')) && ['', 'NONE'].includes(text('post_transform'));
	if (!isSum || attributes.some(({ name }) => name?.endsWith('_as_tensor'))) return null;
	const trees = named('nodes_treeids')?.ints ?? [];
	if (trees.length <= mostWhole) return null;
	const { groups, count } = groupsOf(trees);
	if (count < 2) return null;
	const ofNode = trees.map((tree) => groups.get(Number(tree)) ?? 0);
	const ofLeaf = (named('target_treeids')?.ints ?? []).map((tree) => groups.get(Number(tree)) ?? 0);
	const parts = Array.from({ length: count }, (_, group) => ({
		...node,
		name: `${node.name}:${group}`,
		output: [`${node.output?.[0]}:${group}`],
		attribute: [] as onnx.IAttributeProto[],
	}));
	for (const one of attributes) {
		// How many rows came to a node explains it, and says nothing to the runtime.
		if (one.name === 'nodes_hitrates') continue;
		const places = one.name?.startsWith('nodes_') ? ofNode : one.name?.startsWith('target_') ? ofLeaf : null;
		const taken = places === null ? null : inGroups(one, places, count);
		for (const [group, { attribute }] of parts.entries()) {
			if (taken !== null) attribute.push(taken[group] as onnx.IAttributeProto);
			else if (one.name !== 'base_values' || group === 0) attribute.push(one);
		}
	}
	const sum = { name: `${node.name}:sum`, opType: 'Sum', input: parts.flatMap(({ output }) => output) };
	return [...parts, { ...sum, output: node.output ?? [] }];
}

/** Trees in the order of the file, as many together as have few enough nodes. */
function groupsOf(trees: readonly (number | { toString(): string })[]): { groups: Map<number, number>; count: number } {
	const sizes = new Map<number, number>();
	for (const tree of trees) sizes.set(Number(tree), (sizes.get(Number(tree)) ?? 0) + 1);
	const groups = new Map<number, number>();
	let [group, filled] = [0, 0];
	for (const [tree, size] of sizes) {
		if (filled > 0 && filled + size > mostNodes) [group, filled] = [group + 1, 0];
		groups.set(tree, group);
		filled += size;
	}
	return { groups, count: group + 1 };
}

function inGroups(one: onnx.IAttributeProto, places: readonly number[], count: number): onnx.IAttributeProto[] {
	const groups = Array.from({ length: count }, () => ({ ints: [], floats: [], strings: [] }));
	for (const kind of ['ints', 'floats', 'strings'] as const) {
		for (const [index, value] of (one[kind] ?? []).entries()) {
			(groups[places[index] as number]?.[kind] as unknown[]).push(value);
		}
	}
	return groups.map((group) => ({ ...one, ...group }));
}
