/** What every estimator that predicts a target is: params with a schema, and fit, predict, graph. */
import type * as z from 'zod/mini';
import type { Team } from '../kernels/team.ts';
import type { Graph } from '../onnx/graph.ts';
import type { History, OnStep } from './estimator.ts';
import type { FeatureMatrix } from './preparation/featureMatrix.ts';
import type { Target } from './target.ts';

/** A trained predictor. */
export interface FittedPredictor {
	/** Params as they were used, defaults filled in. */
	readonly params: Record<string, string | number>;
	readonly history: History;
	/** What it told beside what is measured here. */
	readonly metrics?: Record<string, number>;
	/** Files that it left, by the name that the run keeps them under. */
	readonly files?: Readonly<Record<string, string>>;
	/** Numbers (regression), or probabilities of the classes, row by row. */
	predict(matrix: FeatureMatrix): Float64Array | Promise<Float64Array>;
	/** Adds nodes that compute the same: `[N, 1]`, or `[N, classes]`, float32. */
	addToGraph(graph: Graph, features: string): string;
}

/** The rows that a predictor learns from. */
export interface Lesson {
	readonly matrix: FeatureMatrix;
	readonly target: Target;
	readonly rows: Uint32Array;
}

/** A kind of predictor. */
export interface Predictor<S extends z.ZodMiniObject = z.ZodMiniObject> {
	readonly tasks: readonly Target['task'][];
	readonly params: S;
	/** Whether it takes missing values as they are; else the preparation fills them in. */
	readonly takesMissing: boolean;
	/** Whether it takes the codes of categories; else text is one-hot. */
	readonly takesCategories: boolean;
	/** `onStep` hears how much is done, 0 to 1. */
	fit(lesson: Lesson, params: z.output<S>, onStep: OnStep, team: Team): FittedPredictor;
}
