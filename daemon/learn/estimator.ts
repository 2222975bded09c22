/** What every estimator is: params with a schema, and fit, score, graph. */

import type * as z from 'zod/mini';
import type { Graph } from '../onnx/graph.ts';
import type { FeatureMatrix } from './preparation/featureMatrix.ts';

/** Metrics over steps. */
export type History = Record<string, { step: number; value: number }[]>;

/** A trained estimator. */
export interface Fitted {
	/** Params as they were used, defaults filled in. */
	params: Record<string, string | number>;
	/** Rows that score below it are anomalies. */
	threshold: number;
	/** Of the training rows. */
	scores: Float64Array;
	history: History;
	score(matrix: FeatureMatrix): Float64Array;
	/** Adds nodes that compute from the features what `score` does; returns the values to show. */
	addToGraph(graph: Graph, features: string): { label: string; score: string };
}

/** A kind of model: what it is for, what it takes, and how it is trained. */
export interface Estimator<S extends z.ZodMiniObject = z.ZodMiniObject> {
	task: 'anomaly';
	params: S;
	/** `onStep` hears how much is done, 0 to 1. */
	fit(matrix: FeatureMatrix, params: z.output<S>, onStep: (message: string, share: number) => void): Fitted;
}
