/** The preparation as nodes of an ONNX graph. */

import { greatestFloat, type ModelInput } from '../../onnx/description.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { CategoryStep, NumberStep, OneHotStep, Preparation } from './preparation.ts';

/** The inputs of the graph, one a raw column, in the order of the features. */
export function graphInputs({ numbers, texts, categories }: Preparation): ModelInput[] {
	return [
		...numbers.map(({ column, input }): ModelInput => ({ name: column, type: input, width: 1 })),
		...[...texts, ...categories].map(({ column }): ModelInput => ({ name: column, type: 'string', width: 1 })),
	];
}

/** Declares the inputs and returns the name of the features, `[N, k]` float32. */
export function addPreparation(graph: Graph, { numbers, texts, categories }: Preparation): string {
	const floats = numbers.filter(({ input }) => input === 'float');
	const doubles = numbers.filter(({ input }) => input === 'double');
	const parts: string[] = [];
	if (floats.length > 0) parts.push(addFloats(graph, floats));
	if (doubles.length > 0) parts.push(addDoubles(graph, doubles));
	parts.push(...texts.map((step) => addOneHot(graph, step)), ...categories.map((step) => addCategory(graph, step)));
	return concat(graph, parts);
}

function concat(graph: Graph, parts: readonly string[]): string {
	const [first] = parts as [string];
	return parts.length === 1 ? first : graph.node('Concat', parts, { axis: { int: 1 } });
}

function addFloats(graph: Graph, steps: readonly NumberStep[]): string {
	const joined = concat(
		graph,
		steps.map(({ column }) => graph.input(column, 'float', ['N', 1])),
	);
	const filler = graph.constant(
		Float32Array.from(steps, ({ impute }) => impute),
		[1, steps.length],
	);
	return fill(graph, joined, filler);
}

/** Fills in what is missing: NaN, and the infinities, which Perch reads as no value. Both are what less itself is NaN. */
function fill(graph: Graph, values: string, filler: string): string {
	const missing = graph.node('IsNaN', [graph.node('Sub', [values, values])]);
	return graph.node('Where', [missing, filler, values]);
}

function addDoubles(graph: Graph, steps: readonly NumberStep[]): string {
	const joined = concat(
		graph,
		steps.map(({ column }) => graph.input(column, 'double', ['N', 1])),
	);
	const filler = graph.constant(
		Float64Array.from(steps, ({ impute }) => impute),
		[1, steps.length],
	);
	const center = graph.constant(
		Float64Array.from(steps, (step) => step.center),
		[1, steps.length],
	);
	const centered = graph.node('Sub', [fill(graph, joined, filler), center]);
	const [lowest, highest] = [-greatestFloat, greatestFloat].map((bound) => graph.constant(Float64Array.of(bound), []));
	const finite = graph.node('Clip', [centered, lowest as string, highest as string]);
	return graph.node('Cast', [finite], { to: { int: 1 } });
}

/** Text to the number of its category, −1 for null and for what is unknown, and that to zeros and a one. */
function addOneHot(graph: Graph, { column, categories, shared }: OneHotStep): string {
	const width = categories.length + +shared;
	const number = graph.node(
		'LabelEncoder',
		[graph.input(column, 'string', ['N', 1])],
		{
			keys_strings: { strings: ['', ...categories] },
			values_int64s: { ints: [-1, ...categories.keys()] },
			default_int64: { int: shared ? categories.length : -1 },
		},
		'ai.onnx.ml',
	);
	const encoded = graph.node(
		'OneHotEncoder',
		[number],
		{ cats_int64s: { ints: Array.from({ length: width }, (_, index) => index) }, zeros: { int: 1 } },
		'ai.onnx.ml',
	);
	return graph.node('Reshape', [encoded, graph.constant(BigInt64Array.of(-1n, BigInt(width)), [2])]);
}

/** Text to the number of its category. */
function addCategory(graph: Graph, { column, categories }: CategoryStep): string {
	const { length } = categories;
	return graph.node(
		'LabelEncoder',
		[graph.input(column, 'string', ['N', 1])],
		{
			keys_strings: { strings: ['', ...categories] },
			values_floats: { floats: [length + 1, ...categories.keys()] },
			default_float: { float: length },
		},
		'ai.onnx.ml',
	);
}
