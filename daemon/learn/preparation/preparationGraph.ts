/** The preparation as nodes of an ONNX graph. */

import type { ModelInput } from '../../onnx/description.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { CategoryStep, NumberStep, OneHotStep, Preparation } from './preparation.ts';
import { addTransforms, castFinite } from './transformGraph.ts';

/** The inputs of the graph, one a raw column, in the order of the features. */
export function graphInputs({ numbers, texts, categories }: Preparation): ModelInput[] {
	return [
		...numbers.map(({ column, input }): ModelInput => ({ name: column, type: input, width: 1 })),
		...[...texts, ...categories].map(({ column }): ModelInput => ({ name: column, type: 'string', width: 1 })),
	];
}

/** Declares the inputs and returns the name of the features, `[N, k]` float32. */
export function addPreparation(graph: Graph, { numbers, texts, categories }: Preparation): string {
	const [floats, doubles] = (['float', 'double'] as const).map((type) => numbers.filter(({ input }) => input === type));
	return concat(graph, [
		...addNumbers(graph, floats ?? [], addFloats),
		...addNumbers(graph, doubles ?? [], addDoubles),
		...texts.map((step) => addOneHot(graph, step)),
		...categories.map((step) => addCategory(graph, step)),
	]);
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
	return castFinite(graph, graph.node('Sub', [fill(graph, joined, filler), center]));
}

/** Those of one input type: as they are all at once, transformed ones each for itself. */
function addNumbers(
	graph: Graph,
	steps: readonly NumberStep[],
	addPlain: (graph: Graph, steps: readonly NumberStep[]) => string,
): string[] {
	const plain = steps.filter(({ transforms }) => transforms.length === 0);
	const others = steps.filter(({ transforms }) => transforms.length > 0);
	return [...(plain.length > 0 ? [addPlain(graph, plain)] : []), ...others.map((step) => addTransformed(graph, step))];
}

function addTransformed(graph: Graph, { column, input, impute, center, transforms }: NumberStep): string {
	const values = input === 'float' ? Float32Array.of(impute) : Float64Array.of(impute);
	const known = fill(graph, graph.input(column, input, ['N', 1]), graph.constant(values, [1, 1]));
	const double = input === 'float' ? graph.node('Cast', [known], { to: { int: 11 } }) : known;
	const made = addTransforms(graph, double, transforms);
	return castFinite(graph, graph.node('Sub', [made, graph.constant(Float64Array.of(center), [1, 1])]));
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
