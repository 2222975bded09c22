import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type Column, numberColumn, stringColumn, tableOf } from '../data/table.ts';
import type { DriftColumn } from '../protocol/drift.ts';
import { createRandom } from '../stats/random.ts';
import { detectDrift } from './detectDrift.ts';

function compareColumns(reference: Column, current: Column): DriftColumn {
	const [one, other] = [tableOf([reference]), tableOf([current])];
	const side = (rows: number) => ({ name: 'some.csv', rows, digest: null });
	const [column] = detectDrift(one, other, {
		threshold: 0.5,
		referenceSide: side(one.rows),
		currentSide: side(other.rows),
	}).columns;
	assert.ok(column !== undefined);
	return column;
}

const random = createRandom(5, 'pairs.test');
const normal = (n: number) => Float64Array.from({ length: n }, () => random.normal());
const words = (n: number, ...kinds: string[]) =>
	Array.from({ length: n }, () => kinds[random.integer(kinds.length)] as string);

describe('pairs of columns', () => {
	describe('columns that cannot be told, and constants', () => {
		const cases: [string, Column, Column, boolean | null, RegExp][] = [
			[
				'nulls on one side',
				numberColumn('x', normal(50)),
				numberColumn('x', Array(50).fill(null)),
				null,
				/No values in the current data/,
			],
			[
				'nulls on both sides',
				stringColumn('x', Array(50).fill(null)),
				numberColumn('x', Array(50).fill(null)),
				null,
				/No values in either sample/,
			],
			[
				'nulls read as text',
				stringColumn('x', Array(50).fill(null)),
				numberColumn('x', normal(50)),
				null,
				/No values in the reference/,
			],
			[
				'one row',
				numberColumn('x', [1]),
				numberColumn('x', normal(50)),
				null,
				/Too few rows to tell: 1 in the reference, 20 needed/,
			],
			['no rows', numberColumn('x', []), numberColumn('x', normal(50)), null, /No values in the reference/],
			[
				'a constant that stays',
				numberColumn('x', Array(50).fill(45)),
				numberColumn('x', Array(30).fill(45)),
				false,
				/Constant and unchanged: 45/,
			],
			[
				'a constant that changes',
				stringColumn('x', Array(50).fill('a')),
				stringColumn('x', Array(30).fill('b')),
				true,
				/from a to b/,
			],
			[
				'a constant date that changes',
				numberColumn('x', Array(50).fill(0), 'date'),
				numberColumn('x', Array(50).fill(86_400_000), 'date'),
				true,
				/from 1970-01-01 to 1970-01-02/,
			],
			[
				'row numbers',
				numberColumn('x', [...Array(60).keys()], 'integer'),
				numberColumn(
					'x',
					[...Array(60).keys()].map((i) => i + 60),
					'integer',
				),
				null,
				/number the rows/,
			],
			[
				'dates beside numbers',
				numberColumn('x', normal(50), 'timestamp'),
				numberColumn('x', normal(50)),
				null,
				/cannot be compared/,
			],
		];
		for (const [name, reference, current, drift, reason] of cases) {
			it(name, () => {
				const column = compareColumns(reference, current);
				assert.equal(column.drift, drift);
				assert.match(column.reason ?? '', reason);
				assert.equal(column.test, null);
				assert.equal(column.adjusted_p, null);
			});
		}
	});

	describe('types that differ', () => {
		it('compares integers with doubles, and says so', () => {
			const column = compareColumns(
				numberColumn(
					'x',
					Array.from({ length: 200 }, () => random.integer(9)),
					'integer',
				),
				numberColumn(
					'x',
					Array.from({ length: 200 }, () => random.integer(9)),
					'double',
				),
			);
			assert.equal(column.drift, false);
			assert.match(column.notes.join(' '), /integer in the reference and double in the current data/);
		});

		it('reads text as numbers where it is numbers, and counts the rest as null', () => {
			const numbers = normal(300);
			const text = Array.from(numbers, (value, i) => (i % 100 === 7 ? 'n/a' : ` ${value}`));
			const column = compareColumns(numberColumn('x', numbers), stringColumn('x', text));
			assert.equal(column.test, 'ks');
			assert.ok((column.effect ?? 1) < 0.02);
			assert.equal(column.drift, false);
			assert.equal(column.current.nulls, 3);
			assert.match(column.notes.join(' '), /3 values are no number in the current data, such as "n\/a"/);
		});

		it('calls it drift when numbers become words', () => {
			const column = compareColumns(numberColumn('x', normal(300)), stringColumn('x', words(300, 'low', 'high')));
			assert.equal(column.drift, true);
			assert.match(column.reason ?? '', /100 % of it in the current data is text that is no number/);
		});

		it('compares booleans with their words', () => {
			const flags = numberColumn(
				'x',
				Array.from({ length: 300 }, () => random.integer(2)),
				'boolean',
			);
			const column = compareColumns(flags, stringColumn('x', words(300, 'True', 'FALSE')));
			assert.equal(column.drift, false);
			assert.deepEqual(column.distribution?.kind === 'categories' && column.distribution.labels, ['false', 'true']);
		});

		it('reads ISO dates in text', () => {
			const days = Array.from({ length: 200 }, () => random.integer(90));
			const text = days.map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
			const column = compareColumns(
				numberColumn(
					'x',
					days.map((day) => day * 86_400_000),
					'date',
				),
				stringColumn('x', text),
			);
			assert.equal(column.effect, 0);
			assert.equal(column.drift, false);
		});
	});
});
