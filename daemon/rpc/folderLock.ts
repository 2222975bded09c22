import Sqlite from 'better-sqlite3';

/**
 * Makes this process the only daemon of a `.perch` folder, until it ends or calls the returned function; null while
 * another one is. The lock is SQLite's on an empty file: the system itself gives it back when its holder dies, so a
 * stale one cannot exist.
 */
export function lockFolder(file: string): (() => void) | null {
	const db = new Sqlite(file, { timeout: 0 });
	try {
		db.exec('BEGIN EXCLUSIVE');
		return () => db.close();
	} catch (error) {
		db.close();
		if (error instanceof Sqlite.SqliteError && error.code === 'SQLITE_BUSY') return null;
		throw error;
	}
}
