/** What a graph takes and gives, and what that means: read from its metadata, or made out from names and types. */
import { type ErrorDetail, PerchError } from '../protocol/errors.ts';
import { parse } from '../protocol/parse.ts';
import type { CheckedFile } from './checkFile.ts';
import { descriptionKey, inputType, type ModelDescription, type ModelInput, modelDescription } from './description.ts';
import { elementTypes, type onnx } from './proto.ts';

/** A tensor that a graph takes or gives; null is a length that is known only when it runs. */
export interface TensorInfo {
	name: string;
	type: string;
	shape: (number | null)[];
}

export interface Signature {
	inputs: TensorInfo[];
	outputs: TensorInfo[];
}

/** Inputs and outputs of a checked file; constants that older files list among the inputs are not counted. */
export function signatureOf(checked: CheckedFile, where: ErrorDetail): Signature {
	const constants = new Set((checked.graph.initializer ?? []).map((tensor) => tensor.name));
	const inputs = (checked.graph.input ?? []).filter((value) => !constants.has(value.name));
	return {
		inputs: inputs.map((value) => tensorInfo(value, 'input', where)),
		outputs: (checked.graph.output ?? []).map((value) => tensorInfo(value, 'output', where)),
	};
}

function tensorInfo(value: onnx.IValueInfoProto, side: 'input' | 'output', where: ErrorDetail): TensorInfo {
	const tensor = value.type?.tensorType;
	if (!tensor) {
		throw new PerchError('invalid_model', `The ${side} ${value.name} is no tensor but a sequence or a map.`, {
			...where,
			hint: "Export with plain tensors; in skl2onnx: options={'zipmap': False}.",
		});
	}
	const shape = (tensor.shape?.dim ?? []).map((dim) => (dim.dimValue ? Number(dim.dimValue) : null));
	return { name: value.name ?? '', type: elementTypes[tensor.elemType ?? 0] ?? 'undefined', shape };
}

/** The description in the metadata, else one made out from the signature. */
export function describeModel(checked: CheckedFile, signature: Signature, where: ErrorDetail): ModelDescription {
	const entry = checked.model.metadataProps.find(({ key }) => key === descriptionKey);
	if (entry === undefined) return describeSignature(checked, signature, where);
	let written: unknown;
	try {
		written = JSON.parse(entry.value ?? '');
	} catch (cause) {
		throw new PerchError('invalid_model', 'The metadata of the model is no JSON.', {
			...where,
			hint: `The entry ${descriptionKey} was changed by hand, or is cut off.`,
			cause,
		});
	}
	const description = parse(modelDescription, written, 'invalid_model', where);
	const known = new Set([...signature.inputs, ...signature.outputs].map(({ name }) => name));
	const named = [...description.inputs.map(({ name }) => name), ...Object.values(description.outputs)];
	const stranger = named.find((name) => name !== undefined && !known.has(name));
	if (stranger !== undefined) {
		throw new PerchError('invalid_model', `The metadata names ${JSON.stringify(stranger)}, which the graph lacks.`, {
			...where,
			hint: 'Graph and metadata are of different models.',
		});
	}
	return description;
}

function describeSignature(checked: CheckedFile, signature: Signature, where: ErrorDetail): ModelDescription {
	const inputs = signature.inputs.map((tensor) => describeInput(tensor, where));
	return {
		...describeOutputs(checked, signature.outputs, where),
		inputs,
		features: [],
		parse: [],
		window: null,
		columns: inputs.filter(({ width }) => width === 1).map(({ name }) => name),
		key: null,
		time: null,
		threshold: null,
	};
}

function describeInput({ name, type, shape }: TensorInfo, where: ErrorDetail): ModelInput {
	const known = inputType.options.find((option) => option === type);
	if (known === undefined) {
		throw new PerchError('invalid_model', `The input ${name} has the type ${type}.`, {
			...where,
			hint: `Inputs may be ${inputType.options.join(', ')}.`,
		});
	}
	const [batch, width] = shape;
	if (shape.length > 2 || (typeof batch === 'number' && batch !== 1)) {
		throw new PerchError(
			'invalid_model',
			`The input ${name} has the shape [${shape.map((size) => size ?? 'N').join(', ')}].`,
			{
				...where,
				hint: 'Inputs may be [N, 1], one a column, or one [N, k]; export with a batch size that may change.',
			},
		);
	}
	return { name, type: known, width: shape.length < 2 ? 1 : (width ?? null) };
}

type Meaning = Pick<ModelDescription, 'task' | 'outputs' | 'score' | 'classes'>;

/** Outputs as scikit-learn's exporters name them: label, scores or score_samples, probabilities, variable. */
function describeOutputs(checked: CheckedFile, outputs: TensorInfo[], where: ErrorDetail): Meaning {
	const isFloat = ({ type }: TensorInfo) => type === 'float' || type === 'double';
	const isName = ({ type }: TensorInfo) => type === 'int64' || type === 'int32' || type === 'string';
	const label =
		outputs.find((tensor) => isName(tensor) && /label|class|predict/i.test(tensor.name)) ?? outputs.find(isName);
	const floats = outputs.filter(isFloat);
	const single = floats.filter(({ shape }) => shape.length < 2 || shape[1] === 1 || shape[1] === null);
	const proba = floats.find(({ name }) => /prob/i.test(name));
	if (label !== undefined && proba !== undefined) {
		const classes = classNames(checked.graph, proba.shape[1] ?? null);
		return {
			task: 'classification',
			outputs: { prediction: label.name, proba: proba.name },
			score: null,
			classes,
		};
	}
	const path = single.find(({ name }) => /score_?samples/i.test(name) || name === 'score');
	const score = path ?? single.find(({ name }) => /score|decision|anomaly/i.test(name));
	if (label !== undefined && label.type !== 'string' && score !== undefined) {
		return {
			task: 'anomaly',
			outputs: { label: label.name, score: score.name },
			score: path === undefined ? 'decision' : 'path',
			classes: [],
		};
	}
	if (label !== undefined) {
		return { task: 'classification', outputs: { prediction: label.name }, score: null, classes: [] };
	}
	const [first] = single;
	if (first !== undefined) {
		return { task: 'regression', outputs: { prediction: first.name }, score: null, classes: [] };
	}
	const found = outputs.map(({ name, type }) => `${name} (${type})`).join(', ');
	throw new PerchError('invalid_model', `None of the outputs can be read as a prediction: ${found}.`, {
		...where,
		hint: 'Expected label and score, label and probabilities, or one column of numbers.',
	});
}

/** The names of the classes as a classifier of ai.onnx.ml keeps them, else their numbers. */
function classNames(graph: onnx.IGraphProto, count: number | null): string[] {
	for (const node of graph.node ?? []) {
		for (const { name, ints, strings } of node.attribute ?? []) {
			if (!/^(classlabels|class_labels|classlabels_strings|classlabels_ints|classlabels_int64s)$/.test(name ?? ''))
				continue;
			const names = strings?.length
				? strings.map((bytes) => new TextDecoder().decode(bytes))
				: (ints ?? []).map(String);
			if (names.length > 0 && (count === null || names.length === count)) return names;
		}
	}
	return Array.from({ length: count ?? 0 }, (_, index) => String(index));
}
