import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ColumnSource, readWhole, selectedSource, withColumns } from './columnSource.ts';
import { quotePath, withDuckdb } from './duckdb.ts';
import { readFamily } from './read/family.ts';
import { cellOf, type Table } from './table.ts';

const rowsOf = ({ rows, columns }: Table) =>
	columns.map((column) => ({
		name: column.name,
		type: column.type,
		cells: Array.from({ length: rows }, (_, row) => cellOf(column, row)),
	}));

describe('columns that are read when they are asked for', () => {
	let folder: string;
	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'perch-columns-'));
		const copy = (name: string, select: string) =>
			withDuckdb((connection) => connection.run(`COPY (${select}) TO ${quotePath(join(folder, name))}`));
		await copy(
			'trips_2021-01.parquet',
			"SELECT range AS id, range / 2 AS fare, 'a' || range % 3 AS zone FROM range(5000)",
		);
		await copy('trips_2021-02.parquet', 'SELECT 5000 + range AS id, NULL AS zone, range AS fare FROM range(4000)');
		await copy('trips_2021-03.parquet', "SELECT range AS id, 'z' AS zone, range AS fare, true AS paid FROM range(10)");
		await copy('odd_1.parquet', 'SELECT 1 AS id, true AS flag');
		await copy('odd_2.parquet', "SELECT 2 AS id, 'yes' AS flag");
		writeFileSync(join(folder, 'few.csv'), 'a,b\n1,x\n2,y\n');
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	const path = (name: string) => join(folder, name);
	const open = <T>(name: string, work: (source: ColumnSource) => Promise<T>) => withColumns(path(name), {}, work);

	for (const name of ['trips_2021-01.parquet', 'trips_{2021-01..2021-03}.parquet', 'trips_*.parquet', 'few.csv']) {
		it(`hold what the table holds: ${name}`, async () => {
			const family = await readFamily(path(name));
			await open(name, async (source) => {
				assert.equal(source.rows, family.table.rows);
				assert.deepEqual(rowsOf(await readWhole(source)), rowsOf(family.table));
				assert.deepEqual(source.notes, family.notes);
			});
		});
	}

	it("are the caller's own: what is done to one reading does not show in the next", async () => {
		for (const name of ['trips_2021-01.parquet', 'few.csv']) {
			await open(name, async (source) => {
				const [first] = await source.read(source.names.slice(0, 1));
				assert.equal(first?.kind, 'number');
				const before = [...first.values];
				structuredClone(first, { transfer: [first.values.buffer as ArrayBuffer] });
				const [again] = await source.read(source.names.slice(0, 1));
				assert.equal(again?.kind, 'number');
				assert.deepEqual([...again.values], before);
			});
		}
	});

	it('are those selected, and a name that is not there is refused', async () => {
		await open('trips_2021-01.parquet', async (source) => {
			const two = selectedSource(source, ['zone', 'id']);
			assert.deepEqual(
				(await readWhole(two)).columns.map(({ name }) => name),
				['zone', 'id'],
			);
			assert.throws(() => selectedSource(source, ['fee']), /There is no column "fee"/);
		});
	});

	it('say which column of a family cannot be one, when it is read', async () => {
		await assert.rejects(
			open('odd_*.parquet', async (source) => {
				assert.equal((await source.read(['id'])).length, 1);
				await source.read(['flag']);
			}),
			/Column "flag" differs from file to file: boolean in odd_1\.parquet; string in odd_2\.parquet/,
		);
	});

	it('do not blame the file for what their reader throws', async () => {
		await assert.rejects(
			open('trips_2021-01.parquet', () => Promise.reject(new TypeError('a mistake'))),
			(error: Error) => !/cannot be read/.test(error.message),
		);
	});
});
