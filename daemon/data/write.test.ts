import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { isPerchError, toPerchError } from '../protocol/errors.ts';
import { readTable } from './read/read.ts';
import { type Cell, cellOf, numberColumn, stringColumn, type Table, tableOf } from './table.ts';
import { writeTable } from './write.ts';

function cells(table: Table): Cell[][] {
	return table.columns.map((column) => Array.from({ length: table.rows }, (_, row) => cellOf(column, row)));
}

describe('writing tables', () => {
	let folder: string;
	before(async () => {
		folder = await mkdtemp(join(tmpdir(), 'perch-write-'));
	});
	after(() => rm(folder, { recursive: true, force: true }));

	/** Text that a reader cannot take for anything else: a number, a time, a boolean, a word for nothing. */
	const text = fc.string({ unit: 'grapheme' }).map((found) => `t${found.replaceAll('\0', '')}`);
	const cell = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 4 });
	const times = fc.integer({ min: -2_000_000_000_000_000, max: 4_000_000_000_000_000 });
	const tables = fc
		.array(
			fc.record({
				double: cell(fc.double({ noNaN: true, noDefaultInfinity: true })),
				whole: cell(fc.maxSafeInteger()),
				flag: cell(fc.boolean()),
				day: cell(fc.integer({ min: -100_000, max: 100_000 })),
				at: cell(times),
				text: cell(text),
			}),
			{ minLength: 1, maxLength: 12 },
		)
		.map((rows) =>
			tableOf([
				numberColumn(
					'a double',
					rows.map(({ double }) => (double === null ? null : double + 0)),
				),
				numberColumn(
					'whole',
					rows.map(({ whole }) => (whole === null ? null : whole + 0)),
					'integer',
				),
				numberColumn(
					'flag',
					rows.map(({ flag }) => (flag === null ? null : +flag)),
					'boolean',
				),
				numberColumn(
					'day "of" rest, ü',
					rows.map(({ day }) => (day === null ? null : day * 86_400_000)),
					'date',
				),
				numberColumn(
					'at',
					rows.map(({ at }) => (at === null ? null : at / 1000)),
					'timestamp',
				),
				stringColumn(
					'text',
					rows.map((row) => row.text),
				),
			]),
		);

	for (const ending of ['csv', 'parquet']) {
		it(`gives back every value from ${ending}`, async function () {
			this.timeout(60_000);
			const path = join(folder, `round.${ending}`);
			await fc.assert(
				fc.asyncProperty(tables, async (table) => {
					await writeTable(table, path);
					const back = await readTable(path);
					assert.deepEqual(
						back.columns.map(({ name }) => name),
						table.columns.map(({ name }) => name),
					);
					assert.deepEqual(cells(back), cells(table));
				}),
				{ numRuns: 60 },
			);
			assert.deepEqual(await readdir(folder).then((names) => names.filter((name) => name.endsWith('.part'))), []);
		});
	}

	it('writes CSV as RFC 4180 has it', async () => {
		const path = join(folder, 'shown.csv');
		const table = tableOf([
			stringColumn('a,b', ['x "y"', 'line\nend', null]),
			numberColumn('ok', [1, 0, null], 'boolean'),
			numberColumn('at', [0, 1.5, null], 'timestamp'),
			numberColumn('v', [0.1, -1e-7, 1e21]),
		]);
		await writeTable(table, path);
		assert.equal(
			await readFile(path, 'utf8'),
			'"a,b",ok,at,v\n"x ""y""",true,1970-01-01T00:00:00.000Z,0.1\n"line\nend",false,1970-01-01T00:00:00.001500Z,-1e-7\n,,,1e+21\n',
		);
	});

	it('keeps the types of Parquet, the empty string too, over many chunks', async () => {
		const path = join(folder, 'types.parquet');
		const rows = 5000;
		const table = tableOf([
			numberColumn(
				'whole',
				Float64Array.from({ length: rows }, (_, row) => row),
				'integer',
			),
			numberColumn('day', new Float64Array(rows), 'date'),
			stringColumn(
				'text',
				Array.from({ length: rows }, (_, row) => ['', 'a text that is long', null][row % 3] as string | null),
			),
		]);
		await writeTable(table, path);
		const back = await readTable(path);
		assert.deepEqual(
			back.columns.map(({ type }) => type),
			['integer', 'date', 'string'],
		);
		assert.deepEqual(cells(back), cells(table));
	});

	it('replaces a file whole, and leaves it and nothing else when the work fails', async () => {
		const path = join(folder, 'kept.csv');
		await writeTable(tableOf([numberColumn('a', [1])]), path);
		const broken = { rows: 3, columns: [{ ...numberColumn('a', [1, 2, 3]), values: null as unknown as Float64Array }] };
		await assert.rejects(writeTable(broken, path));
		assert.equal(await readFile(path, 'utf8'), 'a\n1\n');
		assert.deepEqual(
			(await readdir(folder)).filter((name) => name.includes('.part')),
			[],
		);
	});

	it('writes large numbers so that they stay numbers', async () => {
		const path = join(folder, 'large.csv');
		await writeTable(tableOf([numberColumn('v', [-(2 ** 53), 2 ** 53 - 1])]), path);
		assert.equal(await readFile(path, 'utf8'), 'v\n-9.007199254740992e+15\n9007199254740991\n');
		assert.deepEqual(cells(await readTable(path)), [[-(2 ** 53), 2 ** 53 - 1]]);
	});

	for (const ending of ['csv', 'parquet']) {
		it(`names the ${ending} file that cannot be written, not the one beside it`, async () => {
			const table = tableOf([numberColumn('a', [1])]);
			const folderInPlace = join(folder, `folder.${ending}`);
			await mkdir(join(folderInPlace, 'kept'), { recursive: true });
			for (const [path, code] of [
				[folderInPlace, 'invalid_arguments'],
				[join(folder, 'missing', `a.${ending}`), 'file_not_found'],
			] as const) {
				const error = toPerchError(await writeTable(table, path).catch((thrown: unknown) => thrown));
				assert.deepEqual([error.code, error.detail.file], [code, path]);
				assert.ok(error.message.includes(path) && !error.message.includes('.part'), error.message);
			}
			assert.deepEqual(
				(await readdir(folder)).filter((name) => name.includes('.part')),
				[],
			);
		});
	}

	it('refuses other kinds of files', async () => {
		await assert.rejects(
			writeTable(tableOf([numberColumn('a', [1])]), join(folder, 'a.xlsx')),
			(error: unknown) => isPerchError(error) && error.code === 'unsupported_format',
		);
	});
});
