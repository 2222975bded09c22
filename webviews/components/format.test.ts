import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
	formatAge,
	formatCount,
	formatDigest,
	formatNumber,
	formatPercent,
	formatShare,
	formatTime,
	plural,
	timeTicks,
} from './format.ts';

describe('timeTicks', () => {
	it('says as much of a time as tells the places of an axis apart', () => {
		const at = (text: string) => new Date(text).getTime();
		const first = at('2026-03-01T14:05');
		const shown = (last: string) => timeTicks(first, at(last))(first);
		assert.deepEqual(
			[shown('2026-03-09T09:00'), shown('2026-03-03T00:00'), shown('2026-03-01T20:00')],
			['2026-03-01', '03-01 14:05', '14:05'],
		);
	});
});

describe('formatNumber', () => {
	it('shows four significant digits, and fewer where they are exact', () => {
		const shown: [number, string][] = [
			[0.84412345, '0.8441'],
			[0.88, '0.88'],
			[3.0001, '3.000'],
			[-0.512345, '-0.5123'],
			[0, '0'],
			[7200, '7,200'],
			[14_400.4, '14,400'],
			[0.0000123, '1.23e-5'],
			[12_345_678.9, '1.23e7'],
		];
		for (const [value, text] of shown) assert.equal(formatNumber(value), text);
	});

	it('has a sign for what is missing', () => {
		for (const value of [null, Number.NaN, Number.POSITIVE_INFINITY]) assert.equal(formatNumber(value), '–');
	});

	it('never changes a number by more than its last digit shown', () => {
		fc.assert(
			fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), (value) => {
				const read = Number(formatNumber(value).replaceAll(',', ''));
				assert.ok(Math.abs(read - value) <= Math.abs(value) * 5.01e-3);
			}),
		);
	});
});

describe('formatShare', () => {
	it('never reads as none or all where it is neither', () => {
		const shown: [number, string][] = [
			[0, '0 %'],
			[1, '100 %'],
			[0.0004, '< 0.1 %'],
			[0.9996, '> 99.9 %'],
			[0.03, '3.0 %'],
			[0.1234, '12.3 %'],
		];
		for (const [value, text] of shown) assert.equal(formatShare(value), text);
		assert.equal(formatShare(null), '–');
	});

	it('is short on an axis', () => {
		assert.equal(formatPercent(0.1), '10 %');
		assert.equal(formatPercent(0.005), '0.5 %');
	});
});

describe('formatAge', () => {
	it('uses the largest unit that fits', () => {
		const now = Date.UTC(2026, 5, 15);
		const hour = 3_600_000;
		assert.equal(formatAge(now - 59_000, now), 'just now');
		assert.equal(formatAge(now - 5 * hour, now), '5 hours ago');
		assert.equal(formatAge(now - 24 * hour, now), 'yesterday');
		assert.equal(formatAge(now - 70 * 24 * hour, now), '2 months ago');
	});
});

describe('the rest', () => {
	it('shows times to the minute, and none for a time that is none', () => {
		assert.equal(formatTime(new Date(2026, 2, 1, 4, 5).getTime()), '2026-03-01 04:05');
		assert.equal(formatTime(Number.NaN), '–');
	});

	it('counts and cuts', () => {
		assert.equal(formatCount(1234.6), '1,235');
		assert.equal(formatDigest('8c4f2e1a9b7d'), '8c4f2e1a');
		assert.equal(plural(1, 'version'), '1 version');
		assert.equal(plural(2000, 'request'), '2,000 requests');
	});
});
