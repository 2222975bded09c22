/** Models small enough that their answers are known by heart. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { InputType, ModelDescription } from '../../daemon/onnx/description.ts';
import { descriptionKey } from '../../daemon/onnx/description.ts';
import { createGraph, type Graph } from '../../daemon/onnx/graph.ts';
import type { ServedVersion } from '../../daemon/serve/deploymentConfig.ts';

interface Shape {
	inputs: readonly string[];
	window?: ModelDescription['window'];
	columns?: readonly string[];
}

function describe(
	shape: Shape,
	about: Pick<ModelDescription, 'task' | 'outputs' | 'score'>,
	type: InputType,
): ModelDescription {
	return {
		...about,
		inputs: shape.inputs.map((name) => ({ name, type, width: 1 })),
		classes: [],
		parse: [],
		features: [...shape.inputs],
		window: shape.window ?? null,
		columns: [...(shape.columns ?? shape.inputs)],
		key: null,
		time: null,
		threshold: null,
	};
}

function sumOf(graph: Graph, inputs: readonly string[]): string {
	const columns = inputs.map((name) => graph.input(name, 'float', ['N', 1]));
	const rows = graph.node('Concat', columns, { axis: { int: 1 } });
	return graph.node('MatMul', [rows, graph.constant(new Float32Array(inputs.length).fill(1), [inputs.length, 1])]);
}

/** Regression: the sum of the inputs, and `bias`. */
export function sumModel(shape: Shape, bias = 0): Uint8Array {
	const graph = createGraph('sum');
	const sum = graph.node('Add', [sumOf(graph, shape.inputs), graph.constant(Float32Array.of(bias), [1])]);
	const prediction = graph.output('prediction', 'float', ['N', 1], sum);
	return file(graph, describe(shape, { task: 'regression', outputs: { prediction }, score: null }, 'float'));
}

/** Anomaly: the score is minus the sum of the inputs, and a row below `threshold` is an anomaly. */
export function limitModel(shape: Shape, threshold: number): Uint8Array {
	const graph = createGraph('limit');
	const value = graph.node('Neg', [sumOf(graph, shape.inputs)]);
	const below = graph.node('Less', [value, graph.constant(Float32Array.of(threshold), [])]);
	const signs = [graph.constant(BigInt64Array.of(-1n), []), graph.constant(BigInt64Array.of(1n), [])];
	const label = graph.output('label', 'int64', ['N', 1], graph.node('Where', [below, ...signs]));
	const score = graph.output('score', 'float', ['N', 1], value);
	return file(graph, describe(shape, { task: 'anomaly', outputs: { label, score }, score: 'path' }, 'float'));
}

/** Regression on one input that takes 0 and fails on 1. */
export function brittleModel(input: string, answer: number): Uint8Array {
	const graph = createGraph('brittle');
	const place = graph.node('Cast', [graph.input(input, 'float', ['N', 1])], { to: { int: 7 } });
	const found = graph.node('Gather', [graph.constant(Float32Array.of(answer), [1]), place], { axis: { int: 0 } });
	const prediction = graph.output('prediction', 'float', ['N', 1], found);
	return file(
		graph,
		describe({ inputs: [input] }, { task: 'regression', outputs: { prediction }, score: null }, 'float'),
	);
}

function file(graph: Graph, description: ModelDescription): Uint8Array {
	return graph.toBytes({ [descriptionKey]: JSON.stringify(description) });
}

/** Writes a model and names it as the registry would. */
export function writeVersion(path: string, bytes: Uint8Array, version: number, model = 'small'): ServedVersion {
	writeFileSync(path, bytes);
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	return { model, version, file: path, sha256, alias: null, metrics: { r2: 0.5 }, trained_at: 7, dataset: null };
}
