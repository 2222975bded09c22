import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withDuckdb } from '../../data/duckdb.ts';
import { columnOf } from '../../data/table.ts';
import { readWeights } from '../../learn/weights/sampleWeights.ts';
import { isPerchError } from '../../protocol/errors.ts';
import { parse } from '../../protocol/parse.ts';
import { prepareSection } from '../../protocol/project/prepare.ts';
import type { Reading } from '../../protocol/reading.ts';
import { noRules } from '../rowRules.ts';
import { readProjectRows } from './projectRows.ts';
import { placesOfRows } from './rowPlaces.ts';

describe('rows with a cell that no parse step takes', () => {
	const folder = mkdtempSync(join(tmpdir(), 'perch-unparsed-'));
	after(() => rmSync(folder, { recursive: true, force: true }));

	const prepare = parse(prepareSection, [{ parse: { column: 'area', as: 'range_mean' } }]);
	const read = (path: string, filter: string | null, reading: Reading = { on_bad: 'quarantine' }) =>
		readProjectRows(path, { name: 'flats', plain: false, versions: [], last: null }, reading, {
			...noRules,
			prepare,
			filter,
		});
	const asideOf = (path: string): unknown[] =>
		readFileSync(`${path}.quarantine.jsonl`, 'utf8')
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line));

	it('are refused or set aside too where a cell is to say how much its row counts', async () => {
		const path = join(folder, 'weighed.csv');
		writeFileSync(path, 'id,times\n1,2\n2,-1\n3,\n4,much\n5,0\n');
		const rows = (on_bad: 'stop' | 'quarantine') =>
			readProjectRows(path, { name: 'weighed', plain: false, versions: [], last: null }, { on_bad }, noRules, 'times');
		await assert.rejects(rows('stop'), (error) => {
			assert.ok(isPerchError(error));
			const { file, line, field } = error.detail;
			assert.deepEqual([error.code, file, line, field], ['invalid_data', path, 3, 'times']);
			return /"-1": a weight must be a number that is not negative \(and 2 more cells\)/.test(error.message);
		});
		const { table } = await rows('quarantine');
		assert.deepEqual([...readWeights(table, 'times')], [2, 0]);
		assert.deepEqual(
			asideOf(path).map((one) => (one as { line: number }).line),
			[3, 4, 5],
		);
	});

	it('are set aside beside those that could not be read, with line, row and reason', async () => {
		const path = join(folder, 'flats.csv');
		writeFileSync(path, 'id,area\n1,10 - 20\n2,"a\nb",3\n3,large\n4,30\n5,"two\nlines"\n6,40\n');
		const { table, origin, quarantined } = await read(path, 'id <> 4', {
			on_bad: 'quarantine',
			types: { area: 'string' },
		});
		assert.deepEqual(columnOf(table, 'area'), {
			kind: 'number',
			name: 'area',
			type: 'double',
			values: Float64Array.of(15, 40),
		});
		assert.deepEqual(quarantined, [{ file: path, rows: 3, quarantine: `${path}.quarantine.jsonl` }]);
		assert.deepEqual(asideOf(path), [
			{ line: 3, row: 2, column: null, reason: 'it has 3 values where the header names 2 columns', text: '2,"a\nb",3' },
			{ line: 5, row: 3, column: 'area', reason: '"large": no range such as 10 - 20', text: '3,large' },
			{ line: 7, row: 5, column: 'area', reason: '"two\\nlines": no range such as 10 - 20', text: '5,"two\nlines"' },
		]);
		const places = await placesOfRows([0, 1], origin);
		assert.deepEqual([places.get(0)?.line, places.get(1)?.line, places.get(1)?.row], [2, 9, 5]);
		assert.equal((await read(path, null, { on_bad: 'quarantine', types: { area: 'string' } })).quarantined[0]?.rows, 3);
	});

	it('have a number and their cells where they come from Parquet', async () => {
		const path = join(folder, 'flats.parquet');
		await withDuckdb((connection) =>
			connection.run(`COPY (SELECT * FROM (VALUES (1, '7'), (2, 'x'), (3, NULL)) AS t(id, area)) TO '${path}'`),
		);
		const { table } = await read(path, null);
		assert.equal(table.rows, 2);
		assert.deepEqual(asideOf(path), [
			{ line: null, row: 2, column: 'area', reason: '"x": no range such as 10 - 20', text: '{"id":2,"area":"x"}' },
		]);
		await assert.rejects(
			read(path, null, {}),
			(error: unknown) => isPerchError(error) && error.code === 'invalid_data',
		);
	});

	it('may be all there are, which is refused', async () => {
		const path = join(folder, 'none.csv');
		writeFileSync(path, 'id,area\n1,x\n2,y\n');
		await assert.rejects(
			read(path, null, { on_bad: 'quarantine', types: { area: 'string' } }),
			(error: unknown) =>
				isPerchError(error) && error.code === 'empty_data' && /none\.csv\.quarantine/.test(error.detail.hint ?? ''),
		);
	});
});
