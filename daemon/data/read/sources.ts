/** The files that a path means, opened for one piece of work. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { toPerchError } from '../../protocol/errors.ts';
import type { Reading } from '../../protocol/reading.ts';
import type { Source } from '../rowSource.ts';
import { withSource } from './source.ts';

/** A file as it was opened, with the connection that reads it. */
export interface OpenFile {
	path: string;
	connection: DuckDBConnection;
	source: Source;
}

/** Opens the files one within the other, so that all are closed whatever happens. Throws as `withSource` does. */
export async function withSources<T>(
	paths: readonly string[],
	reading: Reading,
	work: (files: readonly OpenFile[]) => Promise<T>,
	before: readonly OpenFile[] = [],
): Promise<T> {
	const path = paths[before.length];
	if (path === undefined) return await work(before);
	return await withSource(path, reading, async (connection, source) => {
		return await withSources(paths, reading, work, [...before, { path, connection, source }]).catch(
			(error: unknown) => {
				// What the work itself throws says nothing of the file.
				throw toPerchError(error);
			},
		);
	});
}
