/**
 * Cuts by sets of categories stand in a file as chains of nodes that ask for one category each, which any runtime takes. For
 * many rows that is slow: here each chain becomes one node, which asks a column of zeros (in the set) and ones, and a table
 * says of each category what stands in these columns. The answers are the same; a hundred trees take a fifth of the time.
 */
import { chainsOf, type LinkedNodes } from './equalChains.ts';
import { attribute, tensor } from './graph.ts';
import { elementNumber, type onnx } from './proto.ts';

/** Categories that a chain may ask for: below it, and whole. */
const mostCodes = 256;

/** A graph whose chains are single nodes; the same one where there are none. */
export function markSets(graph: onnx.IGraphProto): onnx.IGraphProto {
	const constants: onnx.ITensorProto[] = [];
	const nodes = (graph.node ?? []).flatMap((node) => marked(node, constants) ?? [node]);
	if (constants.length === 0) return graph;
	return { ...graph, node: nodes, initializer: [...(graph.initializer ?? []), ...constants] };
}

/** The ensemble with the nodes that it needs before it; null where it asks for no categories. Adds their constants. */
function marked(node: onnx.INodeProto, constants: onnx.ITensorProto[]): onnx.INodeProto[] | null {
	if (node.opType !== 'TreeEnsembleRegressor') return null;
	const attributes = node.attribute ?? [];
	const ints = (name: string) => Int32Array.from(attributes.find((one) => one.name === name)?.ints ?? [], Number);
	const decoder = new TextDecoder();
	const modes = attributes.find(({ name }) => name === 'nodes_modes')?.strings ?? [];
	const values = attributes.find(({ name }) => name === 'nodes_values')?.floats ?? [];
	const missing = ints('nodes_missing_value_tracks_true');
	const isCode = (value: number) => Number.isInteger(value) && value >= 0 && value < mostCodes;
	const equal = Uint8Array.from(modes, (mode, at) =>
		decoder.decode(mode) === 'BRANCH_EQ' && isCode(values[at] as number) && !missing[at] ? 1 : 0,
	);
	if (!equal.includes(1)) return null;
	const linked = linkedNodes(ints, Float32Array.from(values), equal);
	const chains = chainsOf(linked);

	const features = [...new Set([...chains.codes.keys()].map((head) => linked.feature[head] as number))];
	const heads = features.flatMap((feature) =>
		[...chains.codes.keys()].filter((head) => linked.feature[head] === feature),
	);
	const columnOf = new Map(heads.map((head, column) => [head, column]));
	const ids = ints('nodes_nodeids');
	const no = ints('nodes_falsenodeids');
	const kept = [...modes.keys()].filter((place) => !chains.dropped.has(place));
	const changes: Record<string, (place: number) => number | undefined> = {
		nodes_featureids: (place) => columnOf.get(place) ?? (linked.feature[place] as number) + heads.length,
		nodes_values: (place) => (columnOf.has(place) ? 0.5 : values[place]) as number,
		nodes_falsenodeids: (place) => (columnOf.has(place) ? ids[chains.right.get(place) as number] : no[place]) as number,
	};
	const atMost = new TextEncoder().encode('BRANCH_LEQ');
	const ensemble = attributes.map((one) => {
		if (!one.name?.startsWith('nodes_')) return one;
		const change = changes[one.name];
		if (one.name === 'nodes_modes')
			return { ...one, strings: kept.map((place) => (columnOf.has(place) ? atMost : (modes[place] as Uint8Array))) };
		if (one.floats?.length) {
			return { ...one, floats: kept.map((place) => (change?.(place) ?? one.floats?.[place]) as number) };
		}
		return { ...one, ints: kept.map((place) => (change?.(place) ?? one.ints?.[place]) as number) };
	});
	const input = node.input?.[0] as string;
	const before = features.map((feature) => {
		const sets = heads.filter((head) => linked.feature[head] === feature).map((head) => chains.codes.get(head) ?? []);
		return marksOf(`${node.name}:${feature}`, input, feature, sets, constants);
	});
	const all = `${node.name}:marks`;
	const concat = {
		...{ name: all, opType: 'Concat', output: [all] },
		input: [...before.map(({ output }) => output), input],
		attribute: [attribute('axis', { int: 1 })],
	};
	return [...before.flatMap(({ nodes }) => nodes), concat, { ...node, input: [all], attribute: ensemble }];
}

/** `[N, sets]`: 0 where the category of the row is in a set. What is no category is in none. */
function marksOf(
	prefix: string,
	input: string,
	feature: number,
	sets: readonly (readonly number[])[],
	constants: onnx.ITensorProto[],
): { output: string; nodes: onnx.INodeProto[] } {
	// The first row is for what is no category.
	const table = new Float32Array((mostCodes + 2) * sets.length).fill(1);
	for (const [column, codes] of sets.entries()) for (const code of codes) table[(code + 1) * sets.length + column] = 0;
	const nodes: onnx.INodeProto[] = [];
	const constant = (values: Float32Array | BigInt64Array, shape: readonly number[]) => {
		const name = `${prefix}:${constants.length}`;
		constants.push(tensor(name, values, shape));
		return name;
	};
	const node = (opType: string, from: readonly string[], given: onnx.IAttributeProto[] = []) => {
		const name = `${prefix}:${opType}${nodes.length}`;
		nodes.push({ name, opType, input: [...from], output: [name], attribute: given });
		return name;
	};
	const value = node(
		'Gather',
		[input, constant(BigInt64Array.of(BigInt(feature)), [])],
		[attribute('axis', { int: 1 })],
	);
	const [none, most] = [constant(Float32Array.of(-1), []), constant(Float32Array.of(mostCodes), [])];
	const code = node('Where', [node('Equal', [value, node('Floor', [value])]), value, none]);
	const place = node('Add', [node('Clip', [code, none, most]), constant(Float32Array.of(1), [])]);
	const whole = node('Cast', [place], [attribute('to', { int: elementNumber('int64') })]);
	return { output: node('Gather', [constant(table, [mostCodes + 2, sets.length]), whole]), nodes };
}

/** Nodes by their places in the lists of the attributes, whatever their tree. */
function linkedNodes(ints: (name: string) => Int32Array, threshold: Float32Array, equal: Uint8Array): LinkedNodes {
	const [trees, ids, feature] = [ints('nodes_treeids'), ints('nodes_nodeids'), ints('nodes_featureids')];
	const places = new Map<number, Map<number, number>>();
	for (const [place, tree] of trees.entries()) {
		const known = places.get(tree);
		if (known === undefined) places.set(tree, new Map([[ids[place] as number, place]]));
		else known.set(ids[place] as number, place);
	}
	// Leaves name their own tree's first node, or none: nobody follows them, for only equal nodes are followed.
	const branch = (side: Int32Array) => side.map((id, place) => places.get(trees[place] as number)?.get(id) ?? -1);
	return {
		...{ feature, threshold, equal },
		left: branch(ints('nodes_truenodeids')),
		right: branch(ints('nodes_falsenodeids')),
	};
}
