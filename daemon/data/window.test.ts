import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cellOf, columnOf, numberColumn, stringColumn, type Table, tableOf } from './table.ts';
import { cutWindows, featuresOfEachRow } from './window.ts';

const features = ['mean', 'std', 'min', 'max', 'slope'] as const;

function values(table: Table, name: string): number[] {
	const column = columnOf(table, name);
	assert.ok(column.kind === 'number');
	return [...column.values];
}

/** The features by their definitions, of a window with NaN for what is missing. */
function brute(window: readonly number[]): number[] {
	const points = window.flatMap((y, x) => (Number.isNaN(y) ? [] : [{ x, y }]));
	if (points.length === 0) return [Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN];
	const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
	const xs = points.map(({ x }) => x);
	const ys = points.map(({ y }) => y);
	const variance = mean(ys.map((y) => (y - mean(ys)) ** 2));
	// Cov(x, y) / Var(x), each from means of products.
	const spread = mean(xs.map((x) => x * x)) - mean(xs) ** 2;
	const slope = spread < 1e-12 ? 0 : (mean(points.map(({ x, y }) => x * y)) - mean(xs) * mean(ys)) / spread;
	return [mean(ys), Math.sqrt(variance), Math.min(...ys), Math.max(...ys), slope];
}

function near(actual: readonly number[], expected: readonly number[]): void {
	actual.forEach((value, index) => {
		const other = expected[index] as number;
		assert.ok(
			Number.isNaN(value) ? Number.isNaN(other) : Math.abs(value - other) < 1e-6,
			`${actual} instead of ${expected}`,
		);
	});
}

describe('windows', () => {
	it('have the features of a worked example', () => {
		// 1, 2, 4, 7: mean 3.5; variance (6.25 + 2.25 + 0.25 + 12.25) / 4 = 5.25; slope Σ(x - 1.5)(y - 3.5) / 5 = 10 / 5 = 2.
		const table = tableOf([numberColumn('v', [1, 2, 4, 7])]);
		const cut = cutWindows(table, { size: 4, step: 1, features: [...features] }, { columns: ['v'] });
		near(
			features.map((feature) => values(cut, `v_${feature}`)[0] as number),
			[3.5, Math.sqrt(5.25), 1, 7, 2],
		);
		assert.deepEqual([...cut.lastRow], [3]);
	});

	it('are those of brute force: series mixed together, times out of order, nulls, any size and step', () => {
		const cell = fc.option(fc.integer({ min: -20, max: 20 }), { nil: Number.NaN, freq: 4 });
		const row = fc.record({ v: cell, w: cell, key: fc.constantFrom('a', 'b', 'c', null), bad: fc.boolean() });
		fc.assert(
			fc.property(
				fc.array(row, { maxLength: 40 }),
				fc.integer({ min: 2, max: 6 }),
				fc.integer({ min: 1, max: 4 }),
				fc.infiniteStream(fc.nat(1000)),
				(rows, size, step, ticks) => {
					const timed = rows.map((other, index) => ({ ...other, index, time: ticks.next().value as number }));
					const table = tableOf([
						numberColumn(
							'v',
							timed.map(({ v }) => v),
						),
						numberColumn(
							'w',
							timed.map(({ w }) => w),
						),
						stringColumn(
							'key',
							timed.map(({ key }) => key),
						),
						numberColumn(
							'time',
							timed.map(({ time }) => time),
							'timestamp',
						),
						numberColumn(
							'bad',
							timed.map(({ bad }) => +bad),
							'integer',
						),
					]);
					const cut = cutWindows(
						table,
						{ size, step, features: [...features] },
						{ columns: ['v', 'w'], key: 'key', time: 'time', label: 'bad' },
					);
					let at = 0;
					for (const key of new Set(timed.map((other) => other.key))) {
						const series = timed
							.filter((other) => other.key === key)
							.sort((a, b) => a.time - b.time || a.index - b.index);
						for (let start = 0; start + size <= series.length; start += step) {
							const window = series.slice(start, start + size);
							near(
								features.map((feature) => values(cut, `v_${feature}`)[at] as number),
								brute(window.map(({ v }) => v)),
							);
							near(
								features.map((feature) => values(cut, `w_${feature}`)[at] as number),
								brute(window.map(({ w }) => w)),
							);
							assert.equal(cellOf(columnOf(cut, 'key'), at), key);
							assert.equal(values(cut, 'bad')[at], +window.some(({ bad }) => bad));
							assert.equal(cut.lastRow[at], window.at(-1)?.index);
							at++;
						}
					}
					assert.equal(cut.rows, at);
				},
			),
		);
	});

	it('answer each row by the window that ends there, just as training saw it', () => {
		const table = tableOf([
			stringColumn('key', ['a', 'b', 'a', 'b', 'a', 'a']),
			numberColumn('v', [1, 10, 2, 20, 4, 8]),
		]);
		const window = { size: 2, step: 2, features: ['mean' as const, 'max' as const] };
		const { features: answered, complete } = featuresOfEachRow(table, window, { columns: ['v'], key: 'key' });
		assert.deepEqual(values(answered, 'v_mean'), [Number.NaN, Number.NaN, 1.5, 15, 3, 6]);
		assert.deepEqual(values(answered, 'v_max'), [Number.NaN, Number.NaN, 2, 20, 4, 8]);
		assert.deepEqual([...complete], [0, 0, 1, 1, 1, 1]);
		assert.deepEqual(values(featuresOfEachRow(table, window, { columns: ['v'] }).features, 'v_mean'), [
			Number.NaN,
			5.5,
			6,
			11,
			12,
			6,
		]);
	});

	it('are the values themselves where they are to be raw, the oldest first', () => {
		const table = tableOf([stringColumn('key', ['a', 'b', 'a', 'b', 'a']), numberColumn('v', [1, 10, null, 20, 4])]);
		const window = { size: 2, step: 1, features: 'raw' as const };
		const cut = cutWindows(table, window, { columns: ['v'], key: 'key' });
		assert.deepEqual(
			cut.columns.map(({ name }) => name),
			['v_0', 'v_1', 'key'],
		);
		assert.deepEqual(values(cut, 'v_0'), [1, Number.NaN, 10]);
		assert.deepEqual(values(cut, 'v_1'), [Number.NaN, 4, 20]);
		assert.deepEqual([...cut.lastRow], [2, 4, 3]);
	});

	it('are none where a series is shorter than one', () => {
		const table = tableOf([numberColumn('v', [1, 2])]);
		assert.equal(cutWindows(table, { size: 3, step: 1, features: ['mean'] }, { columns: ['v'] }).rows, 0);
		assert.deepEqual(
			values(featuresOfEachRow(table, { size: 3, step: 1, features: ['mean'] }, { columns: ['v'] }).features, 'v_mean'),
			[Number.NaN, Number.NaN],
		);
	});

	it('are not cut of text', () => {
		const table = tableOf([stringColumn('s', ['a'])]);
		assert.throws(
			() => featuresOfEachRow(table, { size: 2, step: 1, features: ['mean'] }, { columns: ['s'] }),
			/"s" holds text/,
		);
	});
});
