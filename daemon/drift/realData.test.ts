import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import { readTable } from '../data/read/read.ts';
import { columnOf, type NumberColumn, numberColumn, type Table, tableOf, takeRows } from '../data/table.ts';
import type { DriftReport } from '../protocol/drift.ts';
import { detectDrift } from './detectDrift.ts';

function compare(reference: Table, current: Table, columns?: readonly string[]): DriftReport {
	const side = { name: 'real data', rows: 0, digest: null };
	return detectDrift(reference, current, {
		...{ threshold: 0.5, referenceSide: side, currentSide: side },
		...(columns !== undefined && { columns }),
	});
}

/** Effects of columns, and whether they drifted. */
function judged(report: DriftReport, names: readonly string[]): [number | null, boolean | null][] {
	return names.map((name) => {
		const column = report.columns.find((one) => one.column === name);
		return [column?.effect ?? null, column?.drift ?? null];
	});
}

function assertDistances(report: DriftReport, expected: Record<string, number>, drift: boolean, within = 5e-7): void {
	for (const [index, [effect, verdict]] of judged(report, Object.keys(expected)).entries()) {
		const [name, distance] = Object.entries(expected)[index] as [string, number];
		assert.ok(Math.abs((effect ?? Number.NaN) - distance) < within, `${name}: ${effect}, not ${distance}`);
		assert.equal(verdict, drift, name);
	}
}

describe('drift on real data', () => {
	const folder = process.env['PERCH_REAL_DATA'];
	if (folder === undefined) {
		it('is compared', function () {
			process.stderr.write('SKIPPED drift on real data: set PERCH_REAL_DATA to the folder of the real data sets\n');
			this.skip();
		});
		return;
	}

	describe('green taxi trips of 1 to 60 minutes', () => {
		const months = new Map<string, Table>();

		before(async () => {
			const names = ['trip_distance', 'total_amount', 'fare_amount', 'lpep_pickup_datetime', 'lpep_dropoff_datetime'];
			for (const month of ['2021-01', '2021-02', '2023-01']) {
				const all = await readTable(join(folder, `taxi/green_tripdata_${month}.parquet`), { columns: names });
				const [from, to] = names.slice(3).map((name) => (columnOf(all, name) as NumberColumn).values);
				const minutes = Float64Array.from(from ?? [], (start, row) => ((to?.[row] ?? 0) - start) / 60_000);
				const rows = Uint32Array.from(
					[...minutes.keys()].filter((row) => (minutes[row] ?? 0) >= 1 && (minutes[row] ?? 0) <= 60),
				);
				const columns = [...all.columns, numberColumn('duration', minutes)];
				months.set(month, takeRows(tableOf(columns), rows));
			}
		});

		const judgedColumns = ['trip_distance', 'total_amount', 'fare_amount', 'duration'];
		const pair = (one: string, other: string) =>
			compare(months.get(one) as Table, months.get(other) as Table, judgedColumns);

		it('does not call one month against the next drift', () => {
			const report = pair('2021-01', '2021-02');
			const expected = { trip_distance: 0.014567, duration: 0.034155, total_amount: 0.012155, fare_amount: 0.014623 };
			assertDistances(report, expected, false);
			assert.equal(report.ordered_by, 'lpep_pickup_datetime');
			assert.equal(report.drift, false);
		});

		it('calls 2021 against 2023 drift', () => {
			const report = pair('2021-01', '2023-01');
			const expected = { trip_distance: 0.174786, duration: 0.130924, total_amount: 0.112535, fare_amount: 0.187677 };
			assertDistances(report, expected, true);
			assert.equal(report.drift, true);
		});
	});

	it('judges every column of files whose schemas differ', async () => {
		const [old, young] = await Promise.all(
			['2021-01', '2023-01'].map((month) => readTable(join(folder, `taxi/green_tripdata_${month}.parquet`))),
		);
		const report = compare(old as Table, young as Table);
		assert.deepEqual(judged(report, ['ehail_fee']), [[null, null]]);
		assert.equal(report.missing.includes('duration'), true);
		const place = report.columns.find(({ column }) => column === 'PULocationID');
		assert.match(place?.notes.join(' ') ?? '', /string in the reference and integer in the current data/);
		assert.equal(place?.test, 'ks');
		assert.ok(!JSON.stringify(report.columns, (_, value) => (Number.isNaN(value) ? 'NaN' : value)).includes('"NaN"'));
	});

	it('does not take the halves of a day of telemetry for more than a day tells', async () => {
		const all = await readTable(join(folder, 'iot/iot_telemetry_50k.csv'));
		const half = Math.floor(all.rows / 2);
		const rows = Uint32Array.from({ length: all.rows }, (_, row) => row);
		const report = compare(takeRows(all, rows.slice(0, half)), takeRows(all, rows.slice(half)));
		const told = (name: string) => report.columns.find(({ column }) => column === name);
		for (const [name, distance] of [
			['co', 0.28],
			['humidity', 0.208],
			['temp', 0.11],
		] as const) {
			const column = told(name);
			assert.ok(Math.abs((column?.statistics.ks ?? 0) - distance) < 5e-4, name);
			assert.notEqual(column?.drift, true, name);
			assert.ok((column?.rows_needed ?? 0) > 30_000, name);
		}
		assert.equal(told('co')?.drift, null);
		assert.match(told('co')?.reason ?? '', /neighbouring rows resemble one another/);
	});
});
