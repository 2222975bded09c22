import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type Column, numberColumn, stringColumn, tableOf } from '../data/table.ts';
import type { DriftFinding } from '../protocol/driftFindings.ts';
import { createRandom } from '../stats/random.ts';
import { detectDrift } from './detectDrift.ts';
import { outsideP } from './findings.ts';

const random = createRandom(11, 'findings.test');

function findings(reference: Column, current: Column): DriftFinding[] {
	const side = (rows: number) => ({ name: 'some.csv', rows, digest: null });
	const [before, after] = [tableOf([reference]), tableOf([current])];
	const sides = { referenceSide: side(before.rows), currentSide: side(after.rows) };
	return detectDrift(before, after, { threshold: 0.5, ...sides }).columns.flatMap((one) => one.findings ?? []);
}

function shuffled<T>(values: T[]): T[] {
	for (let i = values.length - 1; i > 0; i--) {
		const j = random.integer(i + 1);
		[values[i], values[j]] = [values[j] as T, values[i] as T];
	}
	return values;
}

/** So many of each, in random order. */
function mixed<T>(...parts: readonly (readonly [value: T, count: number])[]): T[] {
	return shuffled(parts.flatMap(([value, count]) => Array.from({ length: count }, () => value)));
}

describe('findings of a column', () => {
	it('tells nulls with the p of two proportions (SciPy chi2_contingency, no correction)', () => {
		const column = (filled: number, nulls: number) =>
			numberColumn(
				'x',
				shuffled([...Array.from({ length: filled }, () => random.normal()), ...mixed([Number.NaN, nulls])]),
			);
		const [finding, ...others] = findings(column(930, 70), column(420, 80));
		assert.deepEqual(others, []);
		assert.ok(finding?.kind === 'nulls');
		assert.deepEqual([finding.reference, finding.current], [0.07, 0.16]);
		assert.ok(Math.abs(finding.p_value / 4.3204630578274955e-8 - 1) < 1e-9, String(finding.p_value));
		// 70 of 1,000 against 50 of 500 gives p = 0.043, which one in twenty columns without any change reaches.
		assert.deepEqual(findings(column(930, 70), column(450, 50)), []);
	});

	it('tells a lost category only where chance would hardly leave it out', () => {
		// Of 200 values the k all lie in the first 100: 0.00077 for k = 10, 0.00037 for k = 11 (SciPy hypergeom); two
		// categories share the level of 0.001.
		const column = (rare: number) => stringColumn('ward', mixed(['day', 100 - rare], ['night', rare]));
		assert.deepEqual(findings(column(10), column(0)), []);
		assert.deepEqual(findings(column(11), column(0)), [
			{ kind: 'lost_categories', count: 1, share: 0.11, categories: [{ name: 'night', share: 0.11 }] },
		]);
	});

	it('names new categories, the most frequent first and no more than ten', () => {
		const known = mixed(['a', 100], ['b', 100]);
		const fresh = Array.from({ length: 12 }, (_, i) => [`new ${i}`, i + 1] as [string, number]);
		const [finding] = findings(
			stringColumn('kind', known),
			stringColumn('kind', mixed<string>(['a', 50], ['b', 72], ...fresh)),
		);
		assert.ok(finding?.kind === 'new_categories');
		assert.deepEqual([finding.count, finding.share, finding.categories.length], [12, 78 / 200, 10]);
		assert.deepEqual(finding.categories[0], { name: 'new 11', share: 12 / 200 });
	});

	it('knows how many values leave the range by chance (SciPy betabinom(500, 2, 999), and 5/6 by hand)', () => {
		const near = (found: number, expected: number) => assert.ok(Math.abs(found / expected - 1) < 1e-8, String(found));
		near(outsideP(1, { reference: 2, current: 2 }), 5 / 6);
		near(outsideP(3, { reference: 1000, current: 500 }), 0.11081441922576007);
		near(outsideP(10, { reference: 1000, current: 500 }), 0.00012292528319313156);
	});

	it('tells values out of range, and not those of a series that wanders', () => {
		const uniform = (n: number, width: number) =>
			numberColumn(
				'x',
				Array.from({ length: n }, () => width * random.next()),
			);
		const [finding] = findings(uniform(1000, 1), uniform(500, 1.1));
		assert.ok(finding?.kind === 'out_of_range');
		assert.ok(finding.share > 0.05 && finding.share < 0.15 && finding.max <= 1);
		let told = 0;
		for (let round = 0; round < 100; round++) {
			const wandering = () => {
				let level = random.normal();
				return numberColumn(
					'x',
					Array.from({ length: 500 }, () => {
						level = 0.95 * level + Math.sqrt(1 - 0.95 ** 2) * random.normal();
						return level;
					}),
				);
			};
			told += findings(wandering(), wandering()).length;
		}
		assert.ok(told <= 2, `${told} of 100`);
	});

	it('sees a sensor that falls silent at the end, though its nulls lie together', () => {
		const values = Array.from({ length: 1000 }, () => random.normal());
		const silent = values.map((value, row) => (row < 850 ? value : Number.NaN));
		const kinds = findings(numberColumn('x', values), numberColumn('x', silent)).map(({ kind }) => kind);
		assert.deepEqual(kinds, ['nulls']);
	});
});
