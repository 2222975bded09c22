/** The size of the chunks into which current data are cut. */
import * as z from 'zod/mini';
import '../schema.ts';
import { duration } from './units.ts';

/** A chunk of fewer rows says nothing. */
const fewestRows = 20;

const rowCount = z.pipe(
	z.union([z.int(), z.pipe(z.string().check(z.regex(/^\d+$/)), z.transform(Number))]),
	z.int().check(z.minimum(fewestRows, `must be ${fewestRows} rows at least, or a duration such as 1d`)),
);

/** `1d`, `6h`: a stretch of time; `1000`: so many rows. */
export const chunkSize = z.union([
	z.pipe(
		rowCount,
		z.transform((rows) => ({ by: 'rows' as const, rows })),
	),
	z.pipe(
		duration,
		z.transform((seconds) => ({ by: 'time' as const, seconds })),
	),
]);
export type ChunkSize = z.output<typeof chunkSize>;
