/** What goes into a training and comes out of it, whatever the estimator. */
import { rawColumns } from '../data/parse/parseColumns.ts';
import type { Table } from '../data/table.ts';
import type { ModelDescription } from '../onnx/description.ts';
import { type GoldenSet, withGolden } from '../onnx/golden.ts';
import { type Model, openModel } from '../onnx/model.ts';
import { isPerchError, PerchError } from '../protocol/errors.ts';
import type { Explanations } from '../protocol/explanations.ts';
import type { WindowSection } from '../protocol/project/data.ts';
import type { ModelSection } from '../protocol/project/model.ts';
import type { ParseStep } from '../protocol/project/parse.ts';
import { parseSteps } from '../protocol/project/prepare.ts';
import type { SplitSection } from '../protocol/project/split.ts';
import type { History } from './estimator.ts';
import type { FeatureMatrix } from './preparation/featureMatrix.ts';
import { applyPreparation, featureNames, type Preparation } from './preparation/preparation.ts';
import type { PreparationSpec } from './preparation/preparationPlan.ts';
import type { SeriesHoldout } from './validation/compareSeries.ts';

/** What to train, in the terms of perch.yaml; the rows are parsed already. */
export interface TrainingSpec extends PreparationSpec {
	model: ModelSection;
	/**
	 * Set when the rows of the table are the features of windows: how they were cut, and from which raw columns. An
	 * estimator that cuts them itself is given the raw rows.
	 */
	window?: { section: WindowSection; columns: readonly string[] } | null | undefined;
	/** Rows that are scored and not trained on, in the same shape as the table. */
	test?: Table | undefined;
	/** Which rows a model is measured with, where `test` has none. */
	split?: SplitSection | undefined;
	/** A folder for what an external trainer reads and writes. */
	dir?: string | undefined;
	/** Asks the finished model about raw rows, which then travel with it. */
	golden?: ((model: Model) => Promise<GoldenSet | null>) | undefined;
}

export interface TrainedModel {
	/** The ONNX file. */
	onnx: Uint8Array;
	description: ModelDescription;
	/** Params of estimator and preparation, as text, as MLflow keeps them. */
	params: Record<string, string>;
	metrics: Record<string, number>;
	/** Metrics over steps (trees grown so far). */
	history: History;
	warnings: string[];
	/** The raw inputs of the graph as the model saw them: the reference of drift. */
	trainingInputs: Table;
	/** Files that the training left, by the name that the run keeps them under. */
	files?: Readonly<Record<string, string>>;
	/** Rows with a target that were not learned from; null where there are none. */
	holdout: Table | null;
	/** The same of a net on series. */
	heldSeries?: SeriesHoldout;
	/** Why it says what it says, on the rows that it was measured with; a few seconds of work. */
	explain(onStep: (share: number) => void): Promise<Explanations>;
}

/** The features of the rows to test on, as a preparation has them; says so where they are not of the kind that was trained on. */
export function prepareTest(test: Table, preparation: Preparation): FeatureMatrix {
	try {
		return applyPreparation(preparation, test);
	} catch (error) {
		if (!isPerchError(error)) throw error;
		const detail = { ...error.detail, field: 'data.test', cause: error };
		throw new PerchError(error.code, `The rows to test on do not fit. ${error.message}`, detail);
	}
}

/** Opens a finished file, holds it against its estimator, and gives it its golden set. */
export async function finishModel(
	onnx: Uint8Array,
	{ golden }: TrainingSpec,
	compare: (model: Model) => Promise<void>,
): Promise<Uint8Array> {
	const model = await openModel(onnx);
	try {
		await compare(model);
		const known = await golden?.(model);
		return known == null ? onnx : withGolden(onnx, known);
	} finally {
		await model.close();
	}
}

/** The steps that parse what a model's columns hold: they travel with it. */
export function parseOf(columns: readonly string[], prepare: TrainingSpec['prepare']): ParseStep[] {
	const steps = parseSteps(prepare);
	const raw = new Set(rawColumns(columns, steps));
	return steps.filter(({ column }) => raw.has(column));
}

/** What a run keeps of how it was trained; `own` are the params of the estimator, and so many columns were left out. */
export function paramsOf(
	{ model, window, weight }: TrainingSpec,
	preparation: Preparation,
	own: Record<string, string | number>,
	leftOut: number,
): Record<string, string> {
	const all = {
		'model.type': model.type,
		...own,
		'prepare.numbers': preparation.numbers.length,
		'prepare.one_hot': preparation.texts.length,
		'prepare.categories': preparation.categories.length,
		'prepare.features': featureNames(preparation).length,
		'prepare.left_out': leftOut,
		...(weight && { 'data.weight': weight }),
		...(window && {
			'window.size': window.section.size,
			'window.step': window.section.step,
			'window.features': [window.section.features].flat().join(', '),
		}),
	};
	return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]));
}
