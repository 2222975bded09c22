import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { numberColumn, stringColumn, type Table, tableOf } from '../../data/table.ts';
import type { DriftReport } from '../../protocol/drift.ts';
import { createRandom } from '../../stats/random.ts';
import { detectDrift } from '../detectDrift.ts';
import { contrastP } from './contrast.ts';
import { explainColumns } from './explainColumns.ts';
import { drawRows, sampleRows } from './sampleRows.ts';

const cities = ['Ulm', 'Bonn', 'Kiel', 'Gera'];

/** Prices by city and age; `shift` moves the price of a row, told its city's place and its age (0 to 99). */
function houses(rows: number, seed: number, shift: (city: number, age: number) => number): Table {
	const random = createRandom(seed, 'segments.test');
	const city = Array.from({ length: rows }, () => random.integer(cities.length));
	const age = Array.from({ length: rows }, () => random.integer(100));
	const price = city.map((one, row) => random.normal() + shift(one, age[row] as number));
	return tableOf([
		numberColumn('price', price),
		stringColumn(
			'city',
			city.map((one) => cities[one] as string),
		),
		numberColumn('age', age, 'integer'),
	]);
}

function explained(reference: Table, current: Table, column: string) {
	const report: DriftReport = detectDrift(reference, current, {
		threshold: 0.5,
		referenceSide: { name: 'a', rows: reference.rows, digest: null },
		currentSide: { name: 'b', rows: current.rows, digest: null },
	});
	return explainColumns(reference, current, report.columns).get(column);
}

describe('segments of drift', () => {
	it('names the value of another column in which a column drifted alone', () => {
		const found = explained(
			houses(4000, 1, () => 0),
			houses(4000, 2, (city) => (city === 2 ? 2 : 0)),
			'price',
		);
		const [first, ...more] = found?.segments.found ?? [];
		assert.equal(first?.column, 'city');
		assert.equal(first?.segment, 'Kiel');
		assert.deepEqual(more, []);
		// A shift of two deviations moves the share below the reference's cuts by up to 2Φ(1) − 1 = 0.683.
		assert.ok(Math.abs((first?.effect ?? 0) - 0.683) < 0.05, String(first?.effect));
		assert.ok((first?.elsewhere ?? 1) < 0.06, String(first?.elsewhere));
		assert.ok((first?.adjusted_p ?? 1) < 1e-9);
		assert.equal(found?.segments.columns, 2);
		assert.equal(found?.segments.looked, 4 + 5, 'four cities, five ranges of age');
	});

	it('names the range of a number', () => {
		const found = explained(
			houses(4000, 3, () => 0),
			houses(4000, 4, (_, age) => (age > 80 ? -3 : 0)),
			'price',
		);
		const [first] = found?.segments.found ?? [];
		assert.equal(first?.column, 'age');
		assert.match(first?.segment ?? '', /^above (79|80)$/);
	});

	it('finds none where the column drifted alike everywhere', () => {
		for (let seed = 0; seed < 20; seed++) {
			const found = explained(
				houses(2000, 100 + seed, () => 0),
				houses(2000, 200 + seed, () => 1),
				'price',
			);
			assert.deepEqual(found?.segments.found, []);
			assert.equal(found?.segments.looked, 9);
		}
	});

	it('leaves stable columns and segments of few rows alone', () => {
		const [reference, current] = [houses(150, 5, () => 0), houses(150, 6, () => 3)];
		assert.equal(explained(reference, current, 'age'), undefined);
		const cut = explained(reference, current, 'price')?.segments;
		assert.equal(cut?.looked, 0, 'no city and no fifth has fifty of 150 rows');
	});

	it('weighs a change against the change elsewhere as the worked value does', () => {
		const p = contrastP({ reference: [50, 50], current: [20, 80] }, { reference: [50, 50], current: [50, 50] }, true);
		assert.ok(Math.abs(p - 0.0015240433769144485) < 1e-12, String(p));
	});
});

describe('example rows of drift', () => {
	it('are rows of the value that gained most, with their cells', () => {
		const reference = tableOf([
			stringColumn(
				'kind',
				Array.from({ length: 100 }, (_, row) => (row % 2 ? 'a' : 'b')),
			),
		]);
		const current = tableOf([
			numberColumn(
				'id',
				Array.from({ length: 100 }, (_, row) => row),
				'integer',
			),
			stringColumn(
				'kind',
				Array.from({ length: 100 }, (_, row) => (row % 10 === 0 ? 'a' : 'c')),
			),
		]);
		const examples = explained(
			tableOf([
				numberColumn(
					'id',
					Array.from({ length: 100 }, (_, row) => row % 7),
				),
				...reference.columns,
			]),
			current,
			'kind',
		)?.examples;
		assert.equal(examples?.gained, 'c');
		assert.deepEqual(examples?.shares, { reference: 0, current: 0.9 });
		assert.deepEqual(examples?.columns, ['kind', 'id']);
		assert.equal(examples?.rows.length, 5);
		for (const { at, cells } of examples?.rows ?? []) assert.deepEqual(cells, ['c', at]);
	});

	it('cut long cells, and rows to twelve columns', () => {
		const wide = (value: string) =>
			tableOf([
				stringColumn(
					'text',
					Array.from({ length: 40 }, () => value),
				),
				...Array.from({ length: 30 }, (_, index) =>
					numberColumn(
						`n${index}`,
						Array.from({ length: 40 }, (_, row) => (row * 7 + index) % 11),
					),
				),
			]);
		const examples = explained(wide('x'), wide('y'.repeat(10_000)), 'text')?.examples;
		assert.equal(examples?.columns.length, 12);
		assert.equal(examples?.rows[0]?.cells[0], `${'y'.repeat(79)}…`);
	});
});

describe('sampled rows', () => {
	it('are all of a small table, and the same draw of a large one each time', () => {
		const table = tableOf([
			numberColumn(
				'x',
				Float64Array.from({ length: 1000 }, (_, row) => row),
			),
		]);
		assert.equal(sampleRows(table, 'current').rows, null);
		const drawn = drawRows(1000, 300, 'current');
		assert.deepEqual(drawn, drawRows(1000, 300, 'current'));
		assert.notDeepEqual(drawn, drawRows(1000, 300, 'reference'));
		assert.equal(new Set(drawn).size, 300);
		assert.deepEqual(
			[...drawn],
			[...drawn].sort((a, b) => a - b),
		);
		const sample = sampleRows(table, 'current', 300);
		assert.deepEqual([...(sample.table.columns[0] as { values: Float64Array }).values], [...drawn]);
	});
});
