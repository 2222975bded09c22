import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { autocorrelationTime } from './autocorrelationTime.ts';
import { createRandom } from './random.ts';

const random = createRandom(3, 'autocorrelationTime.test');

/** Each value is `rho` of the one before, and as much new as keeps the variance at 1. */
function autoregressive(rows: number, rho: number): Float64Array {
	let value = random.normal();
	return Float64Array.from({ length: rows }, () => {
		const now = value;
		value = rho * value + Math.sqrt(1 - rho * rho) * random.normal();
		return now;
	});
}

function medianOf(rounds: number, time: () => number): number {
	const times = Array.from({ length: rounds }, time).sort((a, b) => a - b);
	return times[rounds >> 1] as number;
}

describe('autocorrelationTime', () => {
	it('is 1 where rows are independent', () => {
		for (const rows of [50, 1000, 20_000]) {
			const independent = Array.from({ length: 200 }, () => autocorrelationTime(autoregressive(rows, 0)));
			const taken = independent.filter((time) => time > 1).length;
			// Chance hangs 1 of 20 together; more than three deviations beyond that would be an error.
			assert.ok(taken <= 200 * 0.05 + 3 * Math.sqrt(200 * 0.05 * 0.95), `${taken} of 200 with ${rows} rows`);
		}
	});

	it('is (1 + rho) / (1 - rho) for a series that keeps rho of each value', () => {
		for (const [rho, time] of [
			[0.5, 3],
			[0.9, 19],
			[0.97, 65.7],
		] as const) {
			const found = medianOf(60, () => autocorrelationTime(autoregressive(20_000, rho)));
			assert.ok(found > 0.8 * time && found < 1.4 * time, `${found}, not about ${time}`);
		}
	});

	it('sees series that take turns, where no row resembles its neighbour', () => {
		const found = medianOf(40, () => {
			const machines = Array.from({ length: 8 }, () => autoregressive(1000, 0.9));
			return autocorrelationTime(Float64Array.from({ length: 8000 }, (_, row) => machines[row % 8]?.[row >> 3] ?? 0));
		});
		assert.ok(found > 14 && found < 28, `${found}`);
	});

	it('leaves next to nothing of a series that never forgets', () => {
		let value = 0;
		const walk = Float64Array.from({ length: 5000 }, () => (value += random.normal()));
		assert.ok(5000 / autocorrelationTime(walk) < 12);
	});

	it('knows nothing of constants and of less than two rows', () => {
		for (const series of [[], [3], [3, 3, 3, 3, 3]]) assert.equal(autocorrelationTime(Float64Array.from(series)), 1);
	});

	it('takes as many rows as it is told', () => {
		const series = autoregressive(4000, 0.8);
		assert.equal(autocorrelationTime(series, 1000), autocorrelationTime(series.slice(0, 1000)));
	});
});
