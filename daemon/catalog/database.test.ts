import assert from 'node:assert/strict';
import { closeSync, copyFileSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { openDatabase } from './database.ts';
import { createDatasetVersions } from './datasetVersions.ts';
import { createLedger } from './ledger.ts';
import { migration1 } from './migrations/migration1.ts';

describe('the catalog’s file', () => {
	let folder: string;
	let file: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'perch-database-'));
		file = join(folder, 'catalog.db');
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	it('keeps commits over a loss of power', () => {
		const db = openDatabase(file);
		assert.equal(db.pragma('journal_mode', { simple: true }), 'wal');
		assert.equal(db.pragma('synchronous', { simple: true }), 2);
		assert.equal(db.pragma('foreign_keys', { simple: true }), 1);
		assert.deepEqual(db.prepare('SELECT experiment_id, name FROM experiments').all(), [
			{ experiment_id: 0, name: 'Default' },
		]);
		db.close();
	});

	const steps = ['CREATE TABLE a (x)', 'CREATE TABLE b (x)', 'CREATE TABLE c (x)'];

	it('takes the steps that it lacks, after a copy', () => {
		openDatabase(file, steps.slice(0, 1)).exec('INSERT INTO a VALUES (1)').close();
		const db = openDatabase(file, steps);
		assert.equal(db.pragma('user_version', { simple: true }), 3);
		assert.equal(db.prepare('SELECT count(*) FROM c').pluck().get(), 0);
		db.close();
		const copies = readdirSync(join(folder, 'backups'));
		assert.equal(copies.length, 1);
		const copy = new Sqlite(join(folder, 'backups', copies[0] ?? ''));
		assert.equal(copy.pragma('user_version', { simple: true }), 1);
		assert.equal(copy.prepare('SELECT x FROM a').pluck().get(), 1);
		copy.close();
	});

	it('counts the datasets of a catalog from before they had versions, in the order of their first use', () => {
		const db = openDatabase(file, [migration1]);
		db.exec(`INSERT INTO experiments VALUES (1, 'a', NULL, 'active', 0, 0), (2, 'b', NULL, 'active', 0, 0);
			INSERT INTO datasets VALUES
			('1', 1, 'pump', 'new', 'local', '/d/p.csv', '[{"name":"x","type":"double"}]', '{"num_rows":9}', 30),
			('2', 1, 'pump', 'old', 'local', '/d/p.csv', '[]', '{"num_rows":8}', 20),
			('3', 2, 'pump', 'new', 'local', '/d/p.csv', '[]', '{"num_rows":9}', 10);`);
		db.close();
		const { list, lastFrom } = createDatasetVersions(createLedger(openDatabase(file)));
		assert.deepEqual(
			list().map(({ name, version, digest, rows }) => [name, version, digest, rows]),
			[
				['pump', 2, 'old', 8],
				['pump', 1, 'new', 9],
			],
		);
		// How they were read is not known: a file that did not change does not prove that its rows are the same.
		assert.equal(lastFrom('/d/p.csv'), null);
	});

	it('stays as it was when a step fails', () => {
		openDatabase(file, steps.slice(0, 1)).close();
		assert.throws(() => openDatabase(file, [...steps, 'CREATE TABLE a (x)']));
		const db = openDatabase(file, steps.slice(0, 1));
		assert.throws(() => db.exec('SELECT * FROM b'), /no such table/);
		db.close();
	});

	it('is refused when a newer Perch wrote it', () => {
		openDatabase(file, steps).close();
		assert.throws(() => openDatabase(file, steps.slice(0, 2)), { code: 'newer_catalog' });
		openDatabase(file, steps).close();
	});

	it('is called damaged when it is no database', () => {
		writeFileSync(file, 'this is a text file, and a long one at that. '.repeat(100));
		assert.throws(() => openDatabase(file), { code: 'corrupt_catalog', message: /damaged/ });
	});

	it('is called damaged when pages are broken after a crash', () => {
		const db = openDatabase(file);
		const insert = db.prepare('INSERT INTO settings VALUES (?, ?)');
		for (let index = 0; index < 2000; index++) insert.run(`key ${index}`, 'value '.repeat(20));
		db.pragma('wal_checkpoint(TRUNCATE)');
		insert.run('last', 'in the log');
		// What a killed process leaves: a log that was not taken over, here beside a file with a broken page.
		const crashed = join(folder, 'crashed.db');
		copyFileSync(file, crashed);
		copyFileSync(`${file}-wal`, `${crashed}-wal`);
		db.close();
		const handle = openSync(crashed, 'r+');
		for (let page = 30; page < 60; page++) writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096);
		closeSync(handle);
		assert.throws(() => openDatabase(crashed), { code: 'corrupt_catalog' });
	});
});
