/**
 * Reads an ONNX file and refuses what must never reach the runtime. The runtime has opened files named inside a model
 * before it was told not to (CVE-2022-25882 and its three successors), so the file is parsed here first.
 */
import { readFile, stat } from 'node:fs/promises';
import { type ErrorDetail, PerchError, toPerchError } from '../protocol/errors.ts';
import { ModelProto, type onnx, TensorProto } from './proto.ts';

/** The domains of operators that are run, with the newest set of each that the runtime knows. */
const knownDomains = new Map([
	['', 26],
	['ai.onnx', 26],
	['ai.onnx.ml', 5],
	['com.microsoft', 1],
]);
const limits = { bytes: 1 << 30, nodes: 100_000, depth: 16 };

/** A file that passed: its bytes, and what they say. */
export interface CheckedFile {
	bytes: Uint8Array;
	model: onnx.ModelProto;
	graph: onnx.IGraphProto;
}

/** Reads and checks a file; throws `file_not_found`, or `invalid_model` with what is wrong and what to do. */
export async function checkModelFile(path: string): Promise<CheckedFile> {
	try {
		const { size } = await stat(path);
		if (size > limits.bytes) throw tooLarge(size, { file: path });
		return checkModelBytes(await readFile(path), path);
	} catch (error) {
		throw toPerchError(error);
	}
}

/** The same for bytes in memory; `file` is named in errors. */
export function checkModelBytes(bytes: Uint8Array, file?: string): CheckedFile {
	const where: ErrorDetail = file === undefined ? {} : { file };
	if (bytes.length > limits.bytes) throw tooLarge(bytes.length, where);
	const model = decode(bytes, where);
	const { graph } = model;
	if (!graph?.output?.length || model.opsetImport.length === 0 || !Number(model.irVersion)) {
		throw notOnnx('It holds no graph with outputs.', where);
	}
	if (model.functions.length > 0) {
		throw new PerchError('invalid_model', 'The model defines functions of its own, which Perch does not take.', {
			...where,
			hint: 'Inline them: onnx.inliner.inline_local_functions(model) in Python.',
		});
	}
	checkOperatorSets(model.opsetImport, where);
	const count = { nodes: 0 };
	checkGraph(graph, bytes.length, where, count, 0);
	if (count.nodes === 0) throw notOnnx('Its graph holds no node.', where);
	return { bytes, model, graph };
}

function decode(bytes: Uint8Array, where: ErrorDetail): onnx.ModelProto {
	if (bytes.length === 0) throw notOnnx('It is empty.', where);
	try {
		// A plain view: of a Buffer the decoder reads empty texts by a constructor that Node warns of.
		return ModelProto.decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
	} catch (cause) {
		throw new PerchError('invalid_model', `The file is no ONNX model, or is cut off: ${(cause as Error).message}.`, {
			...where,
			hint: 'Export it again, and copy it whole: ONNX files are binary.',
			cause,
		});
	}
}

function checkOperatorSets(sets: readonly onnx.IOperatorSetIdProto[], where: ErrorDetail): void {
	for (const { domain, version } of sets) {
		const newest = knownDomains.get(domain ?? '');
		if (newest === undefined || Number(version) <= newest) continue;
		throw new PerchError('invalid_model', `It is made for operator set ${version} of ${domain || 'ai.onnx'}.`, {
			...where,
			hint: `The runtime knows sets up to ${newest}: export it for that one or an older one.`,
		});
	}
}

function checkGraph(
	graph: onnx.IGraphProto,
	size: number,
	where: ErrorDetail,
	count: { nodes: number },
	depth: number,
): void {
	if (depth > limits.depth) throw notOnnx(`Its graphs are nested deeper than ${limits.depth}.`, where);
	for (const tensor of graph.initializer ?? []) checkTensor(tensor, size, where);
	for (const sparse of graph.sparseInitializer ?? []) checkSparse(sparse, size, where);
	for (const node of graph.node ?? []) {
		count.nodes++;
		if (count.nodes > limits.nodes) throw notOnnx(`It has more than ${limits.nodes} nodes.`, where);
		if (!knownDomains.has(node.domain ?? '')) {
			throw new PerchError('invalid_model', `Operator ${node.opType} is of the unknown domain ${node.domain}.`, {
				...where,
				hint: 'Only operators of ai.onnx, ai.onnx.ml and com.microsoft are run.',
			});
		}
		for (const attribute of node.attribute ?? []) checkAttribute(attribute, size, where, count, depth);
	}
}

function checkAttribute(
	attribute: onnx.IAttributeProto,
	size: number,
	where: ErrorDetail,
	count: { nodes: number },
	depth: number,
): void {
	if (attribute.t) checkTensor(attribute.t, size, where);
	for (const tensor of attribute.tensors ?? []) checkTensor(tensor, size, where);
	if (attribute.sparseTensor) checkSparse(attribute.sparseTensor, size, where);
	for (const sparse of attribute.sparseTensors ?? []) checkSparse(sparse, size, where);
	if (attribute.g) checkGraph(attribute.g, size, where, count, depth + 1);
	for (const graph of attribute.graphs ?? []) checkGraph(graph, size, where, count, depth + 1);
}

function checkSparse(sparse: onnx.ISparseTensorProto, size: number, where: ErrorDetail): void {
	if (sparse.values) checkTensor(sparse.values, size, where);
	if (sparse.indices) checkTensor(sparse.indices, size, where);
	const elements = (sparse.dims ?? []).reduce<number>((product, dim) => product * Number(dim), 1);
	if (elements > limits.bytes / 4) throw notOnnx(`A sparse tensor unfolds to ${elements} elements.`, where);
}

function checkTensor(tensor: onnx.ITensorProto, size: number, where: ErrorDetail): void {
	if (tensor.dataLocation === TensorProto.DataLocation.EXTERNAL || (tensor.externalData?.length ?? 0) > 0) {
		throw new PerchError('invalid_model', `The tensor ${tensor.name ?? ''} keeps its data in another file.`, {
			...where,
			hint: 'Save the model as one file: onnx.save(model, path, save_as_external_data=False) in Python.',
		});
	}
	const dims = (tensor.dims ?? []).map(Number);
	// A byte holds two elements of the smallest types.
	const elements = dims.reduce((product, dim) => product * dim, 1);
	if (dims.some((dim) => dim < 0) || elements > 2 * size) {
		throw notOnnx(
			`The tensor ${tensor.name ?? ''} claims [${dims.join(', ')}] elements, more than the file holds.`,
			where,
		);
	}
}

function tooLarge(size: number, where: ErrorDetail): PerchError {
	return new PerchError('invalid_model', `The model has ${size} bytes; at most ${limits.bytes} are taken.`, {
		...where,
		hint: 'Perch is made for small models: fewer or shallower trees, or a smaller network.',
	});
}

function notOnnx(what: string, where: ErrorDetail): PerchError {
	return new PerchError('invalid_model', `The file is no ONNX model that can be run. ${what}`, {
		...where,
		hint: 'Export it again, and copy it whole.',
	});
}
