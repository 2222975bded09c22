/** Made data and made traffic. */

import * as z from 'zod/mini';
import { longParams } from './core.ts';
import { method } from './method.ts';
import { reading } from './reading.ts';
import { described } from './schema.ts';

export const simulateData = method(
	'Writes the series that a description makes: the same bytes for the same seed.',
	z.object({
		spec: described(z.string(), 'A YAML file with the fields of `simulate:`.'),
		output: described(z.string(), 'A .csv or .parquet file.'),
		...longParams,
	}),
	z.object({ output: z.string(), rows: z.number(), columns: z.array(z.string()), digest: z.string() }),
	{ long: true },
);

export const simulateLoad = method(
	'Sends rows of a data file to a deployment over HTTP, as clients would: windows of one series for a windowed model, else single rows.',
	z.object({
		deployment: z.optional(described(z.string(), 'The only deployment unless told.')),
		data: z.string(),
		...reading,
		requests: z._default(z.int().check(z.minimum(1), z.maximum(1_000_000)), 500),
		concurrency: z._default(z.int().check(z.minimum(1), z.maximum(256)), 8),
		seed: z._default(z.int(), 1),
		...longParams,
	}),
	z.object({
		deployment: z.string(),
		sent: z.number(),
		failed: z.number(),
		arms: z.object({ baseline: z.number(), candidate: z.number() }),
		anomalies: described(z.number(), 'Answers with label −1.'),
		seconds: z.number(),
	}),
	{ long: true },
);

export const simulateMethods = { 'simulate/data': simulateData, 'simulate/load': simulateLoad };
