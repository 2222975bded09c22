/** An ONNX model that is ready to answer. */
import { InferenceSession } from 'onnxruntime-node';
import type { Table } from '../data/table.ts';
import { type ErrorDetail, PerchError } from '../protocol/errors.ts';
import { type CheckedFile, checkModelBytes, checkModelFile } from './checkFile.ts';
import { derivationOf, type Expressions } from './derivation.ts';
import type { ModelDescription } from './description.ts';
import { bindFeeds, type Feed, planFeeds, type RejectedRow, tensorOf } from './feeds.ts';
import { fuseInputs } from './fuseInputs.ts';
import { type GoldenSet, goldenOf } from './golden.ts';
import { markSets } from './markSets.ts';
import { collectPredictions, type Predictions } from './predictions.ts';
import { ModelProto } from './proto.ts';
import { describeModel, type Signature, signatureOf } from './signature.ts';
import { splitTrees } from './splitTrees.ts';

export type { RejectedRow } from './feeds.ts';
export type { Predictions } from './predictions.ts';
export type { Signature, TensorInfo } from './signature.ts';

/** Rows in one call of the runtime: it blocks the thread for some 25 ms with a hundred trees. */
const blockRows = 8192;

export interface Model {
	readonly description: ModelDescription;
	/** Inputs and outputs as the file has them. */
	readonly signature: Signature;
	/** Rows with the answers that it gave to them when it was made; null where none travel with it. */
	readonly golden: GoldenSet | null;
	/** How columns that it learned from were derived of raw ones. */
	readonly derive: Expressions;
	/**
	 * What the model says of each row. Columns are found by name, others are ignored; null is NaN or ''.
	 * Throws `unknown_column` when a column is missing, `invalid_data` when one can never fit; single rows that do not
	 * fit are rejected and the others answered.
	 */
	infer(table: Table): Promise<Predictions>;
	/** Frees the memory of the runtime; the model cannot be used afterwards. */
	close(): Promise<void>;
}

export interface OpenOptions {
	/** Threads inside one call; 1 unless told. */
	threads?: number;
	/** For files of rows: a call with many rows gains nothing from fused inputs, and much from trees that fit the cache. */
	batch?: boolean;
}

/** What a file is, without loading it into the runtime. Throws `invalid_model`. */
export interface Inspected {
	description: ModelDescription;
	signature: Signature;
}

export async function inspectModel(source: string | Uint8Array): Promise<Inspected> {
	const { description, signature } = await inspect(source);
	return { description, signature };
}

async function inspect(source: string | Uint8Array): Promise<Inspected & { checked: CheckedFile; where: ErrorDetail }> {
	const where: ErrorDetail = typeof source === 'string' ? { file: source } : {};
	const checked = typeof source === 'string' ? await checkModelFile(source) : checkModelBytes(source);
	const signature = signatureOf(checked, where);
	return { checked, where, signature, description: describeModel(checked, signature, where) };
}

/**
 * Checks a model, given as a path or as bytes, and loads it. Throws `file_not_found` or `invalid_model`.
 * A file without Perch's metadata is described by its signature (see signature.ts).
 */
export async function openModel(
	source: string | Uint8Array,
	{ threads = 1, batch = false }: OpenOptions = {},
): Promise<Model> {
	const { checked, where, signature, description } = await inspect(source);
	const { graph, fused } = batch
		? { graph: markSets(splitTrees(checked.graph)), fused: [] }
		: fuseInputs(checked.model);
	const bytes = graph === checked.graph ? checked.bytes : ModelProto.encode({ ...checked.model, graph }).finish();
	const session = await createSession(bytes, threads, where);
	const rankOf = (name: string) => signature.inputs.find((input) => input.name === name)?.shape.length ?? 2;
	const feeds = planFeeds(description.inputs, fused, rankOf);
	const fixedBatch = signature.inputs.some(({ shape }) => shape[0] === 1);
	return {
		description,
		signature,
		golden: goldenOf(checked, where),
		derive: derivationOf(checked, where),
		infer: (table) => infer(session, feeds, description, table, fixedBatch ? 1 : blockRows),
		close: () => session.release(),
	};
}

export async function createSession(bytes: Uint8Array, threads: number, where: ErrorDetail): Promise<InferenceSession> {
	try {
		return await InferenceSession.create(bytes, {
			executionProviders: ['cpu'],
			intraOpNumThreads: threads,
			interOpNumThreads: 1,
			executionMode: 'sequential',
			logSeverityLevel: 4,
			// Threads that wait for work by spinning take the core from those that read and write.
			extra: { session: { intra_op: { allow_spinning: '0' } } },
		});
	} catch (cause) {
		throw new PerchError('invalid_model', `The runtime cannot load the model: ${(cause as Error).message}`, {
			...where,
			hint: 'Export it for operator set 21 or older, with operators that onnxruntime has for the CPU.',
			cause,
		});
	}
}

async function infer(
	session: InferenceSession,
	feeds: readonly Feed[],
	description: ModelDescription,
	table: Table,
	block: number,
): Promise<Predictions> {
	const rejected = new Map<number, RejectedRow>();
	const bound = bindFeeds(feeds, table, (found) => {
		if (!rejected.has(found.row)) rejected.set(found.row, found);
	});
	const collector = collectPredictions(description, table.rows);
	const { errors: _, ...said } = description.outputs;
	const wanted = Object.values(said).filter((name) => name !== undefined);
	for (let from = 0; from < table.rows; from += block) {
		const to = Math.min(table.rows, from + block);
		const tensors = Object.fromEntries(bound.map((one) => [one.feed.name, tensorOf(one, from, to)]));
		collector.add(from, to - from, await run(session, tensors, wanted));
	}
	return collector.finish([...rejected.values()].sort((a, b) => a.row - b.row));
}

async function run(
	session: InferenceSession,
	feeds: InferenceSession.FeedsType,
	outputs: readonly string[],
): Promise<InferenceSession.ReturnType> {
	try {
		return await session.run(feeds, outputs);
	} catch (cause) {
		throw new PerchError('invalid_model', `The model failed while it ran: ${(cause as Error).message}`, {
			hint: 'Its graph does not take what its inputs declare.',
			cause,
		});
	}
}
