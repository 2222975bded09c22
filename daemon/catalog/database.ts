import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { PerchError } from '../protocol/errors.ts';
import { migration1 } from './migrations/migration1.ts';
import { migration2 } from './migrations/migration2.ts';
import { migration3 } from './migrations/migration3.ts';
import { explainSqliteError } from './sqliteError.ts';

/** In order; the number of those applied is the file's `user_version`. A step that was released is never edited. */
const migrations: readonly string[] = [migration1, migration2, migration3];

/**
 * Opens the catalog's file, made or brought up to date where needed: a copy first, then all steps in one
 * transaction. Throws `newer_catalog` for a file of a later Perch and `corrupt_catalog` for one that is damaged.
 */
export function openDatabase(file: string, steps: readonly string[] = migrations): Database {
	const uncleanEnd = (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
	let db: Database | undefined;
	try {
		db = new Sqlite(file);
		db.pragma('journal_mode = WAL');
		db.pragma('synchronous = FULL');
		db.pragma('foreign_keys = ON');
		db.pragma('trusted_schema = OFF');
		if (uncleanEnd) checkPages(db, file);
		migrate(db, file, steps);
		return db;
	} catch (error) {
		db?.close();
		throw explainSqliteError(error, file);
	}
}

/** After a crash every page is looked at once; after a clean end the check would only delay the start. */
function checkPages(db: Database, file: string): void {
	const found = db.pragma('quick_check(1)', { simple: true });
	if (found !== 'ok') {
		throw explainSqliteError(Object.assign(new Error(String(found)), { code: 'SQLITE_CORRUPT' }), file);
	}
}

function migrate(db: Database, file: string, steps: readonly string[]): void {
	const version = Number(db.pragma('user_version', { simple: true }));
	if (version > steps.length) {
		throw new PerchError(
			'newer_catalog',
			`The catalog was written by a newer Perch (its version is ${version}, this one reads up to ${steps.length}).`,
			{ file, hint: 'Update Perch, or move .perch/ away to start with an empty one.' },
		);
	}
	if (version === steps.length) return;
	if (version > 0) keepCopy(db, file, version);
	const apply = db.transaction(() => {
		for (const step of steps.slice(version)) db.exec(step);
		db.pragma(`user_version = ${steps.length}`);
	});
	apply.immediate();
}

/** A whole copy beside the file, for the case that a step proves wrong. */
function keepCopy(db: Database, file: string, version: number): void {
	const folder = join(dirname(file), 'backups');
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const copy = join(folder, `catalog.v${version}.${Date.now()}.db`);
	if (!existsSync(copy)) db.prepare('VACUUM INTO ?').run(copy);
}
