import type * as z from 'zod/mini';

/** One method of the protocol: what it asks, what it answers, and whether it tells of its progress. */
export interface Method<P extends z.core.$ZodType = z.core.$ZodType, R extends z.core.$ZodType = z.core.$ZodType> {
	readonly summary: string;
	readonly params: P;
	readonly result: R;
	/** Long work: the caller may pass `progressToken`, hear `$/progress`, and cancel. */
	readonly long: boolean;
	/** Allowed for a daemon that was started read-only in an untrusted workspace. */
	readonly readOnly: boolean;
}

type Kind = { long?: boolean; readOnly?: boolean };

export function method<P extends z.core.$ZodType, R extends z.core.$ZodType>(
	summary: string,
	params: P,
	result: R,
	{ long = false, readOnly = false }: Kind = {},
): Method<P, R> {
	return { summary, params, result, long, readOnly };
}
