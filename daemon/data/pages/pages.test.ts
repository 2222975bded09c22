import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withDuckdb } from '../duckdb.ts';
import { openPages, type PageRequest, type Pages } from './pages.ts';

describe('pages of a file', () => {
	let folder: string;
	let count = 0;
	before(async () => {
		folder = await mkdtemp(join(tmpdir(), 'perch-pages-'));
	});
	after(() => rm(folder, { recursive: true, force: true }));

	/** A Parquet file of what the SQL selects. */
	async function parquet(sql: string): Promise<Pages> {
		const path = join(folder, `p${count++}.parquet`);
		await withDuckdb((connection) => connection.run(`COPY (${sql}) TO '${path}' (FORMAT parquet)`));
		return await openPages(path, folder);
	}
	async function text(content: string, ending: string): Promise<Pages> {
		const own = await mkdtemp(join(folder, 'copy-'));
		const path = join(own, `t.${ending}`);
		await writeFile(path, content);
		return await openPages(path, own);
	}
	const ask = (pages: Pages, request: Partial<PageRequest>, longest = 100) =>
		pages.rows({ offset: 0, limit: 10, sort: null, filter: [], ...request }, longest, () => undefined);

	it('gives rows anywhere in the file, by the columns asked for', async () => {
		const pages = await parquet('SELECT range AS n, range * 2 AS twice FROM range(300000)');
		assert.equal(pages.file.rows, 300_000);
		const { total, numbers, cells } = await ask(pages, { offset: 299_998, columns: ['twice'] });
		assert.deepEqual([total, numbers, cells], [300_000, [299_999, 300_000], [['599996'], ['599998']]]);
		assert.deepEqual((await ask(pages, { offset: 300_000 })).cells, []);
		await assert.rejects(ask(pages, { columns: ['none'] }), { code: 'unknown_column' });
	});

	it('loses no digit of a long integer, a decimal or a time', async () => {
		const pages = await parquet(`SELECT 9007199254740993::BIGINT AS i, 0.10::DECIMAL(18,2) AS d, 0.1::DOUBLE AS f,
			TIMESTAMPTZ '2024-03-01 10:00:00+02' AS t, NULL::INTEGER AS nothing, [1, 2] AS list`);
		const { cells } = await ask(pages, {});
		assert.deepEqual(cells, [['9007199254740993', '0.10', '0.1', '2024-03-01 08:00:00+00', null, '[1, 2]']]);
		assert.deepEqual(
			pages.file.columns.map(({ type, exact }) => `${type} ${exact}`),
			[
				'integer BIGINT',
				'double DECIMAL(18,2)',
				'double DOUBLE',
				'timestamp TIMESTAMP WITH TIME ZONE',
				'integer INTEGER',
				'other INTEGER[]',
			],
		);
	});

	it('reads text in the encoding that is named', async () => {
		const path = join(folder, 'latin.csv');
		await writeFile(path, Buffer.from('ort,n\nKöln,1\n', 'latin1'));
		await assert.rejects(openPages(path, folder), { code: 'invalid_data' });
		const pages = await openPages(path, folder, { encoding: 'windows-1252' });
		assert.deepEqual((await ask(pages, {})).cells, [['Köln', '1']]);
	});

	it('sorts by what values mean, nulls last, equal rows as in the file', async () => {
		const pages = await text('n,s\n10,b\n9,a\n,c\n10,a\n', 'csv');
		const numbers = async (column: string, descending: boolean) =>
			(await ask(pages, { sort: { column, descending } })).numbers;
		assert.deepEqual(await numbers('n', false), [2, 1, 4, 3]);
		assert.deepEqual(await numbers('n', true), [1, 4, 2, 3]);
		assert.deepEqual(await numbers('s', false), [2, 4, 1, 3]);
	});

	it('shows the cells of a text file as they are written', async () => {
		const pages = await text('n,code\n1.50,007\n2,"a, b"\n', 'csv');
		assert.deepEqual((await ask(pages, {})).cells, [
			['1.50', '007'],
			['2', 'a, b'],
		]);
		const lines = await text('{"id": 9007199254740993}\n{"id": 2}\n', 'jsonl');
		assert.deepEqual((await ask(lines, { sort: { column: 'id', descending: true } })).cells, [
			['9007199254740993'],
			['2'],
		]);
	});

	it('filters by value, text and absence; all filters hold', async () => {
		const pages = await text('n,s,t\n5,Abc,2024-01-02\n7,xyz,2024-01-05\n,aBx,\n', 'csv');
		const numbers = async (...filter: PageRequest['filter']) => (await ask(pages, { filter })).numbers;
		assert.deepEqual(await numbers({ column: 'n', operator: '>=', value: '7' }), [2]);
		assert.deepEqual(await numbers({ column: 's', operator: 'contains', value: 'AB' }), [1, 3]);
		assert.deepEqual(await numbers({ column: 'n', operator: 'is_null', value: '' }), [3]);
		assert.deepEqual(await numbers({ column: 't', operator: '<', value: '2024-01-05' }), [1]);
		const both = [
			{ column: 'n', operator: 'not_null', value: '' },
			{ column: 's', operator: '!=', value: "'; DROP TABLE ordered; --" },
		] as const;
		assert.deepEqual(await numbers(...both), [1, 2]);
		await assert.rejects(numbers({ column: 'n', operator: '=', value: 'many' }), {
			code: 'invalid_arguments',
			message: '"many" is no integer.',
		});
	});

	it('ends an order that is outrun by another', async () => {
		const pages = await parquet('SELECT hash(range) AS h FROM range(3000000)');
		const first = ask(pages, { sort: { column: 'h', descending: false } });
		first.catch(() => undefined);
		const second = ask(pages, { sort: { column: 'h', descending: true } });
		await assert.rejects(first, { code: 'cancelled' });
		assert.equal((await second).total, 3_000_000);
	});

	it('cuts long cells where they are shown, and copies them whole', async () => {
		const pages = await text(`a,b\n${'x'.repeat(20)},"say ""a|b"""\n,2\n`, 'csv');
		assert.deepEqual((await ask(pages, { limit: 1 }, 5)).cells, [['xxxxx…', 'say "…']]);
		const copy = (format: 'csv' | 'tsv' | 'markdown' | 'json') =>
			pages.copy({ offset: 0, limit: 9, sort: null, filter: [] }, format, () => undefined);
		assert.equal(await copy('csv'), `a,b\n${'x'.repeat(20)},"say ""a|b"""\n,2\n`);
		assert.equal(await copy('tsv'), `a\tb\n${'x'.repeat(20)}\t"say ""a|b"""\n\t2\n`);
		assert.equal(await copy('markdown'), `| a | b |\n| --- | --- |\n| ${'x'.repeat(20)} | say "a\\|b" |\n|  | 2 |\n`);
		assert.deepEqual(JSON.parse(await copy('json')), [
			{ a: 'x'.repeat(20), b: 'say "a|b"' },
			{ a: null, b: '2' },
		]);
	});

	it('copies numbers to JSON with every digit', async () => {
		const pages = await parquet("SELECT 9007199254740993::BIGINT AS i, 'NaN'::DOUBLE AS f, true AS b");
		const made = await pages.copy({ offset: 0, limit: 1, sort: null, filter: [] }, 'json', () => undefined);
		assert.equal(made, '[\n  {"i": 9007199254740993, "f": "nan", "b": true}\n]\n');
	});

	it('shows a column that is called like the number of a row', async () => {
		const pages = await parquet('SELECT 40 + range AS file_row_number FROM range(3)');
		const { numbers, cells } = await ask(pages, { sort: { column: 'file_row_number', descending: true } });
		assert.deepEqual(
			[numbers, cells],
			[
				[3, 2, 1],
				[['42'], ['41'], ['40']],
			],
		);
	});

	it('opens a Parquet file without rows, and refuses what is none', async () => {
		assert.equal((await ask(await parquet('SELECT 1 AS a LIMIT 0'), {})).total, 0);
		const path = join(folder, 'broken.parquet');
		await writeFile(path, 'no parquet');
		await assert.rejects(openPages(path, folder), { code: 'invalid_data' });
	});
});
