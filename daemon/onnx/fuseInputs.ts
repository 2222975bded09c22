/**
 * Each input of a graph costs about a microsecond and a half a call: twenty `[N, 1]` inputs 32 µs, one `[N, 20]` 6 µs.
 * So before a graph is loaded its one-column inputs are made one tensor a type, which a Split takes apart again.
 */
import { tensor, valueInfo } from './graph.ts';
import { type ElementType, elementTypes, type onnx } from './proto.ts';

/** Types whose columns can be put together. */
const fusable: readonly ElementType[] = ['float', 'double', 'string', 'int64'];

/** A tensor that is fed: the inputs of the file that it holds, in the order of its columns. */
export interface FusedInput {
	name: string;
	inputs: string[];
}

/** The first operator set whose Split takes its sizes as an input. */
const splitSince = 13;

/** A graph whose one-column inputs are fused, and what it is fed; other inputs stay as they are and are not listed. */
export function fuseInputs({ graph, opsetImport }: Pick<onnx.IModelProto, 'graph' | 'opsetImport'>): {
	graph: onnx.IGraphProto;
	fused: FusedInput[];
} {
	graph ??= {};
	const operators = opsetImport?.find(({ domain }) => !domain || domain === 'ai.onnx');
	if (Number(operators?.version ?? 0) < splitSince) return { graph, fused: [] };
	const constants = new Set((graph.initializer ?? []).map(({ name }) => name));
	const inputs = (graph.input ?? []).filter(({ name }) => !constants.has(name));
	const fused: FusedInput[] = [];
	let result = graph;
	for (const type of fusable) {
		const columns = inputs.filter((value) => isColumn(value, type)).map(({ name }) => name ?? '');
		if (columns.length < 2) continue;
		const name = `perch:fused:${type}`;
		result = fuse(result, name, type, columns);
		fused.push({ name, inputs: columns });
	}
	return { graph: result, fused };
}

function isColumn({ type }: onnx.IValueInfoProto, wanted: ElementType): boolean {
	const dims = type?.tensorType?.shape?.dim ?? [];
	const fixedBatch = Number(dims[0]?.dimValue ?? 0) > 0;
	return (
		elementTypes[type?.tensorType?.elemType ?? 0] === wanted &&
		dims.length === 2 &&
		!fixedBatch &&
		Number(dims[1]?.dimValue ?? 0) === 1
	);
}

function fuse(graph: onnx.IGraphProto, name: string, type: ElementType, columns: string[]): onnx.IGraphProto {
	const rest = (graph.input ?? []).filter((value) => !columns.includes(value.name ?? ''));
	const input = [...rest, valueInfo(name, type, ['N', columns.length])];
	const joined = joinOf(graph, columns);
	if (joined !== undefined) {
		const node = (graph.node ?? [])
			.filter((other) => other !== joined)
			.map((other) => ({
				...other,
				input: (other.input ?? []).map((from) => (from === joined.output?.[0] ? name : from)),
			}));
		return { ...graph, input, node };
	}
	const sizes = `${name}:sizes`;
	const split: onnx.INodeProto = {
		name: `${name}:split`,
		opType: 'Split',
		input: [name, sizes],
		output: columns,
		...axisOne,
	};
	const ones = new BigInt64Array(columns.length).fill(1n);
	return {
		...graph,
		input,
		node: [split, ...(graph.node ?? [])],
		initializer: [...(graph.initializer ?? []), tensor(sizes, ones, [columns.length])],
	};
}

const axisOne = { attribute: [{ name: 'axis', type: 2, i: 1 }] };

/** The Concat that puts exactly these inputs together, when nothing else uses them: the fused input takes its place. */
function joinOf(graph: onnx.IGraphProto, columns: string[]): onnx.INodeProto | undefined {
	const users = (graph.node ?? []).filter((node) => node.input?.some((name) => columns.includes(name)));
	const [join] = users;
	const outputs = (graph.output ?? []).map(({ name }) => name);
	const nested = graph.node?.some((node) => node.attribute?.some(({ g, graphs }) => g || graphs?.length));
	const fits =
		!nested &&
		users.length === 1 &&
		join?.opType === 'Concat' &&
		Number(join.attribute?.find(({ name }) => name === 'axis')?.i) === 1 &&
		join.input?.length === columns.length &&
		join.input.every((name, index) => name === columns[index]) &&
		!outputs.some((name) => name === join.output?.[0] || columns.includes(name ?? ''));
	return fits ? join : undefined;
}
