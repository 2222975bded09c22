import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import '../protocol/schema.ts';

/** A JSON file that another process wrote of itself; null where there is none, or none that the schema takes. */
export function readRecord<T>(file: string, schema: z.ZodMiniType<T>): T | null {
	try {
		const parsed = z.safeParse(schema, JSON.parse(readFileSync(file, 'utf8')));
		return parsed.success ? parsed.data : null;
	} catch {
		return null;
	}
}
