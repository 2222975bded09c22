/** From a table to a finished model file: preparation, estimator, graph, measures. */
import type { Table } from '../data/table.ts';
import type { ModelDescription } from '../onnx/description.ts';
import type { Progress } from '../protocol/core.ts';
import type { WindowSection } from '../protocol/project/data.ts';
import type { ModelSection } from '../protocol/project/model.ts';
import type { PrepareSection } from '../protocol/project/prepare.ts';

/** What to train, in the terms of perch.yaml. */
export interface TrainingSpec {
	model: ModelSection;
	prepare: PrepareSection;
	/** Columns that the model takes; all usable ones unless told. */
	columns?: readonly string[] | undefined;
	exclude?: readonly string[] | undefined;
	/** Measures an anomaly model, and is never trained on. */
	target?: string | null | undefined;
	key?: string | null | undefined;
	time?: string | null | undefined;
	/** Set when the rows of the table are the features of windows: how they were cut, and from which raw columns. */
	window?: { section: WindowSection; columns: readonly string[] } | null | undefined;
	/** Rows that are scored and not trained on, in the same shape as the table. */
	test?: Table | undefined;
}

export interface TrainedModel {
	/** The ONNX file. */
	onnx: Uint8Array;
	description: ModelDescription;
	/** Params of estimator and preparation, as text, as MLflow keeps them. */
	params: Record<string, string>;
	metrics: Record<string, number>;
	/** Metrics over steps (trees grown so far). */
	history: Record<string, { step: number; value: number }[]>;
	warnings: string[];
	/** The raw inputs of the graph as the model saw them: the reference of drift. */
	trainingInputs: Table;
}

/**
 * Trains a model and writes it as one ONNX graph that contains the preparation.
 * Throws `invalid_config` (params, preparation), `unknown_column`, `empty_data`, `invalid_data` (no usable column, a
 * target that is no label) and `model_mismatch` when graph and estimator disagree about a training row.
 */
export declare function trainModel(
	table: Table,
	spec: TrainingSpec,
	onProgress?: (progress: Progress) => void,
): Promise<TrainedModel>;
