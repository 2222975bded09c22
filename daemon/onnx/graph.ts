/** Builds an ONNX graph node by node and writes it as a file. */
import type { CheckedFile } from './checkFile.ts';
import { mergeOperatorSets, renamedGraph } from './embed.ts';
import { AttributeProto, type ElementType, elementNumber, ModelProto, type onnx } from './proto.ts';

/** Operator sets and format version: the oldest that hold all that is used, so that old runtimes read the files too. */
const operatorSets = [
	{ domain: '', version: 17 },
	{ domain: 'ai.onnx.ml', version: 3 },
];
const formatVersion = 8;

/** An attribute of a node; the key says its type, as ONNX tells whole numbers from floats. */
export type Attribute =
	| { int: number }
	| { float: number }
	| { string: string }
	| { ints: ArrayLike<number> }
	| { floats: ArrayLike<number> }
	| { strings: readonly string[] };

/** A constant's values with their element type; the shape stands beside it. */
export type Values = Float32Array | Float64Array | BigInt64Array;

/** A length, or the name of one that is known only when the graph runs. */
export type Dimension = number | string;

export interface Graph {
	/** Declares an input and returns its name. */
	input(name: string, type: ElementType, shape: readonly Dimension[]): string;
	/** Adds a constant and returns its name. */
	constant(values: Values, shape: readonly number[]): string;
	/** Adds a node and returns the name of its output; of several outputs of the operator that which stands at `place`. */
	node(
		operator: string,
		inputs: readonly string[],
		attributes?: Record<string, Attribute>,
		domain?: string,
		place?: number,
	): string;
	/**
	 * Shows what a node gives as an output of the graph: under that name, or with underscores added to it while an input
	 * has the name. Returns the name, which is from then on that of the value.
	 */
	output(name: string, type: ElementType, shape: readonly Dimension[], value: string): string;
	/**
	 * Takes the nodes of another graph in, which get `value` in the place of its only input; returns the name of its output
	 * of that name. The file is then made for the other's operator sets: `invalid_model` where they are too old for it.
	 */
	embed(model: CheckedFile, value: string, output: string): string;
	/** The file, with these texts as its metadata. */
	toBytes(metadata: Record<string, string>): Uint8Array;
}

export function createGraph(graphName: string): Graph {
	const inputs: onnx.IValueInfoProto[] = [];
	const outputs: onnx.IValueInfoProto[] = [];
	const nodes: onnx.INodeProto[] = [];
	const constants: onnx.ITensorProto[] = [];
	const taken = new Set<string>();
	const embedded: onnx.ModelProto[] = [];

	function free(wish: string, next: (attempt: number) => string): string {
		let name = wish;
		for (let attempt = 1; taken.has(name); attempt++) name = next(attempt);
		taken.add(name);
		return name;
	}
	const internal = (what: string) => free(`perch:${what}`, (attempt) => `perch:${what}:${attempt}`);

	return {
		input(name, type, shape) {
			taken.add(name);
			inputs.push(valueInfo(name, type, shape));
			return name;
		},
		constant(values, shape) {
			const name = internal('constant');
			constants.push(tensor(name, values, shape));
			return name;
		},
		node(operator, from, attributes = {}, domain = '', place = 0) {
			const name = internal(operator.toLowerCase());
			nodes.push({
				name,
				opType: operator,
				domain,
				input: [...from],
				// An output without a name is not wanted.
				output: [...new Array<string>(place).fill(''), name],
				attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
			});
			return name;
		},
		output(wish, type, shape, value) {
			const name = free(wish, (attempt) => wish + '_'.repeat(attempt));
			// Renamed, and not copied by an Identity: that costs two microseconds a call.
			const renamed = (known: string) => (known === value ? name : known);
			for (const node of nodes) {
				node.input = (node.input ?? []).map(renamed);
				node.output = (node.output ?? []).map(renamed);
			}
			outputs.push(valueInfo(name, type, shape));
			return name;
		},
		embed({ model, graph }, value, output) {
			embedded.push(model);
			const prefix = internal('embedded');
			const added = renamedGraph(graph, prefix, new Map([[graph.input?.[0]?.name ?? '', value]]));
			nodes.push(...(added.node ?? []));
			constants.push(...(added.initializer ?? []));
			return `${prefix}:${output}`;
		},
		toBytes(metadata) {
			return ModelProto.encode({
				irVersion: Math.max(formatVersion, ...embedded.map(({ irVersion }) => Number(irVersion))),
				opsetImport: mergeOperatorSets(operatorSets, embedded),
				producerName: 'perch',
				graph: { name: graphName, node: nodes, initializer: constants, input: inputs, output: outputs },
				metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
			}).finish();
		},
	};
}

/** The declaration of an input or output. */
export function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): onnx.IValueInfoProto {
	const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
	return { name, type: { tensorType: { elemType: elementNumber(type), shape: { dim } } } };
}

/** A constant tensor; ONNX stores raw data little-endian, as every platform of Perch does. */
export function tensor(name: string, values: Values, shape: readonly number[]): onnx.ITensorProto {
	const type = values instanceof Float32Array ? 'float' : values instanceof Float64Array ? 'double' : 'int64';
	return {
		name,
		dims: [...shape],
		dataType: elementNumber(type),
		rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
	};
}

const { INT, FLOAT, STRING, INTS, FLOATS, STRINGS } = AttributeProto.AttributeType;

/** An attribute of a node. */
export function attribute(name: string, value: Attribute): onnx.IAttributeProto {
	if ('int' in value) return { name, type: INT, i: value.int };
	if ('float' in value) return { name, type: FLOAT, f: value.float };
	if ('string' in value) return { name, type: STRING, s: text(value.string) };
	if ('ints' in value) return { name, type: INTS, ints: Array.from(value.ints) };
	if ('floats' in value) return { name, type: FLOATS, floats: Array.from(value.floats) };
	const known = new Map<string, Uint8Array>();
	const strings = value.strings.map((word) => {
		const bytes = known.get(word) ?? text(word);
		known.set(word, bytes);
		return bytes;
	});
	return { name, type: STRINGS, strings };
}

function text(value: string): Uint8Array {
	return new TextEncoder().encode(value);
}
