/** How data files are read where they do not say it themselves, and what becomes of rows that cannot be. */
import * as z from 'zod/mini';
import type { ColumnType } from './columnType.ts';
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
	on_bad: z.optional(
		described(
			z.enum(['stop', 'quarantine']),
			'Of rows that cannot be read, or have a cell that does not fit its column: stop at the first, or write them to FILE.quarantine.jsonl and go on without them; stop unless told.',
		),
	),
};

/** How to read. `types` is what a project says of columns, where it does: with `quarantine` their cells must be of it. */
export type Reading = z.output<z.ZodMiniObject<typeof reading>> & { types?: Readonly<Record<string, ColumnType>> };

/** Rows that were left out of a file, as results tell of them. */
export const quarantined = z.array(
	z.object({
		file: z.string(),
		rows: z.number(),
		quarantine: described(z.string(), 'The file that holds them, a JSON object a line.'),
	}),
);
export type Quarantined = z.infer<typeof quarantined>;

/** The same as a sentence for people. */
export function asideNote({ file, rows, quarantine }: Quarantined[number]): string {
	return `${rows} ${rows === 1 ? 'row' : 'rows'} of ${file} ${rows === 1 ? 'was' : 'were'} set aside: ${quarantine} says why.`;
}

/** How to read, of several that may say it: the first that does decides, field by field. */
export function readingOf(...said: readonly (Reading | undefined)[]): Reading {
	const encoding = said.find((one) => one?.encoding !== undefined)?.encoding;
	const onBad = said.find((one) => one?.on_bad !== undefined)?.on_bad;
	const types = said.find((one) => one?.types !== undefined)?.types;
	return {
		...(encoding !== undefined && { encoding }),
		...(onBad !== undefined && { on_bad: onBad }),
		...(types !== undefined && { types }),
	};
}
