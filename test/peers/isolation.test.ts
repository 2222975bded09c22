import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { fitIsolationForest } from '../../daemon/learn/isolation/isolationForest.ts';
import { scoreSamples } from '../../daemon/learn/isolation/isolationScore.ts';
import { rankingMetrics } from '../../daemon/learn/metrics/anomalyMetrics.ts';
import { findPython } from './python.ts';

interface Ranked {
	set: string;
	columns: number[][];
	labels: number[];
	areas: number[];
}

const seeds = [1, 2, 3, 4, 5];
const python = findPython();
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the isolation forest beside scikit-learn', function () {
	this.timeout(900_000);
	const data = process.env['PERCH_REAL_DATA'];
	if ('missing' in python) {
		it.skip(`SKIPPED: ${python.missing}`);
		return;
	}
	if (data === undefined) {
		it.skip('SKIPPED the sets of ADBench: set PERCH_REAL_DATA to the folder of the real data sets');
		return;
	}
	const peer = python;

	it('ranks the anomalies of ADBench as well: area under the ROC curve, mean of five seeds', async () => {
		const sets = await peer.run<Ranked[]>('isolationFigures.py', { folder: join(data, 'adbench'), seeds });
		assert.equal(sets.length, 6);
		const areas = sets.map(({ set, columns, labels, areas: theirs }) => {
			const matrix = { rows: labels.length, columns: columns.map((column) => Float32Array.from(column)) };
			const found = seeds.map((seed) => {
				const forest = fitIsolationForest(matrix, { trees: 100, sample_size: 256, features: 1, seed });
				return rankingMetrics(scoreSamples(forest, matrix), Int8Array.from(labels)).roc_auc;
			});
			console.log(`      ${set}: ${mean(found).toFixed(4)}, scikit-learn ${mean(theirs).toFixed(4)}`);
			return { own: mean(found), other: mean(theirs) };
		});
		const [own, other] = [mean(areas.map((area) => area.own)), mean(areas.map((area) => area.other))];
		console.log(`      all: ${own.toFixed(4)}, scikit-learn ${other.toFixed(4)}`);
		assert.ok(Math.abs(own - other) < 0.01, `${own} and ${other}`);
	});
});
