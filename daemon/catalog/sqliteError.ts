import { isPerchError, PerchError } from '../protocol/errors.ts';

/** An error of SQLite in Perch's words where it has a meaning for a person: damaged file, full disk. Others as they are. */
export function explainSqliteError(error: unknown, file?: string): unknown {
	if (isPerchError(error) || !(error instanceof Error) || !('code' in error)) return error;
	const where = file === undefined ? {} : { file };
	const code = String(error.code);
	if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
		return new PerchError('corrupt_catalog', `The catalog is damaged: ${error.message}.`, {
			...where,
			hint: 'Stop the daemon, move catalog.db away and put a copy from .perch/backups/ or your own backup in its place; models in .perch/artifacts/ are whole.',
			cause: error,
		});
	}
	if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_WRITE') {
		return new PerchError('disk_full', 'No space is left for the catalog.', {
			...where,
			hint: 'Free some space and run the command again; nothing was half-written.',
			cause: error,
		});
	}
	return error;
}
