/** Several models of anomalies asked together: their scores on one scale, and the mean or the greatest of them. */
import type { Graph } from '../../onnx/graph.ts';
import { PerchError } from '../../protocol/errors.ts';
import { moments } from '../../stats/moments.ts';
import type { Fitted, OnStep, ReadyEstimator } from '../estimator.ts';
import type { Labels } from '../metrics/anomalyMetrics.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import { type EnsembleParams, memberParams } from './ensemblePredictor.ts';

/** One of the models, as the table of estimators has it. */
export interface AnomalyMember extends Pick<ReadyEstimator, 'fit'> {
	readonly type: string;
}

/** How the scores of a member come to the scale of all: (what is higher for the more abnormal − mean) / deviation. */
interface Scale {
	readonly mean: number;
	/** One over the deviation; 0 where all rows are scored alike. */
	readonly factor: number;
}

/** So many deviations are the farthest that counts. */
const farthest = 10_000;
const leastDeviation = 1e-6;

/**
 * Trains each of the members. Their scores are made alike by mean and deviation over the rows learned from that are not
 * labelled as anomalies (Kriegel and others, "Interpreting and unifying outlier scores", 2011), an error by its logarithm
 * first. `score` is ln(1 + exp(their mean)), or of the greatest (max), so that it is never below 0; the threshold is what
 * it is where each member is on its own.
 */
export async function fitAnomalyEnsemble(
	matrix: FeatureMatrix,
	members: readonly AnomalyMember[],
	{ combine }: Pick<EnsembleParams, 'combine'>,
	onStep: OnStep,
	labels: Labels | null,
): Promise<Fitted> {
	if (combine !== 'average' && combine !== 'max') {
		throw new PerchError('invalid_config', `model.params.combine: ${combine} does not go with models of anomalies.`, {
			field: 'model.params.combine',
			hint: 'Use average or max.',
		});
	}
	const fitted: Fitted[] = [];
	for (const [at, member] of members.entries()) {
		const step = (message: string, share: number) =>
			onStep(`${at + 1} (${member.type}): ${message}`, (at + share) / members.length);
		fitted.push(await member.fit(matrix, step, labels));
	}
	const scales = fitted.map((one) => scaleOf(one, labels));
	const together = (scores: readonly Float64Array[], rows: number) =>
		Float64Array.from({ length: rows }, (_, row) => {
			const each = fitted.map((one, at) => placed(abnormality(one, scores[at]?.[row] ?? Number.NaN), scales[at]));
			return softplus(
				combine === 'max' ? Math.max(...each) : each.reduce((sum, value) => sum + value, 0) / each.length,
			);
		});
	const own = fitted.map(({ threshold }) => Float64Array.of(threshold));
	return {
		params: {
			combine,
			...Object.fromEntries(fitted.flatMap((one, at) => memberParams(one, members[at]?.type ?? '', at))),
		},
		scoreKind: 'error',
		threshold: together(own, 1)[0] as number,
		scores: together(
			fitted.map(({ scores }) => scores),
			matrix.rows,
		),
		history: {},
		warnings: fitted.flatMap(({ warnings = [] }) => warnings),
		score: async (other) => together(await Promise.all(fitted.map((one) => one.score(other))), other.rows),
		addToGraph(graph, features) {
			const each = fitted.map((one, at) => {
				const { score } = one.addToGraph(graph, features);
				return addPlaced(graph, addAbnormality(graph, one, score), scales[at] as Scale);
			});
			return { score: graph.node('Softplus', [graph.node(combine === 'max' ? 'Max' : 'Mean', each)]) };
		},
	};
}

function softplus(value: number): number {
	return Math.max(0, value) + Math.log1p(Math.exp(-Math.abs(value)));
}

/** Higher for the more abnormal: a path's score the other way round, and of an error ln(1 + score / threshold). */
function abnormality({ scoreKind, threshold }: Fitted, score: number): number {
	return scoreKind === 'path' ? -score : Math.log(1 + score / threshold);
}

function addAbnormality(graph: Graph, { scoreKind, threshold }: Fitted, score: string): string {
	if (scoreKind === 'path') return graph.node('Neg', [score]);
	const share = graph.node('Mul', [score, graph.constant(Float32Array.of(1 / threshold), [])]);
	return graph.node('Log', [graph.node('Add', [share, graph.constant(Float32Array.of(1), [])])]);
}

function placed(value: number, { mean, factor }: Scale = { mean: 0, factor: 0 }): number {
	return Math.max(-farthest, Math.min(farthest, (value - mean) * factor));
}

function addPlaced(graph: Graph, value: string, { mean, factor }: Scale): string {
	const [center, wide, low, high] = [mean, factor, -farthest, farthest].map((number) =>
		graph.constant(Float32Array.of(number), []),
	) as [string, string, string, string];
	return graph.node('Clip', [graph.node('Mul', [graph.node('Sub', [value, center]), wide]), low, high]);
}

function scaleOf(fitted: Fitted, labels: Labels | null): Scale {
	const values = fitted.scores.filter((_, row) => labels?.[row] !== 1).map((score) => abnormality(fitted, score));
	if (values.length === 0) return { mean: 0, factor: 0 };
	const { mean, squares } = moments(values);
	const deviation = Math.sqrt(squares / values.length);
	return { mean: Math.fround(mean), factor: deviation > leastDeviation ? Math.fround(1 / deviation) : 0 };
}
