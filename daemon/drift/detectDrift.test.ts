import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { type Column, numberColumn, stringColumn, type Table, tableOf } from '../data/table.ts';
import { type DriftColumn, type DriftReport, driftReport } from '../protocol/drift.ts';
import { isPerchError } from '../protocol/errors.ts';
import { parse } from '../protocol/parse.ts';
import { createRandom } from '../stats/random.ts';
import { type DriftOptions, detectDrift } from './detectDrift.ts';
import { summarizeReport } from './report/summarizeReport.ts';

const side = (rows: number) => ({ name: 'some.csv', rows, digest: null });

function compare(reference: Table, current: Table, options: Partial<DriftOptions> = {}): DriftReport {
	return detectDrift(reference, current, {
		threshold: 0.5,
		referenceSide: side(reference.rows),
		currentSide: side(current.rows),
		...options,
	});
}

function compareColumns(reference: Column, current: Column, options: Partial<DriftOptions> = {}): DriftColumn {
	const [column] = compare(tableOf([reference]), tableOf([current]), options).columns;
	assert.ok(column !== undefined);
	return column;
}

const random = createRandom(5, 'detectDrift.test');
const normal = (n: number, mean = 0) => Float64Array.from({ length: n }, () => mean + random.normal());
const words = (n: number, ...kinds: string[]) =>
	Array.from({ length: n }, () => kinds[random.integer(kinds.length)] as string);

describe('detectDrift', () => {
	describe('numbers', () => {
		const a = Array.from({ length: 400 }, (_, i) => ((7919 * i) % 1000) / 100);
		const b = Array.from({ length: 300 }, (_, i) => ((6151 * i) % 1000) / 90);

		it('gives the statistics of SciPy 1.10.1', () => {
			const column = compareColumns(numberColumn('x', a), numberColumn('x', b));
			const near = (value: number | null | undefined, expected: number) =>
				assert.ok(typeof value === 'number' && Math.abs(value - expected) < 1e-9, `${value}, not ${expected}`);
			assert.equal(column.test, 'ks');
			near(column.statistic, 0.10333333333333333);
			near(column.p_value, 0.04832862328717208);
			near(column.effect, 0.10333333333333333);
			near(column.statistics.wasserstein, 0.1817749963);
			near(column.statistics.psi, 0.06777080298865083);
			assert.equal(column.drift, true);
		});

		it('does not call a difference drift that is certain but small', () => {
			const column = compareColumns(numberColumn('x', normal(60_000)), numberColumn('x', normal(60_000, 0.05)));
			assert.ok((column.p_value ?? 1) < 1e-6);
			assert.ok((column.effect ?? 1) < 0.05);
			assert.equal(column.drift, false);
		});

		it('does not call a difference drift that is large but may be chance', () => {
			const column = compareColumns(
				numberColumn('x', [...Array(25).keys()]),
				numberColumn(
					'x',
					[...Array(25).keys()].map((i) => i * 1.3 + 0.5),
				),
			);
			assert.ok((column.effect ?? 0) >= 0.1);
			assert.ok((column.p_value ?? 0) > 0.05);
			assert.equal(column.drift, false);
		});

		it('ranks infinite values and leaves them out of the moments', () => {
			const values = normal(200);
			values[0] = Number.POSITIVE_INFINITY;
			values[1] = Number.NEGATIVE_INFINITY;
			const column = compareColumns(numberColumn('x', values), numberColumn('x', normal(200)));
			assert.equal(column.drift, false);
			assert.ok(Number.isFinite(column.reference.mean) && Number.isFinite(column.reference.max));
			assert.match(column.notes.join(' '), /2 infinite values in the reference/);
		});

		it('draws a scale on which a far value hides nothing', () => {
			const values = Float64Array.from({ length: 5000 }, () => Math.exp(random.normal()));
			values[17] = 244_152;
			const { distribution } = compareColumns(
				numberColumn('miles', values),
				numberColumn('miles', values.slice(0, 900)),
			);
			assert.ok(distribution?.kind === 'histogram');
			assert.ok((distribution.edges.at(-1) ?? Number.NaN) < 100);
			assert.equal(distribution.edges.length, distribution.reference.length + 1);
			const inside = distribution.reference.reduce((sum, share) => sum + share);
			assert.ok(distribution.outside.reference > 0 && distribution.outside.reference < 0.02);
			assert.ok(Math.abs(inside + distribution.outside.reference - 1) < 1e-12);
			assert.ok(distribution.reference.filter((share) => share > 0.02).length > 5);
		});

		it('takes the chi-square test when asked, on tenths of the reference', () => {
			const column = compareColumns(numberColumn('x', a), numberColumn('x', b), {
				choose: () => ({ test: 'chi_square' }),
			});
			assert.equal(column.test, 'chi_square');
			assert.ok((column.statistics.chi_square ?? 0) > 0 && column.statistics.ks !== null);
		});
	});

	describe('categories', () => {
		it('gives the two-sample chi-square test of SciPy 1.10.1', () => {
			const repeat = (counts: Record<string, number>) =>
				Object.entries(counts).flatMap(([name, count]) => Array<string>(count).fill(name));
			const column = compareColumns(
				stringColumn('c', repeat({ x: 134, y: 67, z: 133, w: 66 })),
				stringColumn('c', repeat({ x: 88, y: 66, z: 83, w: 63 })),
			);
			assert.equal(column.test, 'chi_square');
			assert.ok(Math.abs((column.statistic ?? 0) - 7.04086875788477) < 1e-9);
			assert.ok(Math.abs((column.p_value ?? 0) - 0.0706064914069616) < 1e-9);
			assert.ok(Math.abs((column.statistics.cramers_v ?? 0) - 0.07599210460746449) < 1e-9);
			assert.equal(column.drift, false);
		});

		it('finds a new category, and names it', () => {
			const column = compareColumns(
				stringColumn('ward', words(2000, 'a', 'b')),
				stringColumn('ward', words(300, 'a', 'b', 'b', 'night')),
			);
			assert.equal(column.drift, true);
			const [fresh] = column.findings ?? [];
			assert.ok(fresh?.kind === 'new_categories');
			assert.deepEqual(
				fresh.categories.map(({ name }) => name),
				['night'],
			);
		});

		it('finds the same change with 150 rows as with 15,000', () => {
			const coin = (n: number, share: number) =>
				stringColumn(
					'coin',
					Array.from({ length: n }, () => (random.next() < share ? 'heads' : 'tails')),
				);
			for (const n of [150, 15_000]) assert.equal(compareColumns(coin(15_000, 0.5), coin(n, 0.8)).drift, true);
		});

		it('leaves out columns that name their rows, and free text', () => {
			const ids = (from: number) =>
				stringColumn(
					'id',
					Array.from({ length: 500 }, (_, i) => `row ${from + i}`),
				);
			for (const column of [compareColumns(ids(0), ids(500)), compareColumns(ids(0), ids(0))]) {
				assert.equal(column.drift, null);
				assert.match(column.reason ?? '', /identifies its rows/);
			}
		});

		it('takes the rest of many categories together', () => {
			const many = (n: number) =>
				stringColumn(
					'town',
					Array.from({ length: n }, () => `town ${random.integer(400)}`),
				);
			const { distribution } = compareColumns(many(9000), many(9000));
			assert.ok(distribution?.kind === 'categories');
			assert.equal(distribution.labels.length, 20);
			assert.ok((distribution.other?.categories ?? 0) >= 370);
			const all = distribution.current.reduce((sum, share) => sum + share, distribution.other?.current ?? 0);
			assert.ok(Math.abs(all - 1) < 1e-9);
		});
	});

	describe('the whole table', () => {
		const noise = (n: number, count: number) =>
			Array.from({ length: count }, (_, k) => numberColumn(`noise ${k}`, normal(n)));

		it('drifts from the threshold on, over the columns that could be told', () => {
			const reference = tableOf([
				numberColumn('a', normal(500)),
				...noise(500, 1),
				numberColumn('empty', Array(500).fill(null)),
			]);
			const current = tableOf([
				numberColumn('a', normal(500, 1)),
				...noise(500, 1),
				numberColumn('empty', Array(500).fill(null)),
			]);
			const report = compare(reference, current);
			assert.equal(report.share, 0.5);
			assert.equal(report.drift, true);
			assert.equal(compare(reference, current, { threshold: 0.51 }).drift, false);
		});

		it('is not drifted without a drifted column, whatever the threshold', () => {
			const report = compare(tableOf(noise(500, 2)), tableOf(noise(500, 2)), { threshold: 0 });
			assert.equal(report.drift, false);
		});

		it('adjusts p over the columns: 300 tables of 20 columns without drift give at most 5 % with any', () => {
			const rounds = 300;
			let alarms = 0;
			for (let round = 0; round < rounds; round++) {
				const report = compare(tableOf(noise(60, 20)), tableOf(noise(60, 20)));
				alarms += +report.columns.some(({ drift }) => drift === true);
			}
			assert.ok(alarms / rounds <= 0.05 + 3 * Math.sqrt((0.05 * 0.95) / rounds), `${alarms} of ${rounds}`);
		});

		it('finds half a deviation in one of 20 columns of 1,000 rows', () => {
			for (let round = 0; round < 20; round++) {
				const reference = tableOf([numberColumn('moved', normal(1000)), ...noise(1000, 19)]);
				const current = tableOf([numberColumn('moved', normal(1000, 0.5)), ...noise(1000, 19)]);
				const drifted = compare(reference, current).columns.filter(({ drift }) => drift === true);
				assert.deepEqual(
					drifted.map(({ column }) => column),
					['moved'],
				);
			}
		});

		it('lists columns that only one sample has, and judges the others', () => {
			const reference = tableOf([numberColumn('both', normal(50)), numberColumn('gone', normal(50))]);
			const report = compare(reference, tableOf([numberColumn('new', normal(50)), numberColumn('both', normal(50))]));
			assert.deepEqual([report.missing, report.added], [['gone'], ['new']]);
			assert.deepEqual(
				report.columns.map(({ column }) => column),
				['both'],
			);
		});

		it('says so when nothing can be told', () => {
			const report = compare(tableOf([numberColumn('a', normal(50))]), tableOf([numberColumn('b', normal(50))]));
			assert.equal(report.drift, null);
			assert.match(report.reason ?? '', /no column in common/);
			assert.equal(report.share, 0);
		});

		it('refuses a column that neither sample has, naming the known ones', () => {
			const table = tableOf([numberColumn('a', normal(50))]);
			assert.throws(
				() => compare(table, table, { columns: ['a', 'z'] }),
				(error) => isPerchError(error) && error.code === 'unknown_column' && /"a"/.test(error.detail.hint ?? ''),
			);
		});

		it('judges live traffic from 100 rows on', () => {
			const reference = tableOf([numberColumn('a', normal(500))]);
			const early = compare(reference, tableOf([numberColumn('a', normal(99, 3))]), { live: true });
			assert.equal(early.drift, null);
			assert.equal(early.columns[0]?.drift, null);
			assert.match(early.reason ?? '', /99 in the traffic, 100 needed/);
			assert.equal(compare(reference, tableOf([numberColumn('a', normal(100, 3))]), { live: true }).drift, true);
		});
	});

	it('gives a report that its schema takes and that JSON holds, for any two tables', () => {
		const number = fc.oneof(
			{ weight: 6, arbitrary: fc.double() },
			fc.constantFrom(null, 0, -0, 1, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, Infinity, -Infinity),
		);
		const text = fc.oneof(
			fc.constantFrom(null, '', 'a', '1', '</script>', 'NaN', '__proto__'),
			fc.string({ unit: 'binary' }),
		);
		const column = fc.oneof(
			fc.record({
				values: fc.array(number, { maxLength: 60 }),
				type: fc.constantFrom('integer', 'double', 'date', 'timestamp'),
			}),
			fc.record({ values: fc.array(fc.constantFrom(null, 0, 1), { maxLength: 60 }), type: fc.constant('boolean') }),
			fc.record({ values: fc.array(text, { maxLength: 60 }), type: fc.constantFrom('string', 'other') }),
		);
		const build = ({ values, type }: { values: readonly (number | string | null)[]; type: string }) =>
			type === 'string' || type === 'other'
				? stringColumn('__proto__', values as (string | null)[], type)
				: numberColumn('__proto__', values as (number | null)[], type as 'double');
		fc.assert(
			fc.property(column, column, fc.constantFrom('auto', 'ks', 'chi_square'), (one, other, test) => {
				const report = compare(tableOf([build(one)]), tableOf([build(other)]), {
					choose: () => ({ test: test as 'auto' }),
				});
				assert.deepEqual(parse(driftReport, JSON.parse(JSON.stringify(report))), JSON.parse(JSON.stringify(report)));
				const [judged] = report.columns;
				assert.ok(judged !== undefined && (judged.drift !== null || (judged.reason ?? '') !== ''));
				assert.ok(judged.effect === null || (judged.effect >= 0 && judged.effect <= 1));
				assert.ok(judged.p_value === null || (judged.p_value >= 0 && judged.p_value <= 1));
			}),
			{ numRuns: 600, seed: 4 },
		);
	});
});

describe('summarizeReport', () => {
	it('counts drifted columns and takes the largest PSI of those that could be told, dates aside', () => {
		const table = (mean: number, day: number) =>
			tableOf([
				numberColumn('x', normal(200, mean)),
				numberColumn(
					'seen',
					Array.from({ length: 200 }, () => day * 86_400_000 + random.next()),
					'timestamp',
				),
				stringColumn(
					'id',
					Array.from({ length: 200 }, (_, i) => `${day}-${i}`),
				),
			]);
		const report = compare(table(0, 0), table(1, 5));
		const summary = summarizeReport(report);
		assert.equal(summary.drifted, 2);
		assert.equal(summary.columns, 3);
		assert.equal(summary.psi_max, report.columns[0]?.statistics.psi);
	});
});
