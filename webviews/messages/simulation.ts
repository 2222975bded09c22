/** The canary simulation panel. */

import * as z from 'zod/mini';
import { canarySimulate } from '../../daemon/protocol/canary.ts';
import { progressValue } from '../../daemon/protocol/core.ts';
import { described } from '../../daemon/protocol/schema.ts';
import { done, notification, request, shown } from './message.ts';

/** The form: bounds as in canary/simulate. */
export const simulationSettings = z.object({
	traffic: described(
		z.nullable(z.string()),
		'`log`, `training` or a data file; null: the log when it holds 100 rows, else training.',
	),
	repetitions: z.int().check(z.minimum(1), z.maximum(100_000)),
	requests: z.int().check(z.minimum(100), z.maximum(1_000_000)),
	block: described(z.nullable(z.int().check(z.minimum(1))), 'null: what suits the traffic.'),
	share: described(z.nullable(z.number().check(z.minimum(0), z.maximum(1))), 'null: as perch.yaml says.'),
	seed: z.int(),
});
export type SimulationSettings = z.infer<typeof simulationSettings>;

export const simulationResult = canarySimulate.result;
export type SimulationResult = z.infer<typeof simulationResult>;

/** What is simulated: a deployment, a perch.yaml, or the only one there is. */
const target = { deployment: z.nullable(z.string()), config: z.nullable(z.string()) };

/** Extension to webview: the whole state of the panel; also sent when a run begins and when it ends. */
export const show = notification(
	'show',
	z.object({
		...shown,
		...target,
		settings: simulationSettings,
		result: z.nullable(simulationResult),
		running: described(z.nullable(progressValue), 'null while nothing runs.'),
	}),
);
export type SimulationView = z.infer<typeof show.params>;

/** Extension to webview, while it runs. */
export const progress = notification('progress', progressValue);

/**
 * Webview to extension: ends when the simulation has, with the `show` of its result sent before.
 * A cancelled one ends in the error `cancelled`.
 */
export const run = request('run', z.object({ settings: simulationSettings }), done);

/** Webview to extension: ends what runs, also when a page before a reload had started it. */
export const cancel = request('cancel', z.object({}), done);

/** What the page keeps over a reload. */
export const simulationState = z.object({
	version: z.literal(1),
	root: z.string(),
	...target,
	settings: simulationSettings,
});
export type SimulationState = z.infer<typeof simulationState>;
