/** The autoencoder as an estimator: params, threshold, curves, graph. */
import { autoencoderParams } from '../../protocol/project/neural.ts';
import { quantile } from '../../stats/quantile.ts';
import { createRandom } from '../../stats/random.ts';
import { sorted } from '../../stats/sort.ts';
import { noBetter } from '../baseline.ts';
import type { Estimator } from '../estimator.ts';
import { autoencoderOn, createAutoencoder, hiddenWidths, reconstructionErrors } from './autoencoder.ts';
import { addAutoencoder } from './autoencoderGraph.ts';
import { addScale, scaledRows, scaleOf } from './scale.ts';
import { trainEpochs } from './trainEpochs.ts';
import { cleanParts } from './validationPart.ts';

/** Below it an error is none: float32 cannot tell it from zero. */
export const leastThreshold = 1e-12;

export const autoencoderEstimator: Estimator<typeof autoencoderParams> = {
	task: 'anomaly',
	measuresItself: true,
	params: autoencoderParams,
	fit(matrix, params, onStep, labels) {
		const parts = cleanParts(matrix.rows, labels, params.validation_share, params.seed);
		const scale = scaleOf(matrix, parts.train);
		const rows = scaledRows(matrix, scale);
		const widths = hiddenWidths(params.hidden, matrix.columns.length);
		const net = createAutoencoder(matrix.columns.length, widths, createRandom(params.seed, 'weights'));
		const trained = trainEpochs(autoencoderOn(net, rows, params.batch), parts, params, onStep);
		const scores = reconstructionErrors(net, rows);
		const usual = sorted(Float64Array.from(parts.validation, (row) => scores[row] as number));
		const threshold = Math.max(leastThreshold, quantile(usual, params.threshold_quantile));
		const baseline = meanSquare(rows, matrix.columns.length, parts.validation);
		return {
			params: { ...params, hidden: widths.join('-') },
			scoreKind: 'error',
			threshold,
			scores,
			metrics: {
				epochs: trained.epochs,
				validation_loss: trained.validationLoss,
				baseline_validation_loss: baseline,
			},
			warnings: noBetter(
				'The net gives rows back no better than their mean does',
				'validation loss',
				trained.validationLoss,
				baseline,
			),
			history: trained.history,
			score: (other) => reconstructionErrors(net, scaledRows(other, scale)),
			addToGraph: (graph, features) => addAutoencoder(graph, addScale(graph, features, scale), net),
		};
	},
};

/** What it costs to say zero, the mean, of every scaled feature. */
function meanSquare(rows: Float32Array, width: number, some: Uint32Array): number {
	let sum = 0;
	for (const row of some) {
		for (let at = row * width; at < (row + 1) * width; at++) sum += (rows[at] as number) ** 2;
	}
	return sum / (some.length * width);
}
