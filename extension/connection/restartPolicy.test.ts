import assert from 'node:assert/strict';
import { createRestartPolicy } from './restartPolicy.ts';

describe('restart policy', () => {
	it('allows four restarts in three minutes, each later than the one before, and refuses the fifth', () => {
		const policy = createRestartPolicy();
		assert.deepEqual(
			[0, 10_000, 20_000, 30_000, 40_000].map((now) => policy.next(now)),
			[100, 200, 400, 800, null],
		);
	});

	it('allows one again when the first is three minutes past', () => {
		const policy = createRestartPolicy();
		for (const now of [0, 100_000, 110_000, 120_000]) policy.next(now);
		assert.equal(policy.next(179_999), null);
		assert.equal(policy.next(180_000), 800);
	});

	it('starts anew after a reset', () => {
		const policy = createRestartPolicy(1);
		policy.next(0);
		assert.equal(policy.next(1), null);
		policy.reset();
		assert.equal(policy.next(2), 100);
	});
});
