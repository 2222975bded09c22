import assert from 'node:assert/strict';
import { blockLength, bootstrapInterval } from './pairedBootstrap.ts';
import { createRandom } from './random.ts';

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

	/** x_t = ρ x_{t−1} + noise, about 0. */
	const remembering = (length: number, rho: number, seed: number): Float64Array => {
		const random = createRandom('remembering', seed);
		const series = new Float64Array(length);
		let value = random.normal() / Math.sqrt(1 - rho ** 2);
		for (let at = 0; at < length; at++) {
			series[at] = value;
			value = rho * value + random.normal();
		}
		return series;
	};

	it('draws blocks as long as the memory of the rows asks for', () => {
		assert.equal(blockLength(remembering(10_000, 0, 1)), 1);
		// (1.5 (2 0.5 / 0.75)² 10,000)^(1/3) = 29.9, and for 0.9 (1.5 (1.8 / 0.19)² 10,000)^(1/3) = 110.4.
		assert.ok(Math.abs(blockLength(remembering(10_000, 0.5, 2)) - 30) <= 4);
		assert.ok(Math.abs(blockLength(remembering(10_000, 0.9, 3)) - 110) <= 20);
		assert.equal(blockLength(new Float64Array(50)), 1);
	});

	it('misses the mean of rows with memory seldom with blocks, and mostly without', () => {
		// Of rows with ρ = 0.9 the mean spreads √19 times as far as of independent ones.
		const covered = [0, 0];
		for (let seed = 0; seed < 24; seed++) {
			const series = remembering(300, 0.9, seed);
			for (const [kind, block] of [blockLength(series), 1].entries()) {
				const average = (drawn: Uint32Array) => mean(drawn, (row) => series[row] ?? 0);
				const { low, high } = bootstrapInterval(300, 7, average, block);
				covered[kind] = (covered[kind] ?? 0) + +(low <= 0 && 0 <= high);
			}
		}
		assert.ok((covered[0] ?? 0) >= 17 && (covered[1] ?? 0) <= 13, covered.join(' and '));
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
