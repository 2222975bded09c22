import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { type Column, numberColumn, stringColumn, tableOf } from '../../data/table.ts';
import { driftReport } from '../../protocol/drift.ts';
import { evidentlyTests } from '../../protocol/driftTests.ts';
import { isPerchError } from '../../protocol/errors.ts';
import { parse } from '../../protocol/parse.ts';
import { createRandom } from '../../stats/random.ts';
import { detectDrift } from '../detectDrift.ts';
import { chooseTests } from '../testChoices.ts';
import { judgeColumn } from './judgeColumn.ts';
import { sturgesEdges } from './sturges.ts';

const random = createRandom('judgeColumn.test');
const numbers = (rows: number, draw: () => number | null, type: 'double' | 'integer' | 'boolean' = 'double') =>
	numberColumn('x', Array.from({ length: rows }, draw), type);
const words = (rows: number, draw: () => string | null) => stringColumn('x', Array.from({ length: rows }, draw));
const pick =
	(...kinds: string[]) =>
	() =>
		kinds[random.integer(kinds.length)] as string;
const side = { name: 'some.csv', rows: 0, digest: null };

describe('the rules of Evidently', () => {
	const cases: [what: string, make: (rows: number) => Column, small: string | null, large: string | null][] = [
		['numbers', (rows) => numbers(rows, () => random.normal()), 'ks', 'wasserstein'],
		['three different doubles', (rows) => numbers(rows, () => random.integer(3) / 2), 'chisquare', 'jensenshannon'],
		['two different doubles', (rows) => numbers(rows, () => random.integer(2) / 2), 'z', 'jensenshannon'],
		['ten whole numbers', (rows) => numbers(rows, () => random.integer(10), 'integer'), 'chisquare', 'jensenshannon'],
		['eleven whole numbers', (rows) => numbers(rows, () => random.integer(11), 'integer'), 'ks', 'wasserstein'],
		[
			'seven whole numbers with nulls, which pandas holds as floats',
			(rows) => numbers(rows, () => (random.next() < 0.1 ? null : random.integer(7)), 'integer'),
			'ks',
			'wasserstein',
		],
		['booleans', (rows) => numbers(rows, () => random.integer(2), 'boolean'), 'z', 'jensenshannon'],
		['categories', (rows) => words(rows, pick('a', 'b', 'c')), 'chisquare', 'jensenshannon'],
		['two categories', (rows) => words(rows, pick('a', 'b')), 'z', 'jensenshannon'],
		[
			'free text',
			(rows) => words(rows, () => `the word ${random.integer(1e6)} is ${random.integer(30)}`),
			'perc_text_content_drift',
			'abs_text_content_drift',
		],
		[
			'dates',
			(rows) => ({ kind: 'number', name: 'x', type: 'date', values: new Float64Array(rows).fill(1e9) }),
			null,
			null,
		],
	];
	for (const [what, make, small, large] of cases) {
		it(`choose a test for ${what}`, () => {
			assert.equal(judgeColumn(make(1000), make(1200), { test: 'auto' }).test, small);
			assert.equal(judgeColumn(make(1300), make(300), { test: 'auto' }).test, large);
		});
	}

	it('go over from p-values to distances above 1,000 values', () => {
		const chosen = [1000, 1001].map((rows) => {
			const reference = numbers(rows, () => random.normal());
			return judgeColumn(
				reference,
				numbers(50, () => random.normal()),
				{ test: 'auto' },
			).test;
		});
		assert.deepEqual(chosen, ['ks', 'wasserstein']);
	});

	it('count the reference after its nulls are left out', () => {
		const holes = numbers(1400, () => (random.next() < 0.5 ? null : random.normal()));
		assert.equal(
			judgeColumn(
				holes,
				numbers(50, () => random.normal()),
				{ test: 'auto' },
			).test,
			'ks',
		);
	});

	it('cut bins by Sturges over both samples', () => {
		assert.deepEqual([...(sturgesEdges(0, 10, 100, false) ?? [])], [0, 1.25, 2.5, 3.75, 5, 6.25, 7.5, 8.75, 10]);
		assert.deepEqual([...(sturgesEdges(0, 3, 1000, true) ?? [])], [0, 1, 2, 3]);
		assert.equal(sturgesEdges(-1e308, 1e308, 10, false), null);
	});
});

describe('the known errors of Evidently', () => {
	const unequal = [words(300, pick('a', 'b')), words(200, pick('a', 'b'))] as const;

	it('G-test and Fisher’s test need samples of equal size', () => {
		for (const test of ['g_test', 'fisher_exact'] as const) {
			const verdict = judgeColumn(...unequal, { test });
			assert.equal(verdict.drift, null);
			assert.match(verdict.reason ?? '', /equal size: 300 and 200/);
		}
	});

	it('Mann-Whitney sees values that grew, and none that shrank', () => {
		const [low, high] = [numbers(200, () => random.normal()), numbers(200, () => 2 + random.normal())];
		assert.equal(judgeColumn(low, high, { test: 'mannw' }).drift, true);
		assert.equal(judgeColumn(high, low, { test: 'mannw' }).drift, false);
	});

	it('Anderson-Darling caps its p-value at both ends', () => {
		const same = numbers(200, () => random.normal());
		assert.equal(judgeColumn(same, same, { test: 'anderson' }).score, 0.25);
		const far = numbers(200, () => 9 + random.normal());
		assert.equal(judgeColumn(same, far, { test: 'anderson' }).score, 0.001);
	});

	it('chi-square and G of a constant give no number, which is no drift', () => {
		const constant = words(200, () => 'a');
		for (const test of ['chisquare', 'g_test'] as const) {
			const verdict = judgeColumn(constant, constant, { test });
			assert.deepEqual([verdict.score, verdict.drift], [null, false]);
			assert.match(verdict.reason ?? '', /no number/);
		}
		assert.deepEqual(judgeColumn(constant, constant, { test: 'auto' }).score, 1);
	});

	it('a column of nulls alone has a reason, and the others their verdicts', () => {
		const table = (nulls: boolean) =>
			tableOf([
				numberColumn(
					'empty',
					Array.from({ length: 60 }, () => (nulls ? null : 1)),
				),
				{ ...numbers(60, () => random.normal()), name: 'full' },
			]);
		const report = detectDrift(table(false), table(true), {
			profile: 'evidently',
			threshold: 0.5,
			referenceSide: side,
			currentSide: side,
		});
		const [empty, full] = report.columns;
		assert.deepEqual([empty?.drift, empty?.reason], [null, 'No values in the current data.']);
		assert.equal(full?.test, 'ks');
		assert.equal(report.share, 0);
		assert.equal(report.drift, false);
	});
});

describe('judgeColumn', () => {
	it('takes a threshold and a test for each column', () => {
		const choose = chooseTests('evidently', undefined, { default: 'psi', b: { test: 'ks', threshold: 0.01 } });
		assert.deepEqual(choose('a'), { test: 'psi' });
		const verdict = judgeColumn(
			numbers(90, () => random.next()),
			numbers(90, () => random.next()),
			{ test: 'ks', threshold: 1 },
		);
		assert.deepEqual([verdict.threshold, verdict.drift], [1, true]);
		assert.deepEqual(choose('b'), { test: 'ks', threshold: 0.01 });
	});

	it('refuses a test that the profile does not know', () => {
		assert.throws(() => chooseTests('sound', 'wasserstein'), isPerchError);
		assert.throws(() => chooseTests('evidently', 'chi_square'), isPerchError);
		assert.throws(() => chooseTests('sound', undefined, { a: { test: 'ks', threshold: 0.1 } }), isPerchError);
	});

	it('says which tests a column could have', () => {
		const verdict = judgeColumn(words(50, pick('a', 'b')), words(50, pick('a', 'b')), { test: 'ks' });
		assert.equal(verdict.drift, null);
		assert.match(verdict.reason ?? '', /takes the column for categories, which ks does not take; these do: psi,/);
	});

	const cell = fc.oneof(
		fc.constant(null),
		fc.integer({ min: -3, max: 3 }),
		fc.double({ noNaN: true }),
		fc.constantFrom(1e308, -1e308, 5e-324, Number.POSITIVE_INFINITY),
	);
	const text = fc.oneof(fc.constant(null), fc.constantFrom('a', 'b', '', 'the'), fc.string());
	const column = fc.oneof(
		fc.array(cell, { maxLength: 40 }).map((cells): Column => numberColumn('x', cells)),
		fc
			.array(fc.integer({ min: 0, max: 12 }), { maxLength: 40 })
			.map((cells): Column => numberColumn('x', cells, 'integer')),
		fc.array(text, { maxLength: 40 }).map((cells): Column => stringColumn('x', cells)),
	);

	it('gives a sound report for any two columns and any test', () => {
		fc.assert(
			fc.property(column, column, fc.constantFrom('auto' as const, ...evidentlyTests), (one, other, test) => {
				const report = detectDrift(tableOf([one]), tableOf([other]), {
					profile: 'evidently',
					choose: () => ({ test }),
					threshold: 0.5,
					referenceSide: side,
					currentSide: side,
				});
				parse(driftReport, JSON.parse(JSON.stringify(report)));
				const [found] = report.columns;
				assert.ok(found !== undefined);
				assert.ok(found.drift !== null || found.reason !== null);
				assert.ok(found.p_value === null || (found.p_value >= 0 && found.p_value <= 1));
			}),
			{ numRuns: 400 },
		);
	});
});
