/** Values that perch.yaml writes with a unit. */
import * as z from 'zod/mini';
import '../schema.ts';

/** `10%`, or a number from 0 to 1: a share. */
export const share = z.pipe(
	z.union([
		z.string().check(z.regex(/^\d+(\.\d+)?\s*%$/, 'must be a percentage such as 10% or a number from 0 to 1')),
		z.number(),
	]),
	z.pipe(
		z.transform((value: string | number) => (typeof value === 'number' ? value : Number.parseFloat(value) / 100)),
		z
			.number()
			.check(z.minimum(0, 'must be from 0 to 1 (0% to 100%)'), z.maximum(1, 'must be from 0 to 1 (0% to 100%)')),
	),
);

const seconds = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** `90s`, `10m`, `1h`, `500ms`, `2d`: a duration, in seconds. */
export const duration = z.pipe(
	z.string().check(z.regex(/^\d+(\.\d+)?\s*(ms|s|m|h|d)$/, 'must be a duration such as 90s, 10m or 1h')),
	z.transform(
		(text: string) => Number.parseFloat(text) * seconds[(/[a-z]+$/.exec(text)?.[0] ?? 's') as keyof typeof seconds],
	),
);
