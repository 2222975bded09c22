/** Parameters of nets. */
import * as z from 'zod/mini';
import { described } from '../schema.ts';
import { share } from './units.ts';

const within = share.check(z.refine((value) => value > 0 && value < 1, 'must lie between 0 and 1'));

const neuralParams = {
	epochs: z._default(
		described(z.int().check(z.minimum(1), z.maximum(100_000)), 'Passes through the rows, at most.'),
		100,
	),
	batch: z._default(described(z.int().check(z.minimum(1), z.maximum(65_536)), 'Rows in a step.'), 64),
	learning_rate: z._default(described(z.number().check(z.gt(0), z.maximum(1)), 'Of Adam.'), 0.001),
	early_stopping: z._default(
		described(
			z.int().check(z.minimum(0)),
			'Epochs without a lower loss on the validation part, after which it stops; 0: never.',
		),
		10,
	),
	validation_share: z._default(
		described(within, 'Share of the rows that are not learned from: they say when to stop.'),
		0.1,
	),
	seed: z._default(z.int(), 7),
};

const thresholdQuantile = z._default(
	described(within, 'The share of the rows of the validation part that count as normal.'),
	0.99,
);

/** Parameters of the autoencoder. */
export const autoencoderParams = z.strictObject({
	hidden: z._default(
		z.union([
			z.literal('auto'),
			described(z.int().check(z.minimum(1), z.maximum(4096)), 'The width of the only hidden layer.'),
			described(
				z.string().check(z.regex(/^[1-9]\d{0,3}(-[1-9]\d{0,3})*$/, 'must be auto, or widths such as 6-3-6')),
				'The widths of the hidden layers, such as 6-3-6.',
			),
		]),
		'auto',
	),
	...neuralParams,
	threshold_quantile: thresholdQuantile,
});
export type AutoencoderParams = z.output<typeof autoencoderParams>;

/** Parameters of the LSTM. */
export const lstmParams = z.strictObject({
	units: z._default(
		described(z.int().check(z.minimum(8), z.maximum(512), z.multipleOf(8)), 'Width of its memory, a multiple of 8.'),
		32,
	),
	horizon: z._default(
		described(
			z.int().check(z.minimum(1), z.maximum(1000)),
			'Rows ahead that are forecast; an anomaly is told by the next.',
		),
		1,
	),
	season: z._default(
		z.union([
			z.literal('auto'),
			described(
				z.int().check(z.minimum(0)),
				'Rows in a season, for the baseline that says what was said a season ago; 0: none. auto: a day, or a week of days, by data.time.',
			),
		]),
		'auto',
	),
	...neuralParams,
	threshold_quantile: thresholdQuantile,
});
export type LstmParams = z.output<typeof lstmParams>;

/** What every net has. */
export type NeuralParams = Omit<AutoencoderParams, 'hidden' | 'threshold_quantile'>;
