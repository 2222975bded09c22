import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type Column, numberColumn, stringColumn, type Table, tableOf } from '../../data/table.ts';
import type { DriftColumn, DriftReport } from '../../protocol/drift.ts';
import { createRandom, shuffle } from '../../stats/random.ts';
import { type DriftOptions, detectDrift } from '../detectDrift.ts';

const random = createRandom(8, 'memory.test');
const rho = 0.9;

function compare(reference: Table, current: Table, options: Partial<DriftOptions> = {}): DriftReport {
	const side = { name: 'some.csv', rows: 0, digest: null };
	return detectDrift(reference, current, { threshold: 0.5, referenceSide: side, currentSide: side, ...options });
}

function compareColumns(reference: Column, current: Column, options: Partial<DriftOptions> = {}): DriftColumn {
	return compare(tableOf([reference]), tableOf([current]), options).columns[0] as DriftColumn;
}

/** Readings that keep nine tenths of the one before. */
function readings(rows: number, mean = 0): Float64Array {
	let value = random.normal();
	return Float64Array.from({ length: rows }, () => {
		const now = value + mean;
		value = rho * value + Math.sqrt(1 - rho * rho) * random.normal();
		return now;
	});
}

const states = (rows: number) =>
	Array.from(readings(rows), (value) => (value < -0.5 ? 'low' : value < 0.5 ? 'normal' : 'high'));
const normal = (rows: number) => Float64Array.from({ length: rows }, () => random.normal());

describe('memory in drift reports', () => {
	it('does not take a wandering series for drift, where counting its rows would often', () => {
		let [alarms, naive] = [0, 0];
		for (let round = 0; round < 100; round++) {
			const column = compareColumns(numberColumn('x', readings(1000)), numberColumn('x', readings(1000)));
			alarms += +(column.drift === true);
			naive += +((column.statistics.ks ?? 0) >= 0.1);
		}
		assert.ok(naive > 30, `${naive}`);
		assert.ok(alarms <= 5 + 3 * Math.sqrt(100 * 0.05 * 0.95), `${alarms}`);
	});

	it('nor states that last', () => {
		let alarms = 0;
		for (let round = 0; round < 100; round++) {
			const column = compareColumns(stringColumn('x', states(1000)), stringColumn('x', states(1000)));
			alarms += +(column.drift === true);
		}
		assert.ok(alarms <= 5 + 3 * Math.sqrt(100 * 0.05 * 0.95), `${alarms}`);
	});

	it('finds a shift of such a series once there are rows enough, and says how many rows count', () => {
		const column = compareColumns(numberColumn('x', readings(20_000)), numberColumn('x', readings(20_000, 1)));
		assert.equal(column.drift, true);
		// (1 + rho) / (1 - rho) = 19 rows count as one.
		const { reference = 0, current = 0 } = column.effective_rows ?? {};
		assert.ok(reference > 600 && reference < 1600 && current > 600 && current < 1600, `${reference} ${current}`);
	});

	it('says that there are too few rows, and how many would do', () => {
		const column = compareColumns(numberColumn('x', readings(200)), numberColumn('x', readings(200, 5)));
		assert.equal(column.drift, null);
		assert.match(column.reason ?? '', /neighbouring rows resemble one another/);
		assert.ok((column.rows_needed ?? 0) > 200);
		const few = compareColumns(numberColumn('x', normal(19)), numberColumn('x', normal(500)));
		assert.deepEqual([few.drift, few.rows_needed], [null, 20]);
	});

	it('says how many rows would tell an effect that matters from chance', () => {
		const same = Array.from({ length: 25 }, (_, i) => i);
		const column = compareColumns(
			numberColumn('x', shuffle(same.slice(), random)),
			numberColumn(
				'x',
				shuffle(
					same.map((i) => i * 1.3 + 0.5),
					random,
				),
			),
		);
		assert.equal(column.drift, false);
		const rows = Math.ceil((1.1 * (column.rows_needed ?? 0)) / 25) * 25;
		const more = (values: readonly number[]) => Float64Array.from({ length: rows }, (_, i) => values[i % 25] as number);
		const [first, second] = [more(same), more(same.map((i) => i * 1.3 + 0.5))];
		assert.equal(
			compareColumns(numberColumn('x', shuffle(first, random)), numberColumn('x', shuffle(second, random))).drift,
			true,
		);
	});

	it('counts every row of independent data', () => {
		const column = compareColumns(numberColumn('x', normal(900)), numberColumn('x', normal(700)));
		assert.deepEqual(column.effective_rows, { reference: 900, current: 700 });
	});

	it('takes a sorted file for what it is', () => {
		const sorted = (mean: number) =>
			numberColumn(
				'x',
				normal(800)
					.map((value) => value + mean)
					.sort(),
			);
		assert.equal(compareColumns(sorted(0), sorted(0.5)).drift, true);
		assert.equal(compareColumns(sorted(0), sorted(0)).drift, false);
		const grouped = (a: number) => stringColumn('x', [...Array(a).fill('a'), ...Array(1000 - a).fill('b')]);
		assert.equal(compareColumns(grouped(500), grouped(800)).drift, true);
	});

	it('does not count a switch that is thrown once as hundreds of rows', () => {
		const off = stringColumn('x', [...Array(300).fill('off'), ...Array(400).fill('on'), ...Array(300).fill('off')]);
		const thrown = stringColumn('x', [...Array(400).fill('off'), ...Array(600).fill('on')]);
		assert.equal(compareColumns(off, thrown).drift, null);
	});

	it('finds drift that begins within the current data', () => {
		const begins = Float64Array.from({ length: 230 }, (_, row) => random.normal() + (row < 40 ? 0 : 4));
		for (const live of [false, true]) {
			const column = compareColumns(numberColumn('x', normal(600)), numberColumn('x', begins), { live });
			assert.equal(column.drift, true);
			assert.equal(column.effective_rows?.current, 230);
		}
	});

	it('looks for memory in the order of time, whatever the order of the file', () => {
		const table = (rows: number): Table => {
			const order = shuffle(
				Uint32Array.from({ length: rows }, (_, row) => row),
				random,
			);
			const values = readings(rows);
			return tableOf([
				numberColumn(
					'seen',
					Float64Array.from(order, (row) => row * 60_000),
					'timestamp',
				),
				numberColumn(
					'x',
					Float64Array.from(order, (row) => values[row] as number),
				),
			]);
		};
		const report = compare(table(5000), table(5000), { columns: ['x'] });
		assert.equal(report.ordered_by, 'seen');
		assert.ok((report.columns[0]?.effective_rows?.reference ?? 5000) < 600);
	});

	it('takes what live traffic is held against for the whole, and looks for memory in the traffic alone', () => {
		const column = compareColumns(numberColumn('x', readings(3000)), numberColumn('x', readings(3000, 3)), {
			live: true,
		});
		assert.equal(column.effective_rows?.reference, 3000);
		assert.ok((column.effective_rows?.current ?? 3000) < 500);
		assert.equal(column.drift, true);
	});
});
