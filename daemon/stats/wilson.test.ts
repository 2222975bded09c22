import assert from 'node:assert/strict';
import fc from 'fast-check';
import { wilson } from './wilson.ts';

describe("Wilson's interval", () => {
	it('has the published values', () => {
		// Newcombe, Statistics in Medicine 17 (1998), table I, method 3: 81/263, 15/148, 0/20, 1/29.
		const published = [
			[81, 263, 0.2553, 0.3662],
			[15, 148, 0.0624, 0.1605],
			[0, 20, 0, 0.1611],
			[1, 29, 0.0061, 0.1718],
		] as const;
		for (const [successes, trials, low, high] of published) {
			const interval = wilson(successes, trials);
			assert.ok(Math.abs(interval.low - low) < 5e-5 && Math.abs(interval.high - high) < 5e-5, `${successes}/${trials}`);
		}
	});

	it('holds the share, stays in 0..1 and mirrors successes and failures', () => {
		fc.assert(
			fc.property(fc.nat(500), fc.nat(500), (successes, failures) => {
				const trials = successes + failures;
				const { low, high } = wilson(successes, trials);
				const mirror = wilson(failures, trials);
				assert.ok(low >= 0 && high <= 1 && low <= high);
				if (trials > 0) assert.ok(low <= successes / trials && successes / trials <= high);
				assert.ok(Math.abs(low - (1 - mirror.high)) < 1e-12);
			}),
		);
	});
});
