import * as z from 'zod/mini';
import '../schema.ts';

/** The name of a column of the data: editors complete it, and mark one that the data do not have. */
export function columnName(description?: string) {
	const name = z.string();
	z.globalRegistry.add(name, { 'x-names': 'column', ...(description !== undefined && { description }) });
	return name;
}
