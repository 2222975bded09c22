/** `drift:`. */
import * as z from 'zod/mini';
import { described } from '../schema.ts';
import { share } from './units.ts';

export const driftSection = z.strictObject({
	reference: z._default(described(z.string(), 'training, or a file.'), 'training'),
	profile: z._default(z.literal('sound'), 'sound'),
	threshold: z._default(described(share, 'Share of drifted columns from which the whole is called drifted.'), 0.5),
	columns: z.optional(z.array(z.string()).check(z.minLength(1))),
	every: z._default(described(z.int().check(z.minimum(1)), 'Requests between two looks at live traffic.'), 500),
});
export type DriftSection = z.output<typeof driftSection>;
