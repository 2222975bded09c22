import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPerchError, type PerchError } from '../../protocol/errors.ts';
import { withDuckdb } from '../duckdb.ts';
import { cellOf, schemaOf } from '../table.ts';
import { filesOf, readFamily } from './family.ts';

describe('files of a family', () => {
	let folder: string;
	before(async () => {
		folder = await mkdtemp(join(tmpdir(), 'perch-family-'));
	});
	after(() => rm(folder, { recursive: true, force: true }));

	const write = (name: string, text: string) => writeFile(join(folder, name), text);
	const refusal = async (work: () => unknown): Promise<PerchError> => {
		try {
			await work();
		} catch (error) {
			assert.ok(isPerchError(error), String(error));
			return error;
		}
		throw new assert.AssertionError({ message: 'it was not refused' });
	};

	it('are found by a pattern in the order of their names, or named by months over the turn of a year', async () => {
		await write('b.csv', 'a\n2\n');
		await write('a.csv', 'a\n1\n');
		assert.deepEqual(filesOf(join(folder, '?.csv')), [join(folder, 'a.csv'), join(folder, 'b.csv')]);
		assert.deepEqual(filesOf('t_{2021-11..2022-02}.csv'), [
			't_2021-11.csv',
			't_2021-12.csv',
			't_2022-01.csv',
			't_2022-02.csv',
		]);
		await write('[1].csv', 'a\n7\n');
		assert.deepEqual(filesOf(join(folder, '[1].csv')), [join(folder, '[1].csv')]);
		assert.equal((await refusal(() => filesOf(join(folder, '*.tsv')))).code, 'file_not_found');
		assert.equal((await refusal(() => filesOf('{2022-02..2021-11}.csv'))).code, 'invalid_arguments');
		const missing = await refusal(() => readFamily(join(folder, 'm_{2021-01..2021-02}.csv')));
		assert.deepEqual([missing.code, missing.detail.file], ['file_not_found', join(folder, 'm_2021-01.csv')]);
	});

	it('become one table, each change of a column told', async () => {
		await write('f1.csv', 'id,place,price,when,gone,same\n1,74,2,2021-01-01,x,p\n');
		await write('f2.csv', 'id,place,price,when,same,new\n2,x7,2.5,2021-01-02T10:00:00Z,p,true\n');
		await write('f3.csv', 'id,place,price,when,gone,same\n,75,,,,q\n');
		const { table, notes, files } = await readFamily(join(folder, 'f?.csv'));
		assert.deepEqual(
			schemaOf(table).map(({ name, type }) => `${name} ${type}`),
			['id integer', 'place string', 'price double', 'when timestamp', 'gone string', 'same string', 'new boolean'],
		);
		assert.deepEqual(
			table.columns.map((column) => [0, 1, 2].map((row) => cellOf(column, row))),
			[
				[1, 2, null],
				['74', 'x7', '75'],
				[2, 2.5, null],
				['2021-01-01T00:00:00.000Z', '2021-01-02T10:00:00.000Z', null],
				['x', null, null],
				['p', 'p', 'q'],
				[null, true, null],
			],
		);
		assert.deepEqual(
			files.map(({ rows }) => rows),
			[1, 1, 1],
		);
		assert.deepEqual(
			notes.map(({ column }) => column),
			['place', 'price', 'when', 'gone', 'new'],
		);
		assert.equal(
			notes[0]?.text,
			'Column "place" differs from file to file (integer in f1.csv, f3.csv; string in f2.csv): it is string.',
		);
		assert.match(notes[3]?.text ?? '', /missing in f2\.csv.*it is string, and empty where it is missing/);
	});

	it('make text whole numbers where nothing is lost', async () => {
		const path = (name: string) => join(folder, name);
		await withDuckdb(async (connection) => {
			await connection.run(`COPY (SELECT '74' AS place, '074' AS code) TO '${path('g1.parquet')}' (FORMAT parquet)`);
			await connection.run(`COPY (SELECT 75 AS place, 75 AS code) TO '${path('g2.parquet')}' (FORMAT parquet)`);
		});
		const { table } = await readFamily(path('g?.parquet'));
		assert.deepEqual(
			schemaOf(table).map(({ type }) => type),
			['integer', 'string'],
		);
		assert.deepEqual(
			table.columns.map((column) => [cellOf(column, 0), cellOf(column, 1)]),
			[
				[74, 75],
				['074', '75'],
			],
		);
	});

	it('are refused where unifying would lose something', async () => {
		await write('h1.csv', 'a,b\n1,true\n');
		await write('h2.csv', 'a,b\n2,3\n');
		const { code, message, detail } = await refusal(() => readFamily(join(folder, 'h?.csv')));
		assert.deepEqual([code, detail.field], ['invalid_data', 'b']);
		assert.match(message, /boolean in h1\.csv; integer in h2\.csv/);
		await write('k1.csv', 'a\n1.5\n');
		await write('k2.csv', 'a\n2\nabout 3\n');
		const named = await refusal(() => readFamily(join(folder, 'k?.csv')));
		assert.match(named.message, /Row 2 of k2\.csv is no number: "about 3"/);
	});

	const real = process.env['PERCH_REAL_DATA'];
	it('hold months of green taxis whose types changed', async function () {
		if (real === undefined) {
			process.stderr.write('SKIPPED families of real data: set PERCH_REAL_DATA to the folder of the real data sets\n');
			this.skip();
		}
		const { table, notes } = await readFamily(join(real, 'taxi/green_tripdata_*.parquet'));
		assert.equal(table.rows, 73_908 + 61_921 + 68_211);
		const types = Object.fromEntries(schemaOf(table).map(({ name, type }) => [name, type]));
		assert.deepEqual([types['PULocationID'], types['duration'], types['RatecodeID']], ['integer', 'double', 'double']);
		assert.deepEqual(
			notes.map(({ column }) => column),
			['PULocationID', 'DOLocationID', 'duration', '__index_level_0__'],
		);
		const months = await readFamily(join(real, 'taxi/green_tripdata_{2021-01..2021-02}.parquet'));
		assert.deepEqual([months.table.rows, months.notes], [73_908 + 61_921, []]);
	});
});
