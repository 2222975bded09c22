import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { type Column, numberColumn, stringColumn, tableOf } from '../data/table.ts';
import { driftReport } from '../protocol/drift.ts';
import { judgedBy, testsOf } from '../protocol/driftTests.ts';
import { parse } from '../protocol/parse.ts';
import { detectDrift } from './detectDrift.ts';
import { junitReport } from './report/junitReport.ts';
import { markdownReport } from './report/markdownReport.ts';
import { findMultivariate } from './sound/multivariate.ts';

/** Numbers as real columns have them at their worst: nulls, infinities, ties, whole numbers beyond 2^53, the ends of doubles. */
const cell = fc.oneof(
	{ weight: 4, arbitrary: fc.integer({ min: -3, max: 3 }) },
	{ weight: 2, arbitrary: fc.constant(null) },
	fc.double({ noNaN: true }),
	fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(Number),
	fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, -0, 5e-324, 1.7e308, -1.7e308),
);
const lengths = { maxLength: 160, size: 'max' as const };
const column = (name: string): fc.Arbitrary<Column> =>
	fc.oneof(
		{ weight: 3, arbitrary: fc.array(cell, lengths).map((cells) => numberColumn(name, cells)) },
		fc.array(cell, lengths).map((cells) => numberColumn(name, cells, 'integer')),
		fc.array(fc.constant(null), lengths).map((cells) => numberColumn(name, cells)),
		fc
			.array(fc.option(fc.integer({ min: -9e15, max: 9e15 })), lengths)
			.map((cells) => numberColumn(name, cells, 'timestamp')),
		fc
			.array(fc.option(fc.constantFrom('a', 'b', '', '</script>', '\u202eevil', 'NaN', '1e999')), lengths)
			.map((cells) => stringColumn(name, cells)),
	);

/** Paths of numbers that JSON cannot hold, and that it would make null in silence. */
function unsound(value: unknown, path = ''): string[] {
	if (typeof value === 'number') return Number.isFinite(value) ? [] : [path];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, one]) => unsound(one, `${path}/${key}`));
}

describe('a drift report on hostile columns', () => {
	for (const profile of judgedBy.options) {
		it(`holds no NaN and gives a verdict or a reason: ${profile}`, () => {
			fc.assert(
				fc.property(
					column('x'),
					column('x'),
					fc.constantFrom('auto' as const, ...testsOf(profile)),
					fc.boolean(),
					(one, other, test, live) => {
						const side = { name: 'made', rows: 0, digest: null };
						const [before, after] = [tableOf([one]), tableOf([other])];
						const options = { profile, live, threshold: 0.5, choose: () => ({ test }) };
						const report = detectDrift(before, after, { ...options, referenceSide: side, currentSide: side });
						assert.deepEqual(unsound(report), []);
						parse(driftReport, report);
						const [found] = report.columns;
						assert.ok(found !== undefined && (found.drift !== null || found.reason !== null));
						const { p_value: p, effect, effect_interval: interval } = found;
						assert.ok(p === null || (p >= 0 && p <= 1), `p ${p}`);
						assert.ok(effect === null || effect >= 0, `effect ${effect}`);
						assert.ok(interval == null || (0 <= interval.low && interval.low <= interval.high));
						assert.ok(found.rows_needed == null || Number.isInteger(found.rows_needed));
						assert.ok(markdownReport(report).length > 0 && junitReport(report).length > 0);
					},
				),
				{ numRuns: 400 },
			);
		});
	}

	it('holds no NaN where all columns are looked at together', () => {
		const table = fc
			.integer({ min: 100, max: 140 })
			.chain((rows) =>
				fc.tuple(
					fc.array(cell, { minLength: rows, maxLength: rows }),
					fc.array(cell, { minLength: rows, maxLength: rows }),
				),
			)
			.map(([one, other]) => tableOf([numberColumn('x', one), numberColumn('y', other)]));
		fc.assert(
			fc.property(table, table, (before, after) => {
				assert.deepEqual(unsound(findMultivariate(['x', 'y'], before, after, null)), []);
			}),
			{ numRuns: 60 },
		);
	});
});
