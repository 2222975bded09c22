import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkplace } from './commandLine.ts';

interface Report {
	drift: boolean;
	share: number;
	reference: { rows: number; filtered: number };
	current: { rows: number; filtered: number };
	columns: {
		column: string;
		type: string;
		drift: boolean | null;
		reason: string | null;
		statistics: { ks?: number };
	}[];
}

const file = (month: string) => `green_tripdata_${month}.parquet`;
const column = ({ columns }: Report, name: string) => columns.find((one) => one.column === name);

describe('the taxi sample', () => {
	const place = createWorkplace('taxi');
	before(() => {
		for (const month of ['2021-01', '2021-02', '2023-01']) {
			place.json('simulate', 'data', `simulate/${month}.yaml`, '--output', `data/${file(month)}`);
		}
	});
	after(() => place.end());

	it('makes months with the columns of the published files', () => {
		const { columns } = place.json<{ columns: { column: string; type: string; nulls: number; count: number }[] }>(
			...['profile', `data/${file('2021-01')}`],
		);
		const found = Object.fromEntries(columns.map((one) => [one.column, one]));
		assert.equal(columns.length, 22);
		assert.deepEqual(
			['VendorID', 'lpep_pickup_datetime', 'PULocationID', 'passenger_count', 'ehail_fee'].map(
				(name) => found[name]?.type,
			),
			['integer', 'timestamp', 'string', 'double', 'integer'],
		);
		// A block of columns is empty together, in 48 % of the published rows; the fee is empty in all.
		assert.equal(found['payment_type']?.nulls, found['trip_type']?.nulls);
		assert.ok(Math.abs((found['payment_type']?.nulls ?? 0) / 6000 - 0.48) < 0.03);
		assert.equal(found['ehail_fee']?.nulls, 6000);
	});

	it('checks the trips that are left, and warns of those that are odd', () => {
		const { passed, rows, filtered, checks } = place.json<{
			passed: boolean;
			rows: number;
			filtered: number;
			checks: { column: string; passed: boolean; severity: string }[];
		}>('check');
		assert.equal(passed, true);
		assert.equal(rows + filtered, 6000);
		assert.ok(filtered > 0);
		assert.deepEqual(
			checks.filter((check) => !check.passed).map((check) => [check.column, check.severity]),
			[
				['fare_amount', 'warn'],
				['trip_distance', 'warn'],
			],
		);
	});

	it('finds the next month like the first, and one of two years later not', () => {
		const next = place.json<Report>('drift');
		assert.deepEqual([next.drift, next.share], [false, 0]);
		assert.equal(column(next, 'ehail_fee')?.drift, null);
		const later = place.json<Report>('drift', '--current', `data/${file('2023-01')}`);
		assert.equal(later.drift, true);
		assert.ok(later.share >= 0.5);
		assert.equal(column(later, 'PULocationID')?.type, 'string');
		assert.equal(place.perch('drift', '--current', `data/${file('2023-01')}`, '--fail-on-drift').code, 3);
	});

	it('trains nothing without a model, and says so', () => {
		const { code, message } = place.refused('train').error;
		assert.equal(code, 'invalid_config');
		assert.match(message, /has no model to train/);
		assert.equal(place.refused('drift', '--set', 'register.as=taxi').error.field, 'register');
	});

	const real = process.env['PERCH_REAL_DATA'];
	if (real === undefined) {
		it('judges the published files', function () {
			process.stderr.write(
				'SKIPPED the published taxi files: set PERCH_REAL_DATA to the folder of the real data sets\n',
			);
			this.skip();
		});
	} else {
		it('judges the published files, with the distances that they have', () => {
			const published = (month: string) => join(real, 'taxi', file(month));
			const against = (month: string) =>
				place.json<Report>('drift', '--set', `data.source=${published('2021-01')}`, '--current', published(month));
			const next = against('2021-02');
			assert.equal(next.drift, false);
			assert.deepEqual([next.reference.rows, next.reference.filtered, next.current.filtered], [73_906, 2, 1]);
			const later = against('2023-01');
			assert.equal(later.drift, true);
			// The largest distances of the distribution functions, of trips of 1 to 60 minutes.
			const known: [Report, Record<string, number>][] = [
				[next, { trip_distance: 0.014567, duration: 0.034155, total_amount: 0.012155, fare_amount: 0.014623 }],
				[later, { trip_distance: 0.174786, duration: 0.130924, total_amount: 0.112535, fare_amount: 0.187677 }],
			];
			for (const [report, distances] of known) {
				for (const [name, distance] of Object.entries(distances)) {
					const { ks = Number.NaN } = column(report, name)?.statistics ?? {};
					// Three to six trips of other months are left out besides.
					assert.ok(Math.abs(ks - distance) < 1e-4, `${name}: ${ks}, not ${distance}`);
				}
			}
		});
	}

	it('says how long a trip will take, better than the mean, of raw rows too whose zones are numbers', () => {
		const { run, version } = place.json<{
			run: { metrics: Record<string, number> };
			version: { name: string; aliases: string[] };
		}>('train', '--config', 'duration.yaml');
		assert.deepEqual([version.name, version.aliases], ['taxi-duration', ['production']]);
		const { r2 = 0, mae = 0, baseline_mae: mean = 0 } = run.metrics;
		assert.ok(r2 > 0.5 && mae < 0.7 * mean, JSON.stringify(run.metrics));
		const scored = place.json<{ rows: number; rejected: number }>(
			...[
				'predict',
				'--model',
				'taxi-duration@production',
				'--input',
				`data/${file('2023-01')}`,
				'--output',
				'out.jsonl',
			],
		);
		assert.equal(scored.rejected, 0);
		const minutes = readFileSync(join(place.folder, 'out.jsonl'), 'utf8')
			.trim()
			.split('\n')
			.map((line) => JSON.parse(line).prediction as number);
		assert.equal(minutes.length, scored.rows);
		assert.ok(minutes.every((value) => value >= 1 && value <= 60));
	});
});
