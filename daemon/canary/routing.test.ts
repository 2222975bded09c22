import assert from 'node:assert/strict';
import fc from 'fast-check';
import { armOfDraw, armOfKey, bucketOf, keyDigest, saltId } from './routing.ts';

const shares = fc.double({ min: 0, max: 1, noNaN: true });
const keys = Array.from({ length: 50_000 }, (_, index) => `user-${index}`);

describe('routing', () => {
	it('takes the first four bytes of SHA-256 of salt:key', () => {
		// printf 's:a' | sha256sum, and so on
		assert.equal(bucketOf('s', 'a'), 0xd4315d83);
		assert.equal(bucketOf('perch', 'user-42'), 0x03d8e653);
		assert.equal(bucketOf('perch', 'é'), 0x25167a1d);
		assert.equal(keyDigest('user-42'), '6d894aa3ee802549');
		assert.equal(saltId('s:a'), 'd4315d83');
	});

	it('keeps a key with its arm', () => {
		fc.assert(
			fc.property(fc.string(), fc.string(), shares, (key, salt, share) => {
				assert.equal(armOfKey(key, salt, share), armOfKey(key, salt, share));
			}),
		);
	});

	it('lets a growing share only add keys to the candidate', () => {
		fc.assert(
			fc.property(fc.string(), fc.string(), shares, shares, (key, salt, one, other) => {
				const [less, more] = one < other ? [one, other] : [other, one];
				if (armOfKey(key, salt, less) === 'candidate') assert.equal(armOfKey(key, salt, more), 'candidate');
			}),
		);
	});

	it('holds the shares 0 and 1 exactly', () => {
		fc.assert(
			fc.property(fc.string(), fc.string(), (key, salt) => {
				assert.equal(armOfKey(key, salt, 0), 'baseline');
				assert.equal(armOfKey(key, salt, 1), 'candidate');
			}),
		);
		for (const draw of [0, 0.5, 1 - Number.EPSILON]) {
			assert.equal(armOfDraw(draw, 0), 'baseline');
			assert.equal(armOfDraw(draw, 1), 'candidate');
		}
	});

	it('comes within three standard deviations of the share', () => {
		for (const share of [0.01, 0.1, 0.5, 0.9]) {
			const candidates = keys.filter((key) => armOfKey(key, 'a salt', share) === 'candidate').length;
			const bound = 3 * Math.sqrt((share * (1 - share)) / keys.length);
			assert.ok(Math.abs(candidates / keys.length - share) <= bound, `${candidates} at ${share}`);
		}
	});

	it('fills 1,000 buckets evenly', () => {
		const counts = new Float64Array(1000);
		for (const key of keys) {
			const bucket = Math.floor((bucketOf('even', key) / 2 ** 32) * 1000);
			counts[bucket] = (counts[bucket] as number) + 1;
		}
		const expected = keys.length / counts.length;
		const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
		// The 0.9999 quantile of chi-square with 999 degrees of freedom is 1169.7 (SciPy chi2.ppf).
		assert.ok(chiSquare < 1169.7, String(chiSquare));
	});

	it('deals keys anew under another salt', () => {
		let both = 0;
		let first = 0;
		let second = 0;
		for (const key of keys) {
			const one = +(armOfKey(key, 'one', 0.3) === 'candidate');
			const two = +(armOfKey(key, 'two', 0.3) === 'candidate');
			first += one;
			second += two;
			both += one & two;
		}
		// Chi-square of independence in the 2 x 2 table, one degree of freedom: 15.137 is its 0.9999 quantile.
		const n = keys.length;
		const chiSquare = (n * (both * n - first * second) ** 2) / (first * (n - first) * second * (n - second));
		assert.ok(chiSquare < 15.137, String(chiSquare));
	});
});
