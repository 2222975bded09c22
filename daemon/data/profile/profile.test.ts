import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from '../../protocol/parse.ts';
import { type ColumnProfile, type ProfileReport, profileReport } from '../../protocol/profile.ts';
import { withDuckdb } from '../duckdb.ts';
import { scratchFiles } from '../fixtures/scratchFiles.ts';
import { profileFile } from './profile.ts';
import { histogramOf } from './quantiles.ts';

describe('profiling a file', () => {
	const scratch = scratchFiles();

	/** A profile of the text as a CSV file, as it would go over the wire. */
	async function profileOf(content: string, ending = 'csv'): Promise<ProfileReport> {
		const path = await scratch.file(content, ending);
		return sound(await profileFile(path, { scratch: scratch.folder }));
	}
	const columnOf = ({ columns }: ProfileReport, name: string) =>
		columns.find(({ column }) => column === name) as ColumnProfile;

	it('counts, measures and ranks the values of each column', async () => {
		const report = await profileOf(
			'n,s,b,d\n1,a,true,2024-01-01\n2,b,false,2024-01-03\n2,a,true,\n,a,true,2024-01-02\n',
		);
		assert.deepEqual([report.rows, report.duplicates, report.sample], [4, 0, null]);
		const { histogram, ...n } = columnOf(report, 'n');
		// Mean 5 / 3; deviation sqrt((4/9 + 1/9 + 1/9) / 2); quantiles between ranks as NumPy gives them.
		assert.ok(Math.abs((n.mean ?? 0) - 5 / 3) < 1e-15 && Math.abs((n.std ?? 0) - Math.sqrt(1 / 3)) < 1e-15);
		assert.deepEqual(
			[n.type, n.count, n.nulls, n.distinct, n.min, n.max, n.zeros, n.infinities, n.quantiles?.p25, n.quantiles?.p50],
			['integer', 3, 1, 2, 1, 2, 0, 0, 1.5, 2],
		);
		assert.deepEqual(n.top, [{ value: 2, count: 2 }]);
		assert.equal(
			histogram?.shares.reduce((sum, share) => sum + share, 0),
			1,
		);
		assert.deepEqual(columnOf(report, 's').top, [{ value: 'a', count: 3 }]);
		assert.deepEqual(columnOf(report, 's').lengths, { min: 1, max: 1, mean: 1 });
		assert.deepEqual(columnOf(report, 'b').top, [{ value: true, count: 3 }]);
		const { min, max, mean, quantiles } = columnOf(report, 'd');
		assert.deepEqual([min, max, mean, quantiles?.p50], ['2024-01-01', '2024-01-03', null, '2024-01-02']);
	});

	it('tells constant columns, nearly constant ones, and those that are the same', async () => {
		const rows = Array.from({ length: 40 }, (_, i) => `${i},7,${i === 0 ? 1 : 0},,${i}`);
		const report = await profileOf(`a,b,c,d,e\n${rows.join('\n')}\n`);
		const marks = report.columns.map(({ constant, near_constant }) => [constant, near_constant]);
		assert.deepEqual(marks, [
			[false, false],
			[true, false],
			[false, true],
			[true, false],
			[false, false],
		]);
		assert.deepEqual(report.duplicate_columns, [['a', 'e']]);
		assert.deepEqual(report.correlations.pearson.columns, ['a', 'c', 'e']);
		assert.ok(Math.abs((report.correlations.pearson.values[0]?.[2] ?? 0) - 1) < 1e-12);
	});

	it('does not take columns for the same whose values come in pairs', async () => {
		const report = await profileOf('a,b\n1,5\n1,5\n2,6\n2,6\n');
		assert.deepEqual(report.duplicate_columns, []);
		assert.equal(report.duplicates, 2);
	});

	it('counts infinities of a Parquet file, takes NaN for null, and keeps both out of the moments', async () => {
		const path = join(scratch.folder, 'infinite.parquet');
		const values = `('inf'::DOUBLE, 1e300), ('-inf', -1e300), ('nan', 1e300), (NULL, 1e300), (3, 0), (5, 0)`;
		await withDuckdb((connection) =>
			connection.run(`COPY (SELECT * FROM (VALUES ${values}) t(x, huge)) TO '${path}' (FORMAT parquet)`),
		);
		const report = sound(await profileFile(path, { scratch: scratch.folder }));
		const x = columnOf(report, 'x');
		assert.deepEqual([x.count, x.nulls, x.infinities, x.min, x.max, x.mean, x.std], [4, 2, 2, 3, 5, 4, Math.SQRT2]);
		const { mean, std } = columnOf(report, 'huge');
		// Mean of 1, -1, 1, 1, 0, 0 is 1/3; squares about it sum to 4 - 6/9, over 5.
		assert.ok(Math.abs((mean ?? 0) / 1e300 - 1 / 3) < 1e-12 && Math.abs((std ?? 0) / 1e300 - Math.sqrt(2 / 3)) < 1e-12);
	});

	it('takes hostile names and cells', async () => {
		const names = ['"', '</script>', "'; DROP TABLE x --", 'v0', 'file_row_number', '\u202eabc', 'x'.repeat(10_000)];
		const header = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(',');
		const line = names.map(() => '"=1+1\n</script>"').join(',');
		const report = await profileOf(`${header}\n${line}\n${line}\n`);
		assert.deepEqual(
			report.columns.map(({ column }) => column),
			names,
		);
		assert.equal(report.duplicates, 1);
		const numbered = join(scratch.folder, 'numbered.parquet');
		await withDuckdb((connection) =>
			connection.run(`COPY (SELECT 7 AS file_row_number, 1 AS y FROM range(3)) TO '${numbered}' (FORMAT parquet)`),
		);
		assert.equal(sound(await profileFile(numbered, { scratch: scratch.folder })).columns[0]?.min, 7);
	});

	it('takes one row, and a list of JSON', async () => {
		const [a] = (await profileOf('a\n1\n')).columns;
		assert.deepEqual([a?.constant, a?.mean, a?.std, a?.top.length], [true, 1, null, 0]);
		const report = await profileOf('[{"a": 1, "b": [1, 2]}, {"a": 3, "b": null}]', 'json');
		assert.deepEqual(
			report.columns.map(({ type }) => type),
			['integer', 'other'],
		);
	});

	it('samples more than a million rows, and says so', async () => {
		const path = join(scratch.folder, 'long.parquet');
		const columns = '(i * 7919) % 1500000 / 1000.0::DOUBLE AS x, i % 3 AS k, i % 1200000 AS many';
		await withDuckdb((connection) =>
			connection.run(`COPY (SELECT ${columns} FROM range(1500000) t(i)) TO '${path}' (FORMAT parquet)`),
		);
		const report = sound(await profileFile(path, { scratch: scratch.folder }));
		const [x, k] = report.columns as [ColumnProfile, ColumnProfile];
		assert.ok(Math.abs((report.sample?.rows ?? 0) / 750_000 - 1) < 0.01, JSON.stringify(report.sample));
		assert.deepEqual([x.min, x.max, k.distinct, k.estimated], [0, 1499.999, 3, ['quantiles', 'histogram']]);
		assert.ok(x.estimated.includes('distinct') && Math.abs(x.distinct / 1_500_000 - 1) < 0.1);
		assert.deepEqual(
			k.top,
			[2, 1, 0].map((value) => ({ value, count: 500_000 })),
		);
		// 750,000 rows tell a quantile to within 5 sqrt(1/4 / 750,000) = 0.003 of the rows.
		assert.ok(Math.abs(Number(x.quantiles?.p50) - 750) < 0.003 * 1500, String(x.quantiles?.p50));
	});

	it('puts every value into a bin or beside them', () => {
		fc.assert(
			fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (values) => {
				const histogram = histogramOf(Float64Array.from(values).sort());
				if (histogram === null) return;
				const { shares, below, above } = histogram;
				assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, below + above) - 1) < 1e-9);
			}),
		);
	});

	describe('of the real data', () => {
		const real = process.env['PERCH_REAL_DATA'];
		if (real === undefined) {
			it('is sound', function () {
				process.stderr.write(
					'SKIPPED profiles of real data: set PERCH_REAL_DATA to the folder of the real data sets\n',
				);
				this.skip();
			});
			return;
		}

		it('is sound for every file', async () => {
			const files = globSync('{taxi,home-prices,iot,nab/real*}/*.{csv,parquet}', { cwd: real });
			assert.ok(files.length > 10);
			for (const file of files) sound(await profileFile(join(real, file), { scratch: scratch.folder }));
		}).timeout(120_000);

		it('finds what is known of the housing file', async () => {
			const report = await profileFile(join(real, 'home-prices/Bengaluru_House_Data.csv'), { scratch: scratch.folder });
			assert.deepEqual([report.rows, report.duplicates], [13_320, 529]);
			const nulls = Object.fromEntries(report.columns.map(({ column, nulls: empty }) => [column, empty]));
			assert.deepEqual(
				[nulls['society'], nulls['balcony'], nulls['bath'], nulls['size'], nulls['location']],
				[5502, 609, 73, 16, 1],
			);
			assert.deepEqual(
				columnOf(report, 'area_type').top.map(({ count: n }) => n),
				[8790, 2418, 2025, 87],
			);
			const { min, max, mean, quantiles } = columnOf(report, 'price');
			assert.deepEqual([min, max, mean?.toFixed(2), quantiles?.p50], [8, 3600, '112.57', 72]);
		});

		it('gives the correlations of pandas for the taxi file', async () => {
			const path = join(real, 'taxi/green_tripdata_2021-01.parquet');
			const { correlations, columns } = await profileFile(path, { scratch: scratch.folder });
			const at = ({ columns: names, values }: typeof correlations.pearson, a: string, b: string) =>
				values[names.indexOf(a)]?.[names.indexOf(b)]?.toFixed(6);
			// pandas 2.3.3: corr() and corr(method='spearman').
			assert.equal(at(correlations.pearson, 'trip_distance', 'fare_amount'), '0.016295');
			assert.equal(at(correlations.spearman, 'trip_distance', 'fare_amount'), '0.813826');
			assert.equal(at(correlations.spearman, 'fare_amount', 'passenger_count'), '0.022966');
			assert.ok(columns.some(({ column, constant }) => column === 'ehail_fee' && constant));
		});
	});
});

/** Checks a report as the wire would, where NaN and infinities have no place. */
function sound(report: ProfileReport): ProfileReport {
	assert.deepEqual(parse(profileReport, JSON.parse(JSON.stringify(report))), report);
	return report;
}
