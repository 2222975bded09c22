/** What is read of the folder of a job, which a daemon may have left half written. */
import { readdirSync } from 'node:fs';
import * as z from 'zod/mini';
import '../protocol/schema.ts';

/** Of a process that the daemon or its job started; number 1 and below never are. */
export const childIdentity = z.object({ pid: z.int().check(z.minimum(2)), startTime: z.nullable(z.string()) });

/** The names in a folder; none where it is gone. */
export function entriesOf(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}
