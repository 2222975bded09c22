/** How data files are read where they do not say it themselves. */
import * as z from 'zod/mini';
import { described } from './schema.ts';

export const encodingName = z.string().check(
	z.refine(isEncoding, {
		error: ({ input }) => `${JSON.stringify(input)} is no encoding: use a name such as utf-8, utf-16le or windows-1252`,
	}),
);

function isEncoding(name: string): boolean {
	try {
		new TextDecoder(name);
		return true;
	} catch {
		return false;
	}
}

/** The fields of a request, and of `data:` in a perch.yaml. */
export const reading = {
	encoding: z.optional(
		described(
			encodingName,
			'Of text files, by a name of the Encoding Standard such as windows-1252; UTF-8, or what a byte order mark says, unless told.',
		),
	),
};
export type Reading = z.output<z.ZodMiniObject<typeof reading>>;

/** How to read, of several that may say it: the first that does decides, field by field. */
export function readingOf(...said: readonly (Reading | undefined)[]): Reading {
	const encoding = said.find((one) => one?.encoding !== undefined)?.encoding;
	return { ...(encoding !== undefined && { encoding }) };
}
