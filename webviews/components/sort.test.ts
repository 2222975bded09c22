import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { type SortValue, sortRows } from './sort.ts';

const sorted = (values: SortValue[], descending = false) =>
	sortRows(values, (value) => value, { column: 'value', descending });

describe('sortRows', () => {
	it('orders numbers by size and text as people do', () => {
		assert.deepEqual(sorted([10, 9, -1]), [-1, 9, 10]);
		assert.deepEqual(sorted(['run 10', 'Run 2', 'run 1']), ['run 1', 'Run 2', 'run 10']);
		assert.deepEqual(sorted([10, 9, -1], true), [10, 9, -1]);
	});

	it('puts what is missing last in both directions', () => {
		assert.deepEqual(sorted([null, 2, Number.NaN, 1]), [1, 2, null, Number.NaN]);
		assert.deepEqual(sorted([null, 2, Number.NaN, 1], true), [2, 1, null, Number.NaN]);
	});

	it('keeps equal rows in their order, either way', () => {
		const rows = fc.array(fc.record({ key: fc.integer({ min: 0, max: 3 }), place: fc.nat() }));
		fc.assert(
			fc.property(rows, fc.boolean(), (made, descending) => {
				const numbered = made.map((row, place) => ({ ...row, place }));
				const result = sortRows(numbered, ({ key }) => key, { column: 'key', descending });
				for (const [index, row] of result.entries()) {
					const next = result[index + 1];
					if (next !== undefined && next.key === row.key) assert.ok(row.place < next.place);
				}
				assert.equal(result.length, numbered.length);
			}),
		);
	});
});
