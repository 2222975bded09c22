import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ksDistance } from '../../stats/kolmogorovSmirnov.ts';
import { normalCdf } from '../../stats/normal.ts';
import { createRandom } from '../../stats/random.ts';
import { balancedInterval } from './cramersV.ts';
import { distanceInterval, rowsToTell } from './effectInterval.ts';

const random = createRandom(4, 'effectInterval.test');
const rounds = 400;
/** Three deviations of a share of 0.95 below it. */
const least = 0.95 - 3 * Math.sqrt((0.95 * 0.05) / rounds);

describe('distanceInterval', () => {
	it('covers the true distance of two normal distributions', () => {
		for (const [shift, n, m] of [
			[0, 200, 200],
			[0.3, 200, 900],
			[1, 60, 60],
		] as const) {
			// The functions of two normals of one width lie furthest apart in the middle between them.
			const truth = 2 * normalCdf(shift / 2) - 1;
			let covered = 0;
			for (let round = 0; round < rounds; round++) {
				const one = Float64Array.from({ length: n }, () => random.normal()).sort();
				const other = Float64Array.from({ length: m }, () => random.normal() + shift).sort();
				const { low, high } = distanceInterval(ksDistance(one, other), { reference: n, current: m });
				covered += +(low <= truth && truth <= high);
			}
			assert.ok(covered / rounds >= least, `${covered} of ${rounds} at ${shift}`);
		}
	});

	it('says how many rows give a distance a p-value', () => {
		// 1.3581 is the 95 % point of Kolmogorov's distribution: 1.3581 * sqrt(2 / n) = 0.2 at n = 92.2.
		assert.equal(rowsToTell({ law: 'kolmogorov', distance: 0.2, memory: 1 }, 0.05), 93);
		assert.equal(rowsToTell({ law: 'kolmogorov', distance: 0.2, memory: 10 }, 0.05), 923);
		// 3.8415 is the 95 % point of chi-square with one degree: 1 + 0.01 N = 3.8415 at N = 284 in both samples.
		assert.equal(rowsToTell({ law: 'chi_square', perRow: 0.01, degrees: 1, memory: 1 }, 0.05), 143);
	});
});

describe('balancedInterval', () => {
	it('covers the true V of two sets of categories', () => {
		for (const [p, q, n, m] of [
			[[0.5, 0.5], [0.5, 0.5], 300, 300],
			[[0.5, 0.5], [0.35, 0.65], 200, 2000],
			[[0.4, 0.3, 0.2, 0.1], [0.2, 0.3, 0.2, 0.3], 400, 400],
		] as const) {
			const truth = Math.sqrt(
				p.reduce((sum, share, k) => sum + (share - (q[k] ?? 0)) ** 2 / (2 * (share + (q[k] ?? 0))), 0),
			);
			const draw = (shares: readonly number[], rows: number) => {
				const counts = new Uint32Array(shares.length);
				for (let row = 0; row < rows; row++) {
					let [left, k] = [random.next(), 0];
					while (k < shares.length - 1 && left >= (shares[k] as number)) left -= shares[k++] as number;
					counts[k] = (counts[k] as number) + 1;
				}
				return counts;
			};
			let covered = 0;
			for (let round = 0; round < rounds; round++) {
				const { low, high } = balancedInterval(draw(p, n), draw(q, m));
				covered += +(low <= truth && truth <= high);
			}
			assert.ok(covered / rounds >= least, `${covered} of ${rounds} at ${truth}`);
		}
	});
});
