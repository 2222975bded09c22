import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ascendingOrder } from './ascendingOrder.ts';
import { association } from './association.ts';
import { correlatedColumn, pearson, spearman } from './correlation.ts';

const column = (...values: number[]) => correlatedColumn(Float64Array.from(values));
const near = (found: number | null, expected: number) =>
	assert.ok(found !== null && Math.abs(found - expected) < 1e-12, `${found}, not ${expected}`);

describe('correlations', () => {
	// SciPy 1.17.1: pearsonr and spearmanr of the rows that have both values.
	const x = column(1, 2, 2, 4, Number.NaN, 6, 7);
	const y = column(3, 1, 1, 5, 9, Number.NaN, 7);

	it('leave out rows without both values, as SciPy gives them then', () => {
		near(pearson(x, y), 0.8673649643743682);
		near(spearman(x, y), 0.6842105263157895);
	});

	it('agree with the worked value', () => {
		near(pearson(column(1, 2, 3, 5), column(2, 1, 4, 6)), 10.25 / Math.sqrt(8.75 * 14.75));
	});

	it('are not defined for a constant, be its mean rounded, nor for one row', () => {
		assert.equal(pearson(column(0.1, 0.1, 0.1), column(1, 2, 3)), null);
		assert.equal(spearman(column(0.1, 0.1, 0.1), column(1, 2, 3)), null);
		assert.equal(pearson(column(1), column(2)), null);
		assert.equal(pearson(column(Number.NaN, 1), column(2, Number.NaN)), null);
	});

	it('survive the largest numbers', () => {
		near(pearson(column(-1e308, 0, 1e308), column(1, 2, 3)), 1);
	});

	it('of ranks do not change under a growing function', () => {
		const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 60 });
		fc.assert(
			fc.property(values, values, (a, b) => {
				const n = Math.min(a.length, b.length);
				const [left, right] = [a.slice(0, n), b.slice(0, n)];
				const first = spearman(column(...left), column(...right));
				const second = spearman(column(...left.map((value) => value ** 3)), column(...right));
				assert.ok(first === second || Math.abs((first ?? 9) - (second ?? -9)) < 1e-12, `${first} and ${second}`);
			}),
		);
	});
});

describe('ascendingOrder', () => {
	it('orders as a sort that keeps equal values in their order, few or many', () => {
		const some = fc.array(fc.double({ noDefaultInfinity: false }), { maxLength: 50 });
		fc.assert(
			fc.property(some, fc.constantFrom(1, 100), (pattern, times) => {
				const values = Float64Array.from({ length: pattern.length * times }, (_, i) => {
					const value = pattern[i % pattern.length] as number;
					return value === 0 ? 0 : value;
				});
				const expected = [...values.keys()]
					.filter((place) => !Number.isNaN(values[place]))
					.sort((a, b) => ((values[a] as number) < (values[b] as number) ? -1 : +(values[a] !== values[b])) || a - b);
				assert.deepEqual([...ascendingOrder(values)], expected);
			}),
		);
	});
});

describe('association', () => {
	const table = (counts: number[][]) => {
		const cells = counts.flatMap((row, b) => row.flatMap((count, a) => Array.from({ length: count }, () => [a, b])));
		const [x, y] = [0, 1].map((side) => Int32Array.from(cells, (cell) => cell[side] as number)) as [
			Int32Array,
			Int32Array,
		];
		return association(x, y, counts[0]?.length ?? 0, counts.length);
	};

	it("gives Cramér's V of the worked table", () => {
		near(
			table([
				[10, 20, 30],
				[30, 20, 10],
			]),
			Math.sqrt(20 / 120),
		);
	});

	it('is 1 for columns that name each other, 0 for independent ones, null for a single category', () => {
		near(
			table([
				[5, 0],
				[0, 7],
			]),
			1,
		);
		near(
			table([
				[5, 10],
				[10, 20],
			]),
			0,
		);
		assert.equal(table([[5, 10]]), null);
	});

	it('leaves out rows with a null', () => {
		near(association(Int32Array.of(0, 1, -1, 0), Int32Array.of(1, 0, 1, -1), 2, 2), 1);
	});
});
