import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { type ErrorBody, isPerchError } from '../../protocol/errors.ts';
import { cells } from '../fixtures/cells.ts';
import { scratchFiles } from '../fixtures/scratchFiles.ts';
import { cellOf, schemaOf, type Table } from '../table.ts';
import { readTable } from './read.ts';

function types(table: Table): string[] {
	return schemaOf(table).map(({ name, type }) => `${name}: ${type}`);
}

describe('reading data files', () => {
	const scratch = scratchFiles();
	const { file } = scratch;

	const csv = async (content: string | Buffer) => await readTable(await file(content));

	async function refusal(path: string): Promise<ErrorBody> {
		const error = await readTable(path).then(
			() => null,
			(thrown: unknown) => thrown,
		);
		assert.ok(isPerchError(error), String(error));
		assert.ok(error.message.includes(path), error.message);
		return error.toBody();
	}

	describe('CSV', () => {
		it('tells types by every cell, not by the first thousands', async () => {
			const numbers = Array.from({ length: 30_000 }, (_, row) => `${row},${row}.5,true`);
			const table = await csv(['whole,point,flag', ...numbers, 'late,1,false'].join('\n'));
			assert.deepEqual(types(table), ['whole: string', 'point: double', 'flag: boolean']);
			assert.deepEqual(cells(table).at(-1), ['late', 1, false]);
		});

		it('takes a byte order mark, unicode headers, quotes in names, quoted delimiters and line ends', async () => {
			const table = await csv('\ufeffÄrger,"say ""hi""",日本,é\r\n1,"a,b","x\r\ny",\r\n2,"c ""d""",z,\r\n');
			assert.deepEqual(types(table), ['Ärger: integer', 'say "hi": string', '日本: string', 'é: double']);
			assert.deepEqual(cells(table), [
				[1, 'a,b', 'x\r\ny', null],
				[2, 'c "d"', 'z', null],
			]);
		});

		it('takes NaN, infinities, empty cells and the usual words for nothing as null among numbers', async () => {
			const table = await csv('a,b,c,d\nNaN,1,NA,\ninf,2,x,\n-Infinity,3,,\n1.5,?,NA,\n');
			assert.deepEqual(types(table), ['a: double', 'b: integer', 'c: string', 'd: double']);
			assert.deepEqual(cells(table), [
				[null, 1, 'NA', null],
				[null, 2, 'x', null],
				[null, 3, null, null],
				[1.5, null, 'NA', null],
			]);
		});

		it('takes ISO 8601 dates and times alone as such', async () => {
			const table = await csv(
				[
					'day,time,zoned,sale,slashes,broken',
					'2024-01-05,2024-01-05 10:00:00.25,2024-01-05T10:00:00Z,19-Dec,05/01/2024,2024-02-30',
					'1969-12-31,2024-01-05,2024-01-05T10:00:00+02:00,20-Dec,06/01/2024,2024-02-28',
				].join('\n'),
			);
			assert.deepEqual(types(table), [
				'day: date',
				'time: timestamp',
				'zoned: timestamp',
				'sale: string',
				'slashes: string',
				'broken: string',
			]);
			assert.deepEqual(cells(table)[1]?.slice(0, 4), [
				'1969-12-31',
				'2024-01-05T00:00:00.000Z',
				'2024-01-05T08:00:00.000Z',
				'20-Dec',
			]);
			assert.equal(cells(table)[0]?.[1], '2024-01-05T10:00:00.250Z');
		});

		it('keeps whole numbers up to 2^53 and leaves larger ones text', async () => {
			const table = await csv('a,b,c,d\n9007199254740991,9007199254740993,1.0,1e3\n-1,2,2.0,5\n');
			assert.deepEqual(types(table), ['a: integer', 'b: string', 'c: double', 'd: double']);
			assert.deepEqual(cells(table)[0], [9007199254740991, '9007199254740993', 1, 1000]);
		});

		it('does not take codes for numbers', async () => {
			assert.deepEqual(types(await csv('a,b,c\n1_000,0x1F,yes\n2_000,7,no\n')), [
				'a: string',
				'b: string',
				'c: string',
			]);
		});

		it('gives repeated and empty names numbers, the same each time, and keeps upper and lower case apart', async () => {
			const table = await csv('a,a,A,a_1,,\n1,2,3,4,5,6\n');
			assert.deepEqual(
				table.columns.map(({ name }) => name),
				['a', 'a_2', 'A', 'a_1', 'column4', 'column5'],
			);
			assert.deepEqual(cells(table), [[1, 2, 3, 4, 5, 6]]);
		});

		it('reads decimal commas between semicolons, where they can be nothing else', async () => {
			const german = await csv('a;b;c;d;e;f\n1,5;1.234,56;1,500;-3;1,2;1,5\n-2;7;2,250;,5;x;1.5\nNA;-0,25;3,125;;;2\n');
			assert.deepEqual(types(german), ['a: double', 'b: double', 'c: string', 'd: double', 'e: string', 'f: string']);
			assert.deepEqual(cells(german), [
				[1.5, 1234.56, '1,500', -3, '1,2', '1,5'],
				[-2, 7, '2,250', 0.5, 'x', '1.5'],
				[null, -0.25, '3,125', null, null, '2'],
			]);
		});

		it('finds semicolons, tabs and bars, one column, one row, and blank lines', async () => {
			assert.deepEqual(cells(await csv('a;b\nx,y;2\n')), [['x,y', 2]]);
			assert.deepEqual(cells(await csv('a|b\n1|2\n')), [[1, 2]]);
			assert.deepEqual(cells(await readTable(await file('a\tb\n1\t2,3\n', 'tsv'))), [[1, '2,3']]);
			assert.deepEqual(cells(await csv('value\n1\n\n3')), [[1], [null], [3]]);
			assert.deepEqual(cells(await csv('\n\na,b\n1,2\n\n3,4\n\n')), [
				[1, 2],
				[3, 4],
			]);
		});

		it('takes line ends of the old Mac, and of two kinds in one file', async () => {
			const expected = [
				[1, 2],
				[3, 4],
			];
			assert.deepEqual(cells(await csv('a,b\r1,2\r3,4\r')), expected);
			assert.deepEqual(cells(await csv('a,b\r\n1,2\n3,4\r\n')), expected);
			assert.deepEqual(cells(await csv('a,b\n1,2\r\n3,4\n')), expected);
		});

		it('takes line ends of all kinds in any order, and keeps those within quotes', async () => {
			const word = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', '\r'), maxLength: 4 });
			const row = fc.record({
				word: word.map((text) => `x${text}`),
				quoted: fc.boolean(),
				end: fc.constantFrom('\n', '\r\n', '\r'),
			});
			await fc.assert(
				fc.asyncProperty(fc.array(row, { minLength: 2, maxLength: 6 }), async ([header, ...rows]) => {
					const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
					const lines = rows.map(({ word: text, quoted: quotes, end }) => {
						const cell = quotes || /[",\r\n]/.test(text) ? quoted(text) : text;
						return `${cell},${cell}${end}`;
					});
					const table = await csv(`a,b${header?.end}${lines.join('')}`);
					assert.deepEqual(
						cells(table),
						rows.map(({ word: text }) => [text, text]),
					);
				}),
				{ numRuns: 150 },
			);
		});

		it('takes gzip, and paths that look like patterns', async () => {
			assert.deepEqual(cells(await readTable(await file(gzipSync('a,b\n1,x\n'), 'csv.gz'))), [[1, 'x']]);
			const odd = join(scratch.folder, "it's [1] * ?.csv");
			await writeFile(odd, 'a\n7\n');
			assert.deepEqual(cells(await readTable(odd)), [[7]]);
		});

		it('reads the columns asked for, in that order, and rows up to a limit', async () => {
			const path = await file('a,b,c\n1,x,2.5\n2,y,3\nz,w,4\n');
			assert.deepEqual(cells(await readTable(path, { columns: ['c', 'a'], limit: 1 })), [[2.5, '1']]);
			assert.deepEqual(schemaOf(await readTable(path)), [
				{ name: 'a', type: 'string' },
				{ name: 'b', type: 'string' },
				{ name: 'c', type: 'double' },
			]);
		});

		it('codes text by its words: short and long, many, null among them', async () => {
			const words = ['', 'a', 'twelve bytes', 'thirteen byte', 'ünïcödé', 'a word that is longer than twelve bytes'];
			const written = Array.from({ length: 9000 }, (_, row) => `${row},${words[row % words.length]},unique ${row}`);
			const table = await csv(['row,word,unique', ...written].join('\n'));
			const read = cells(table);
			for (let row = 0; row < 9000; row++) {
				assert.deepEqual(read[row], [row, words[row % words.length] || null, `unique ${row}`]);
			}
			const word = table.columns[1];
			assert.ok(word?.kind === 'string' && word.dictionary.length === words.length - 1);
		});
	});

	describe('what is broken', () => {
		it('is a missing, an empty, a header-only or a foreign file', async () => {
			assert.equal((await refusal(join(scratch.folder, 'nowhere.csv'))).code, 'file_not_found');
			for (const content of ['', '\n\n', '\ufeff', 'a,b\n', 'a,b']) {
				const { code, hint } = await refusal(await file(content));
				assert.equal(code, 'empty_data', JSON.stringify(content));
				assert.match(hint ?? '', /row/);
			}
			assert.equal((await refusal(await file('a', 'xlsx'))).code, 'unsupported_format');
			assert.equal((await refusal(await file('{}', 'parquet'))).code, 'invalid_data');
			assert.equal((await refusal(await file('[]', 'json'))).code, 'empty_data');
			assert.equal((await refusal(await file('not gzip', 'csv.gz'))).code, 'invalid_data');
		});

		const broken: [string, string | Buffer, number, string | undefined, RegExp][] = [
			['too few values', 'a,b,c\n1,2,3\n4,5\n6,7,8\n', 3, undefined, /2 values .* 3 columns: 4 \| 5/],
			['too many values', 'a,b\n1,2\n1,2,3\n', 3, undefined, /3 values .* 2 columns/],
			['too many values below quoted line ends', 'a,b\n1,"x\ny\r\nz"\n2,3\n4,5,6\n', 6, undefined, /line 6/],
			['an open quote', 'a,b\n1,2\n3,"never\n4,5\n', 3, 'b', /never closed/],
			['text behind a quote', 'a,b\n"x"y,2\n', 2, 'a', /closing quote/],
			['Latin-1', Buffer.from('a,näme\n1,2\n3,caf\xe9\n', 'latin1'), 1, undefined, /UTF-8/],
			['Latin-1 in a cell', Buffer.concat([Buffer.from('a,b\n1,2\n3,'), Buffer.from([0xe9, 0x0a])]), 3, 'b', /UTF-8/],
			['UTF-16 without its mark', Buffer.from('a,b\n1,2\n', 'utf16le'), 1, undefined, /UTF-16/],
			['a remark above the header', '# made by hand\na,b\n1,2\n', 2, undefined, /2 values .* 1 column:/],
		];
		for (const [what, content, line, field, message] of broken) {
			it(`is ${what}, with its line and column`, async () => {
				const body = await refusal(await file(content));
				assert.equal(body.code, 'invalid_data');
				assert.equal(body.line, line);
				if (field !== undefined) assert.equal(body.field, field);
				assert.match(body.message, message);
				assert.ok(body.hint !== undefined && body.file !== undefined);
			});
		}

		it('is found far down, too', async () => {
			const rows = Array.from({ length: 200_000 }, (_, row) => (row === 150_000 ? '1' : `${row},"two\nlines"`));
			assert.equal((await refusal(await file(['a,b', ...rows].join('\n')))).line, 2 + 2 * 150_000);
		});

		it('is an unknown column, with the known ones', async () => {
			const path = await file('a,b\n1,2\n');
			await assert.rejects(readTable(path, { columns: ['c'] }), (error: unknown) => {
				assert.ok(isPerchError(error));
				assert.equal(error.code, 'unknown_column');
				assert.match(error.detail.hint ?? '', /"a", "b"/);
				return true;
			});
		});

		it('is unsound JSON, with its line', async () => {
			assert.equal((await refusal(await file('{"a":1}\n{"a":2\n{"a":3}\n', 'jsonl'))).line, 2);
			assert.equal((await refusal(await file('[\n{"a":1},\n{"a":}\n]', 'json'))).line, 3);
		});
	});

	it('reads JSON and JSON lines: types, nested values, missing keys, large numbers', async () => {
		const lines = [
			'{"id": 1, "name": "x", "ok": true, "at": "2024-01-05T10:00:00Z", "tags": ["a"], "n": 9007199254740993, "none": null}',
			'{"id": 2.5, "ok": false, "at": "2024-01-06T10:00:00Z", "tags": [], "n": 1, "none": null, "sale": "19-Dec"}',
		];
		for (const [content, ending] of [
			[lines.join('\n'), 'jsonl'],
			[`[${lines.join(',\n')}]`, 'json'],
		] as const) {
			const table = await readTable(await file(content, ending));
			assert.deepEqual(types(table), [
				'id: double',
				'name: string',
				'ok: boolean',
				'at: timestamp',
				'tags: other',
				'n: string',
				'none: double',
				'sale: string',
			]);
			assert.deepEqual(cells(table), [
				[1, 'x', true, '2024-01-05T10:00:00.000Z', '["a"]', '9007199254740993', null, null],
				[2.5, null, false, '2024-01-06T10:00:00.000Z', '[]', '1', null, '19-Dec'],
			]);
		}
	});

	it('reads the types of Parquet', async () => {
		const path = join(scratch.folder, 'types.parquet');
		const connection = await (await DuckDBInstance.create(':memory:')).connect();
		await connection.run(
			`COPY (SELECT 1::TINYINT AS "a ""b""", 9007199254740993 AS big, 1.25::DECIMAL(9,2) AS dec, {'k': [1]} AS nested,
			 NULL AS nothing, DATE '2024-01-05' AS day, TIMESTAMP '2024-01-05 10:00:00.123456' AS at, 'infinity'::DOUBLE AS inf,
			 TIMESTAMPTZ '2024-01-05 10:00:00+02' AS zoned, TIME '10:00' AS clock, '' AS empty, false AS flag)
			 TO '${path}' (FORMAT parquet)`,
		);
		connection.closeSync();
		const table = await readTable(path);
		assert.deepEqual(
			Object.fromEntries(table.columns.map((column) => [column.name, [column.type, cellOf(column, 0)]])),
			{
				'a "b"': ['integer', 1],
				big: ['string', '9007199254740993'],
				dec: ['double', 1.25],
				nested: ['other', '{"k":[1]}'],
				nothing: ['integer', null],
				day: ['date', '2024-01-05'],
				at: ['timestamp', '2024-01-05T10:00:00.123456Z'],
				inf: ['double', null],
				zoned: ['timestamp', '2024-01-05T08:00:00.000Z'],
				clock: ['string', '10:00:00'],
				empty: ['string', ''],
				flag: ['boolean', false],
			},
		);
	});

	describe('real files (PERCH_REAL_DATA)', () => {
		const real = process.env['PERCH_REAL_DATA'];
		before(function () {
			if (real === undefined) this.skip();
		});
		const read = async (path: string) => await readTable(join(real ?? '', path));

		// Facts counted independently of this reader.
		it('Bengaluru: 13,320 rows, text that is no number, dates that are none, missing cells', async () => {
			const table = await read('home-prices/Bengaluru_House_Data.csv');
			assert.equal(table.rows, 13_320);
			const nulls = Object.fromEntries(
				table.columns.map((column) => [
					column.name,
					cells({ rows: table.rows, columns: [column] })
						.flat()
						.filter((cell) => cell === null).length,
				]),
			);
			assert.deepEqual(nulls, {
				area_type: 0,
				availability: 0,
				location: 1,
				size: 16,
				society: 5502,
				total_sqft: 0,
				bath: 73,
				balcony: 609,
				price: 0,
			});
			const kinds = Object.fromEntries(schemaOf(table).map(({ name, type }) => [name, type]));
			assert.equal(kinds['total_sqft'], 'string');
			assert.equal(kinds['availability'], 'string');
			const location = table.columns[2];
			assert.ok(location?.kind === 'string' && location.dictionary.length === 1306 - 1);
		});

		it('green taxi: text and integer places, an all-null column, exact counts', async () => {
			const january = await read('taxi/green_tripdata_2021-01.parquet');
			assert.equal(january.rows, 73_908);
			const column = (name: string) => january.columns.find((other) => other.name === name);
			assert.equal(column('PULocationID')?.type, 'string');
			const fee = column('ehail_fee');
			assert.ok(fee?.kind === 'number' && fee.values.every((value) => Number.isNaN(value)));
			const payment = column('payment_type');
			assert.ok(payment?.kind === 'number');
			assert.equal(payment.values.filter((value) => Number.isNaN(value)).length, 35_733);
			const later = await read('taxi/green_tripdata_2023-01.parquet');
			assert.equal(later.rows, 68_211);
			assert.equal(later.columns.find(({ name }) => name === 'PULocationID')?.type, 'integer');
		});

		it('IoT telemetry: booleans as text, seconds with seven decimals', async () => {
			const table = await read('iot/iot_telemetry_50k.csv');
			assert.equal(table.rows, 50_270);
			assert.equal(table.columns.find(({ name }) => name === 'light')?.type, 'boolean');
			assert.equal(cellOf(table.columns[0] as (typeof table.columns)[0], 0), 1594598424.5023336);
		});
	});
});
