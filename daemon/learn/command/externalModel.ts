/** A graph from elsewhere that takes prepared features, and how it becomes part of ours. */
import { numberColumn } from '../../data/table.ts';
import type { CheckedFile } from '../../onnx/checkFile.ts';
import { descriptionKey, type ModelDescription } from '../../onnx/description.ts';
import { createGraph, type Graph } from '../../onnx/graph.ts';
import { openModel } from '../../onnx/model.ts';
import { signatureOf, type TensorInfo } from '../../onnx/signature.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import type { Target } from '../target.ts';

export interface ExternalModel {
	features: number;
	/** Numbers a row: 1, or one a class. */
	outputs: number;
	/** From `[N, features]` to `[N, outputs]`, float32. */
	addToGraph(graph: Graph, features: string): string;
}

/** What is asked of it: a number, a probability a class, or a score. */
export type ExternalTask = Target['task'] | 'anomaly';

/**
 * Finds the one input, `[N, features]` of float or double, and the output that answers: the only one of numbers, or that
 * whose name says so. Throws `invalid_model` where there is none such.
 */
export function readExternal(file: CheckedFile, features: number, task: ExternalTask, outputs: number): ExternalModel {
	const { inputs, outputs: given } = signatureOf(file, {});
	const [input] = inputs;
	const width = input?.shape[1] ?? null;
	if (input === undefined || inputs.length > 1 || !isNumbers(input) || input.shape.length !== 2) {
		throw refusal(
			`takes ${shown(inputs)}`,
			`It should have one input, float [N, ${features}]: the features in their order.`,
		);
	}
	if (width !== null && width !== features) {
		throw refusal(`takes ${width} columns`, `The prepared rows have ${features}, and the target beside them.`);
	}
	if (typeof input.shape[0] === 'number' && input.shape[0] !== null) {
		throw refusal(`takes ${input.shape[0]} rows at a time`, 'Export it with a batch size that may change.');
	}
	const answer = answerOf(given, task, outputs);
	return {
		features,
		outputs,
		addToGraph(graph, value) {
			const taken = input.type === 'double' ? graph.node('Cast', [value], { to: { int: double } }) : value;
			const said = graph.embed(file, taken, answer.name);
			const flat = graph.node('Reshape', [said, graph.constant(BigInt64Array.of(-1n, BigInt(outputs)), [2])]);
			return answer.type === 'double' ? graph.node('Cast', [flat], { to: { int: float } }) : flat;
		},
	};
}

/** Numbers of element types in the ONNX schema. */
const [float, double] = [1, 11];

function isNumbers({ type }: TensorInfo): boolean {
	return type === 'float' || type === 'double';
}

function answerOf(given: readonly TensorInfo[], task: ExternalTask, outputs: number): TensorInfo {
	const fitting = given.filter((tensor) => {
		const width = tensor.shape.length < 2 ? 1 : (tensor.shape[1] ?? null);
		return isNumbers(tensor) && tensor.shape.length <= 2 && (width === null || width === outputs);
	});
	const named = { classification: /prob/i, regression: /variable|predict|output/i, anomaly: /score/i }[task];
	const answer = fitting.length === 1 ? fitting[0] : fitting.find(({ name }) => named.test(name));
	if (answer !== undefined) return answer;
	throw refusal(
		`gives ${shown(given)}`,
		task === 'classification'
			? `It should give the probabilities, float [N, ${outputs}]; in skl2onnx: options={'zipmap': False}.`
			: 'It should give one float a row.',
	);
}

function shown(tensors: readonly TensorInfo[]): string {
	const words = tensors.map(
		({ name, type, shape }) => `${name} ${type}[${shape.map((size) => size ?? 'N').join(', ')}]`,
	);
	return words.join(' and ') || 'nothing';
}

function refusal(what: string, hint: string): PerchError {
	return new PerchError('invalid_model', `The model that the command left ${what}.`, { field: 'model.run', hint });
}

/** What it says of prepared rows, row by row. */
export async function answersOf(
	{ features, outputs, addToGraph }: ExternalModel,
	matrix: FeatureMatrix,
): Promise<Float64Array> {
	const graph = createGraph('external');
	const proba = graph.output(
		'answers',
		'float',
		['N', outputs],
		addToGraph(graph, graph.input('features', 'float', ['N', features])),
	);
	const description: ModelDescription = {
		...{ task: 'classification', outputs: { proba }, score: null, classes: [], features: [], parse: [] },
		...{ window: null, columns: [], key: null, time: null, threshold: null },
		inputs: [{ name: 'features', type: 'float', width: features }],
	};
	const model = await openModel(graph.toBytes({ [descriptionKey]: JSON.stringify(description) }));
	try {
		const columns = matrix.columns.map((column, index) => numberColumn(`features_${index}`, Float64Array.from(column)));
		const { proba: said } = await model.infer({ rows: matrix.rows, columns });
		const answers = new Float64Array(matrix.rows * outputs);
		for (const [output, values] of (said?.values ?? []).entries()) {
			for (let row = 0; row < matrix.rows; row++) answers[row * outputs + output] = values[row] as number;
		}
		return answers;
	} finally {
		await model.close();
	}
}
