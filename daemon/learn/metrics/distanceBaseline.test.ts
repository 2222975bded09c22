import assert from 'node:assert/strict';
import { distanceBaseline, noBetterThanDistance, squaredDistances } from './distanceBaseline.ts';

const matrix = (...columns: number[][]) => ({
	rows: columns[0]?.length ?? 0,
	columns: columns.map((column) => Float32Array.from(column)),
});

describe('distance from the mean', () => {
	it('is measured in variances of the rows learned from, over the values that are known', () => {
		// Mean 2, variance 8/3 over 0, 2, 4; a constant says nothing.
		const learned = matrix([0, 2, 4], [7, 7, 7]);
		const distances = squaredDistances(learned, matrix([2, 6, Number.NaN], [7, 100, 7]));
		assert.deepEqual([...distances], [0, 6, 0]);
	});

	it('ranks anomalies where labels of both kinds are known, and is told where a model does no better', () => {
		const rows = matrix([0, 1, 2, 3, 100]);
		const found = distanceBaseline(rows, rows, Int8Array.of(0, 0, 0, 0, 1));
		assert.deepEqual(found, { roc_auc: 1, average_precision: 1 });
		assert.equal(distanceBaseline(rows, rows, new Int8Array(5)), null);
		assert.match(noBetterThanDistance(0.9, found)[0] ?? '', /roc_auc 0\.9000 against 1\.000/);
		assert.deepEqual(noBetterThanDistance(0.9, { roc_auc: 0.8, average_precision: 0.5 }), []);
	});
});
