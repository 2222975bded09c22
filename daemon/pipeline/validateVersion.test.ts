import assert from 'node:assert/strict';
import type { Comparison } from '../protocol/project/comparison.ts';
import { describeValidation, validateVersion } from './validateVersion.ts';

const notWorse = (metric: string, by?: number): Comparison => ({
	metric,
	not_worse_than: 'production',
	...(by !== undefined && { by }),
});
/** Production reaches 10; the new version 10.2, give or take. */
const pair = (low: number, high: number) => ({ rows: 500, value: 10.2, other: 10, difference: 0.2, low, high });
const judge = (rule: Comparison, low: number, high: number) =>
	validateVersion([rule], { [rule.metric]: 10.2 }, null, {
		version: 3,
		metrics: { [rule.metric]: pair(low, high) },
		reason: null,
	})[0];

describe('a version that is not to be worse than production', () => {
	it('holds where the worse end of the interval is within what is allowed', () => {
		assert.equal(judge(notWorse('mae', 0.05), -0.1, 0.5)?.passed, true);
		assert.equal(judge(notWorse('mae', 0.05), -0.1, 0.51)?.passed, false);
		assert.equal(judge(notWorse('r2', 0.05), -0.5, 0.1)?.passed, true);
		assert.equal(judge(notWorse('r2', 0.05), -0.51, 0.1)?.passed, false);
		assert.equal(judge(notWorse('mae'), -0.2, 0.01)?.passed, false);
		assert.equal(judge(notWorse('mae'), -0.2, 0)?.passed, true);
		assert.equal(judge({ ...notWorse('mae', 0.05), max: 10 }, -0.1, 0.1)?.passed, false);
	});

	it('is told with both figures, the rows and the interval', () => {
		const told = judge(notWorse('mae', 0.05), -0.1, 0.7);
		assert.ok(told);
		assert.equal(
			describeValidation(told),
			'Not held: mae not worse than production by 5% (found 10.2 against 10 of version 3 on the same 500 rows, difference 0.2, 95 % interval -0.1 to 0.7)',
		);
	});

	it('does not hold where production cannot be measured, and goes by the runs where rows do not give the metric', () => {
		const cannot = { version: 3, metrics: {}, reason: 'version 3 cannot be measured' };
		const [refused] = validateVersion([notWorse('mae', 0.05)], { mae: 1 }, null, cannot);
		assert.deepEqual([refused?.passed, refused?.reason], [false, 'version 3 cannot be measured']);
		const production = { metrics: { anomaly_rate: 0.1 } } as never;
		const byRuns = (rate: number) =>
			validateVersion([notWorse('anomaly_rate', 0.1)], { anomaly_rate: rate }, production, null)[0]?.passed;
		assert.deepEqual([byRuns(0.095), byRuns(0.08)], [true, false]);
		assert.equal(validateVersion([notWorse('mae')], { mae: 1 }, null, null)[0]?.passed, true);
	});
});
