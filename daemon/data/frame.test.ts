import assert from 'node:assert/strict';
import fc from 'fast-check';
import { numberColumn, stringColumn, type Table, tableOf } from './table.ts';

describe('previews and groups through danfojs', function () {
	this.timeout(60_000);
	let frame: typeof import('./frame.ts');
	before(async () => {
		frame = await import('./frame.ts');
	});

	const odd: Table = tableOf([
		numberColumn('value', [1, null, 3, 5]),
		numberColumn('nothing', [null, null, null, null]),
		numberColumn('constant', [7, 7, 7, 7], 'integer'),
		numberColumn('once', [null, 2, null, null]),
		numberColumn('yes', [1, 0, null, 1], 'boolean'),
		stringColumn('text', ['a', null, 'NaN', '1']),
		numberColumn('day', [0, 86_400_000, null, 0], 'date'),
		numberColumn('large', [9_007_199_254_740_991, null, 9_007_199_254_740_991, null], 'integer'),
	]);

	it('shows the first rows as they are', () => {
		const { head } = frame.preview(odd, 2);
		assert.deepEqual(head, [
			[1, null, 7, null, true, 'a', '1970-01-01', 9_007_199_254_740_991],
			[null, null, 7, 2, false, null, '1970-01-02', null],
		]);
		assert.equal(frame.preview(odd, 100).head.length, 4);
	});

	it('describes columns with nulls, constants, nothing at all, and one value', () => {
		// value: 1, 3, 5: mean 3, variance (4 + 0 + 4) / 2 = 4, median 3.
		const { describe: described } = frame.preview(odd, 1);
		const nothing = { mean: null, std: null, min: null, median: null, max: null };
		assert.deepEqual(described.slice(0, 4), [
			{ column: 'value', count: 3, mean: 3, std: 2, min: 1, median: 3, max: 5 },
			{ column: 'nothing', count: 0, ...nothing },
			{ column: 'constant', count: 4, mean: 7, std: 0, min: 7, median: 7, max: 7 },
			{ column: 'once', count: 1, mean: 2, std: null, min: 2, median: 2, max: 2 },
		]);
		assert.deepEqual(
			described.map(({ column }) => column),
			['value', 'nothing', 'constant', 'once', 'yes', 'large'],
		);
	});

	it('takes columns of equal name and of no rows', () => {
		assert.equal(frame.preview({ rows: 0, columns: [numberColumn('a', [])] }, 5).describe[0]?.count, 0);
		const twice = tableOf([numberColumn('a', [1]), numberColumn('a', [2])]);
		assert.deepEqual(frame.preview(twice, 5).head, [[1, 2]]);
	});

	it('averages groups as adding up does, and leaves nulls out', () => {
		const metric = fc.option(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { nil: null });
		const row = fc.record({
			value: fc.constantFrom('a', '1', '01', '', 'NaN'),
			metrics: fc.record({ r2: metric, 'mae-x': metric }),
		});
		fc.assert(
			fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
				for (const { value, runs, metrics } of frame.groupedMeans(rows)) {
					const own = rows.filter((other) => other.value === value);
					assert.equal(runs, own.length);
					for (const name of ['r2', 'mae-x'] as const) {
						const present = own.flatMap((other) => other.metrics[name] ?? []);
						const mean = present.reduce((sum, x) => sum + x, 0) / present.length;
						if (present.length === 0) assert.equal(metrics[name], null);
						else assert.ok(Math.abs((metrics[name] ?? Number.NaN) - mean) <= 1e-9 * Math.max(1, Math.abs(mean)));
					}
				}
				assert.equal(frame.groupedMeans(rows).length, new Set(rows.map(({ value }) => value)).size);
			}),
		);
	});
});
