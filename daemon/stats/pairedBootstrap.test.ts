import assert from 'node:assert/strict';
import { bootstrapInterval } from './pairedBootstrap.ts';

const rows = Array.from({ length: 200 }, (_, row) => row);
const truth = rows.map((row) => Math.sin(row * 1.7) * 10);
const one = rows.map((row) => (truth[row] ?? 0) + Math.cos(row * 2.3) * 2 + 0.5 * Math.sin(row));
const other = rows.map((row) => (truth[row] ?? 0) + Math.cos(row * 2.3) * 2.1 + 0.3 * Math.cos(row * 0.7));
const off = (said: readonly number[], row: number) => Math.abs((said[row] ?? 0) - (truth[row] ?? 0));
const mean = (drawn: Uint32Array, of: (row: number) => number) =>
	drawn.reduce((sum, row) => sum + of(row), 0) / drawn.length;

describe('the paired bootstrap', () => {
	// SciPy 1.17, scipy.stats.bootstrap(…, method='percentile') with 200,000 and 100,000 samples; ours has 2,000, whose
	// ends vary by about a twentieth of the width.
	it('gives the interval of a difference of mean errors that SciPy gives', () => {
		const { low, high } = bootstrapInterval(200, 7, (drawn) => mean(drawn, (row) => off(one, row) - off(other, row)));
		assert.ok(Math.abs(low + 0.10969) < 0.005 && Math.abs(high + 0.00211) < 0.005, `${low} to ${high}`);
	});

	it('gives the interval of a difference of roots of mean squares', () => {
		const rmse = (drawn: Uint32Array, said: readonly number[]) => Math.sqrt(mean(drawn, (row) => off(said, row) ** 2));
		const { low, high } = bootstrapInterval(200, 7, (drawn) => rmse(drawn, one) - rmse(drawn, other));
		assert.ok(Math.abs(low + 0.09264) < 0.005 && Math.abs(high - 0.00175) < 0.005, `${low} to ${high}`);
	});

	it('is the same for the same seed, and a point where rows do not differ', () => {
		const statistic = (drawn: Uint32Array) => mean(drawn, (row) => row);
		assert.deepEqual(bootstrapInterval(50, 3, statistic), bootstrapInterval(50, 3, statistic));
		assert.notDeepEqual(bootstrapInterval(50, 3, statistic), bootstrapInterval(50, 4, statistic));
		assert.deepEqual(
			bootstrapInterval(50, 3, () => 1),
			{ low: 1, high: 1 },
		);
	});
});
