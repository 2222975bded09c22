/** What every estimator is: params with a schema, and fit, score, graph. */

import type * as z from 'zod/mini';
import type { Team } from '../kernels/team.ts';
import type { Graph } from '../onnx/graph.ts';
import type { StepFigures } from '../protocol/core.ts';
import type { Labels, ScoreKind } from './metrics/anomalyMetrics.ts';
import type { FeatureMatrix } from './preparation/featureMatrix.ts';

/** Metrics over steps. */
export type History = Record<string, { step: number; value: number }[]>;

/** A trained estimator. */
export interface Fitted {
	/** Params as they were used, defaults filled in. */
	params: Record<string, string | number>;
	/** path: lower is more abnormal, and rows below the threshold are anomalies; error: higher is, and rows above it are. */
	scoreKind: ScoreKind;
	threshold: number;
	/** Of the training rows. */
	scores: Float64Array;
	history: History;
	/** What the estimator says of itself, besides what is said of the scores. */
	metrics?: Record<string, number>;
	warnings?: string[];
	score(matrix: FeatureMatrix): Float64Array | Promise<Float64Array>;
	/** Files that it left, by the name that the run keeps them under. */
	files?: Readonly<Record<string, string>>;
	/** How far float32 scores of the graph may lie from these, where a row on the threshold must not become an anomaly by it. */
	slack?: number;
	/** Adds nodes that compute from the features what `score` does; returns the values to show: `errors` are those of each feature. */
	addToGraph(graph: Graph, features: string): { score: string; errors?: string };
}

/** Hears how much is done, 0 to 1, and the metrics of steps where the training has such. */
export type OnStep = (message: string, share: number, figures?: StepFigures[]) => void;

/** A kind of model: what it is for, what it takes, and how it is trained. */
export interface Estimator<S extends z.ZodMiniObject = z.ZodMiniObject> {
	task: 'anomaly';
	/** Whether rows without labels say how good it is: it gives them back, and errs more or less. */
	measuresItself: boolean;
	params: S;
	/**
	 * `onStep` hears how much is done, 0 to 1. Labels, where there are any, keep rows that are anomalies out of what is
	 * learned as normal; what anomalies look like is never learned from them.
	 */
	fit(matrix: FeatureMatrix, params: z.output<S>, onStep: OnStep, labels: Labels | null, team: Team): Fitted;
}

/** An estimator of anomalies whose params were checked, ready to be trained. */
export interface ReadyEstimator {
	readonly kind: 'anomaly';
	/** Whether rows without labels say how good it is: it gives them back, and errs more or less. */
	readonly measuresItself: boolean;
	fit(matrix: FeatureMatrix, onStep: OnStep, labels: Labels | null): Fitted | Promise<Fitted>;
}
