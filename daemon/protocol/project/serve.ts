/** `serve:` and `canary:`. */
import * as z from 'zod/mini';
import { described } from '../schema.ts';
import { columnName } from './columnName.ts';
import { comparison } from './comparison.ts';
import { share } from './units.ts';

const route = z.union([
	described(z.enum(['predict', 'predict_batch', 'drift']), 'drift: GET, the last drift report of the traffic.'),
	z.strictObject({
		predict: z.literal(true),
		answer: described(z.enum(['labels', 'full']), 'labels: the bare list of −1 and 1.'),
	}),
]);

export const serveSection = z.strictObject({
	port: z._default(described(z.int().check(z.minimum(0), z.maximum(65_535)), '0 is chosen once and kept.'), 0),
	auth: z._default(
		described(z.enum(['token', 'none']), 'Whether a request needs the token of .perch/token; /health is open.'),
		'token',
	),
	log: z._default(described(share, 'Share of the requests whose rows are logged; every request is counted.'), 1),
	routes: z._default(
		z.record(z.string().check(z.regex(/^\/[\w\-./]*$/, 'must be a path such as /api/predict')), route),
		{},
	),
});
export type ServeSection = z.output<typeof serveSection>;

/** What a running candidate must not do: a metric out of its bounds, or a drift of the live traffic. */
export const guard = z.union([z.strictObject({ drift: z.literal(true) }), comparison]);
export type Guard = z.output<typeof guard>;

export const canarySection = z.strictObject({
	baseline: z._default(z.literal('production'), 'production'),
	candidate: z._default(z.literal('candidate'), 'candidate'),
	key: z.optional(
		z.nullable(
			columnName('A column whose value keeps a caller with one arm; without one, each request is on its own.'),
		),
	),
	steps: z._default(z.array(z.strictObject({ share })).check(z.minLength(1), z.maxLength(1)), [{ share: 0.1 }]),
	guard: z._default(described(z.array(guard), 'A guard that fails rolls the candidate back.'), []),
});
