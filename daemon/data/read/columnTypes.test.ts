import assert from 'node:assert/strict';
import { DuckDBInstance } from '@duckdb/node-api';
import { scratchFiles } from '../fixtures/scratchFiles.ts';
import { cellOf, type Table } from '../table.ts';
import { readTable } from './read.ts';

/** The rules of docs/data.md, one by one. */
describe('types of columns', () => {
	const scratch = scratchFiles();

	/** Each column of a Parquet file of one row with its type and its value. */
	async function parquet(select: string): Promise<Record<string, [string, unknown]>> {
		const path = scratch.path('parquet');
		const connection = await (await DuckDBInstance.create(':memory:')).connect();
		await connection.run(`COPY (SELECT ${select}) TO '${path}' (FORMAT parquet)`);
		connection.closeSync();
		return firstRow(await readTable(path));
	}
	async function csv(text: string): Promise<Record<string, [string, unknown]>> {
		return firstRow(await readTable(await scratch.file(text)));
	}
	function firstRow(table: Table): Record<string, [string, unknown]> {
		return Object.fromEntries(table.columns.map((column) => [column.name, [column.type, cellOf(column, 0)]]));
	}

	it('whole numbers are exact to 2^53, and text beyond', async () => {
		assert.deepEqual(
			await parquet(
				`(-128)::TINYINT AS i8, 65535::USMALLINT AS u16, 4294967295::UINTEGER AS u32, (-9007199254740991)::BIGINT AS i64,
				 9007199254740992::BIGINT AS beyond, 18446744073709551615::UBIGINT AS u64, 170141183460469231731687303715884105727::HUGEINT AS huge`,
			),
			{
				i8: ['integer', -128],
				u16: ['integer', 65535],
				u32: ['integer', 4294967295],
				i64: ['integer', -9007199254740991],
				beyond: ['string', '9007199254740992'],
				u64: ['string', '18446744073709551615'],
				// Parquet has no such type: DuckDB writes it as a double.
				huge: ['double', 1.7014118346046923e38],
			},
		);
		assert.deepEqual(await csv('a,b\n9007199254740991,9007199254740992\n'), {
			a: ['integer', 9007199254740991],
			b: ['string', '9007199254740992'],
		});
	});

	it('decimals are doubles, and what is no finite number is nothing', async () => {
		assert.deepEqual(
			await parquet(
				`12345.678::DECIMAL(18,3) AS d, 0.1::FLOAT AS f, 'NaN'::DOUBLE AS nan, 'inf'::DOUBLE AS inf, '-inf'::FLOAT AS minus`,
			),
			{
				d: ['double', 12345.678],
				f: ['double', 0.10000000149011612],
				nan: ['double', null],
				inf: ['double', null],
				minus: ['double', null],
			},
		);
	});

	it('times are milliseconds in UTC with their microseconds; those without a zone are taken as UTC', async () => {
		assert.deepEqual(
			await parquet(
				`TIMESTAMPTZ '2024-03-31 02:30:00.5+02' AS zoned, TIMESTAMP '2024-03-31 02:30:00.000001' AS plain,
				 TIMESTAMP_NS '2024-03-31 02:30:00.000001999' AS ns, TIMESTAMP_S '2024-03-31 02:30:00' AS s,
				 TIMESTAMP '1969-12-31 23:59:59' AS before, DATE '2024-02-29' AS day, 'infinity'::TIMESTAMP AS never,
				 TIME '10:00:00' AS clock, INTERVAL 3 DAY AS span`,
			),
			{
				zoned: ['timestamp', '2024-03-31T00:30:00.500Z'],
				plain: ['timestamp', '2024-03-31T02:30:00.000001Z'],
				ns: ['timestamp', '2024-03-31T02:30:00.000001Z'],
				s: ['timestamp', '2024-03-31T02:30:00.000Z'],
				before: ['timestamp', '1969-12-31T23:59:59.000Z'],
				day: ['date', '2024-02-29'],
				never: ['timestamp', null],
				clock: ['string', '10:00:00'],
				span: ['string', '3 days'],
			},
		);
	});

	it('dates in text are ISO 8601 or text', async () => {
		assert.deepEqual(
			await csv(
				'a,b,c,d,e,f,g\n2024-01-31,2024-01-31T10:00,2024-01-31 10:00:00+0530,19-Dec,31.01.2024,2024-02-30,20240131\n',
			),
			{
				a: ['date', '2024-01-31'],
				b: ['timestamp', '2024-01-31T10:00:00.000Z'],
				c: ['timestamp', '2024-01-31T04:30:00.000Z'],
				d: ['string', '19-Dec'],
				e: ['string', '31.01.2024'],
				f: ['string', '2024-02-30'],
				g: ['integer', 20240131],
			},
		);
	});

	it('booleans are true and false in any case, and nothing else', async () => {
		assert.deepEqual(await parquet('true AS t, NULL::BOOLEAN AS n'), { t: ['boolean', true], n: ['boolean', null] });
		assert.deepEqual(await csv('a,b,c,d\nTRUE,yes,1,t\n'), {
			a: ['boolean', true],
			b: ['string', 'yes'],
			c: ['integer', 1],
			d: ['string', 't'],
		});
	});

	it('a column without a value is empty, whatever its type', async () => {
		assert.deepEqual(await parquet('NULL::VARCHAR AS text, NULL::DOUBLE AS number, NULL::DATE AS day'), {
			text: ['string', null],
			number: ['double', null],
			day: ['date', null],
		});
		assert.deepEqual(await csv('a,b,c\n,NA,1\n'), { a: ['double', null], b: ['double', null], c: ['integer', 1] });
	});

	it('nested values are their JSON, and other kinds their text', async () => {
		assert.deepEqual(
			await parquet(
				`[1, NULL, 3] AS list, {'a': 1, 'b': 'x'} AS record, MAP {'k': 1.5} AS map, [{'a': [1]}] AS deep,
				 [DATE '2024-01-31'] AS days, [1.50::DECIMAL(4,2)] AS amounts,
				 'ab'::BLOB AS bytes, '5f5c8b1e-3b5a-4a5e-9f4e-0a1b2c3d4e5f'::UUID AS id, 'x'::ENUM('x', 'y') AS word`,
			),
			{
				list: ['other', '[1,null,3]'],
				record: ['other', '{"a":1,"b":"x"}'],
				map: ['other', '{"k":1.5}'],
				deep: ['other', '[{"a":[1]}]'],
				days: ['other', '["2024-01-31"]'],
				amounts: ['other', '[1.5]'],
				bytes: ['other', 'ab'],
				id: ['string', '5f5c8b1e-3b5a-4a5e-9f4e-0a1b2c3d4e5f'],
				word: ['string', 'x'],
			},
		);
	});
});
