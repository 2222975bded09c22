import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type Column, numberColumn, stringColumn, type Table, tableOf } from '../../data/table.ts';
import { createRandom } from '../../stats/random.ts';
import { chanceOf, findMultivariate, intervalOf } from './multivariate.ts';

const random = createRandom(23, 'multivariate.test');
const bell = (n: number, mean = 0) => Array.from({ length: n }, () => mean + random.normal());

/** Three columns of numbers, one of them with missing values, and one of text. */
function table(n: number, moved: number, nights: number): Table {
	const columns: Column[] = [
		numberColumn('calm', bell(n)),
		numberColumn('moved', bell(n, moved)),
		numberColumn(
			'gappy',
			bell(n).map((value) => (random.next() < 0.1 ? Number.NaN : value)),
		),
		stringColumn(
			'shift',
			Array.from({ length: n }, () => (random.next() < nights ? 'night' : 'day')),
		),
	];
	return tableOf(columns);
}
const names = ['calm', 'moved', 'gappy', 'shift'];

describe('all columns together', () => {
	it('gives the standard error of Hanley and McNeil', () => {
		// Their example has 51 positives and 58 negatives with an area of 0.893; by hand Q1 = 0.80668, Q2 = 0.84252, and the
		// standard error is √((0.09555 + 50 · 0.00923 + 57 · 0.04507) / 2958) = 0.0325.
		const { low } = intervalOf(0.893, { reference: 58, current: 51 });
		assert.ok(Math.abs((0.893 - low) / 1.96 - 0.0325) < 5e-5);
		// An area of 0.75 of 10 and 10: z = 0.25 / √(21 / 1200) = 1.8898, with a tail of 0.0294.
		assert.ok(Math.abs(chanceOf(0.75, { reference: 10, current: 10 }) - 0.0294) < 5e-5);
	});

	it('tells samples apart, and names what gives them away', () => {
		const found = findMultivariate(names, table(2000, 0, 0.3), table(1500, 0.5, 0.5), null);
		assert.equal(found?.drift, true);
		assert.deepEqual(
			found.columns.slice(0, 2).map(({ column }) => column),
			['moved', 'shift'],
		);
		// Two bells half a deviation apart have an area of Φ(0.5 / √2) = 0.638.
		assert.ok(Math.abs((found.columns[0]?.auc ?? 0) - 0.638) < 0.04);
		assert.ok(found.interval !== null && found.auc !== null && found.interval.low > 0.55 && found.auc > 0.62);
	});

	it('is rarely wrong where nothing drifted', () => {
		let drifted = 0;
		for (let round = 0; round < 50; round++) {
			drifted += +(findMultivariate(names, table(300, 0, 0.3), table(300, 0, 0.3), null)?.drift === true);
		}
		assert.ok(drifted <= 3, `${drifted} of 50`);
	});

	it('says that it cannot tell from few rows, and nothing of a single column', () => {
		const few = findMultivariate(names, table(60, 0, 0.3), table(500, 1, 0.3), null);
		assert.equal(few?.drift, null);
		assert.match(few.reason ?? '', /Too few rows/);
		assert.equal(findMultivariate(['calm'], table(500, 0, 0.3), table(500, 1, 0.3), null), null);
	});
});
