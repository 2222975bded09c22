/** An ONNX model that is ready to answer. */
import type { Table } from '../data/table.ts';
import type { ModelDescription } from './description.ts';

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

/** A row that the model could not take, and why; its predictions are NaN, its label 0. */
export interface RejectedRow {
	row: number;
	reason: string;
}

/** What a model says of the rows of a table, in their order. */
export interface Predictions {
	rows: number;
	rejected: RejectedRow[];
	/** −1 for an anomaly, 1 for normal. */
	label?: Int8Array;
	/** The estimator's own score. */
	score?: Float64Array;
	/** 0 to 1, higher is more abnormal. */
	anomaly_score?: Float64Array;
	prediction?: Float64Array | string[];
	proba?: { classes: string[]; values: Float64Array[] };
}

export interface Model {
	readonly description: ModelDescription;
	/** Inputs and outputs as the file has them. */
	readonly signature: Signature;
	/** Throws `unknown_column` when a column is missing, `invalid_data` when one can never fit; single rows are rejected. */
	infer(table: Table): Promise<Predictions>;
	close(): Promise<void>;
}

export interface OpenOptions {
	/** Threads inside one call; 1 unless told. */
	threads?: number;
}

export declare function openModel(source: string | Uint8Array, options?: OpenOptions): Promise<Model>;
