import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { countByCuts, decileCuts, floatBelow } from './deciles.ts';
import { jensenShannon } from './jensenShannon.ts';
import { populationStability } from './psi.ts';

/** The samples behind the values below: a is 0 to 9.99 evenly, b reaches 11.1. */
const a = Float64Array.from({ length: 400 }, (_, i) => ((7919 * i) % 1000) / 100).sort();
const b = Float64Array.from({ length: 300 }, (_, i) => ((6151 * i) % 1000) / 90).sort();
const near = (value: number, expected: number, within = 1e-12) =>
	assert.ok(Math.abs(value - expected) < within, `${value}, not ${expected}`);

describe('decileCuts', () => {
	it('cuts the reference into tenths', () => {
		const cuts = decileCuts(a);
		assert.deepEqual([...countByCuts(a, cuts)], Array(10).fill(40));
		assert.equal(
			countByCuts(b, cuts).reduce((sum, count) => sum + count),
			300,
		);
	});

	it('gives a value that fills a tenth or more a bin of its own', () => {
		const sorted = Float64Array.from({ length: 100 }, (_, i) => (i < 70 ? 5 : i));
		const cuts = decileCuts(sorted);
		assert.deepEqual([...countByCuts(sorted, cuts)], [0, 70, 0, 10, 10, 10].slice(0, cuts.length + 1));
		assert.equal(countByCuts(Float64Array.of(4.999, 5, 5.001), cuts)[1], 1);
	});

	it('cuts a constant into below, at and above', () => {
		const cuts = decileCuts(new Float64Array(50).fill(3));
		assert.deepEqual([...countByCuts(Float64Array.of(1, 3, 3, 4), cuts)], [1, 2, 1]);
	});
});

describe('floatBelow', () => {
	it('is the next double down', () => {
		assert.equal(floatBelow(1), 1 - 2 ** -53);
		assert.equal(floatBelow(0), -Number.MIN_VALUE);
		assert.equal(floatBelow(-1), -1 - 2 ** -52);
	});
});

describe('populationStability', () => {
	it('gives the values of numpy on deciles of the reference and on categories', () => {
		const cuts = decileCuts(a);
		near(populationStability(countByCuts(a, cuts), countByCuts(b, cuts)), 0.06777080298865083);
		near(populationStability([134, 67, 133, 66], [88, 66, 83, 63]), 0.04096396085, 1e-10);
	});

	it('gives Evidently’s value on Evidently’s bins, an empty share as 0.0001', () => {
		const [reference, current] = [
			[41, 40, 41, 38, 41, 40, 40, 41, 41, 37, 0],
			[28, 28, 27, 27, 27, 27, 27, 27, 27, 27, 28],
		];
		near(populationStability(reference, current), 0.6478680514734776);
	});
});

describe('jensenShannon', () => {
	it('gives the values of scipy.spatial.distance.jensenshannon', () => {
		near(jensenShannon([134, 67, 133, 66], [88, 66, 83, 63]), 0.07147996014, 1e-10);
		const [reference, current] = [
			[41, 40, 41, 38, 41, 40, 40, 41, 41, 37, 0],
			[28, 28, 27, 27, 27, 27, 27, 27, 27, 27, 28],
		];
		near(jensenShannon(reference, current), 0.18338361112049983);
	});

	it('is √ln 2 where nothing is shared', () => {
		near(jensenShannon([10, 0], [0, 7]), Math.sqrt(Math.log(2)));
	});
});
