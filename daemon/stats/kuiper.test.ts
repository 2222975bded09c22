import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { kuiperDistance, kuiperPValue, kuiperTail } from './kuiper.ts';

const near = (value: number, expected: number, within: number) =>
	assert.ok(Math.abs(value - expected) <= within, `${value}, not ${expected}`);

describe('kuiperDistance', () => {
	it('is the largest difference one way plus the largest the other way', () => {
		// At 1 the first function is 1/4 ahead, at 2 it is 2/4 against 2/4, at 3 3/4 against 4/4.
		assert.equal(kuiperDistance(Float64Array.of(1, 2, 3, 4), Float64Array.of(2, 2, 3, 3)), 0.5);
		assert.equal(kuiperDistance(Float64Array.of(1, 2), Float64Array.of(3, 4)), 1);
		assert.equal(kuiperDistance(Float64Array.of(1, 2), Float64Array.of(1, 2)), 0);
	});

	it('gives the distance of astropy.stats.kuiper_two (astropy 7.2)', () => {
		const a = Float64Array.from({ length: 400 }, (_, i) => ((7919 * i) % 1000) / 100).sort();
		const b = Float64Array.from({ length: 300 }, (_, i) => ((6151 * i) % 1000) / 90).sort();
		near(kuiperDistance(a, b), 0.10416666666666756, 1e-14);
	});
});

describe('kuiperPValue', () => {
	it('has the points of Kuiper’s distribution as Stephens prints them', () => {
		near(kuiperTail(1.62), 0.1, 5e-4);
		near(kuiperTail(1.747), 0.05, 1e-4);
		near(kuiperTail(2.001), 0.01, 5e-5);
		assert.equal(kuiperTail(0), 1);
	});

	it('is that of astropy.stats.kuiper_false_positive_probability, which takes another correction', () => {
		near(kuiperPValue(0.1, 800, 800), 0.008900941727784984, 1e-4);
		near(kuiperPValue(0.05, 4000, 4000), 0.0016222908235132864, 1e-5);
		near(kuiperPValue(0.2, 400, 300), 4.4071330957208455e-5, 3e-6);
	});
});
