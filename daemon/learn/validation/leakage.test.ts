import assert from 'node:assert/strict';
import { numberColumn, stringColumn, tableOf, takeRows } from '../../data/table.ts';
import { createRandom } from '../../stats/random.ts';
import { readTarget } from '../target.ts';
import { sharedRows, tellingColumns, timeMixed } from './leakage.ts';

const count = 1000;
const random = createRandom('leakage.test');
const cause = Float64Array.from({ length: count }, () => random.normal());
const price = cause.map((value) => 3 * value + random.normal());
const kind = [...price].map((value) => (value > 1 ? 'dear' : 'cheap'));
const table = tableOf([
	numberColumn('cause', cause),
	numberColumn(
		'in cents',
		price.map((value, row) => (row % 5 === 0 ? Number.NaN : Math.exp(value / 2))),
	),
	stringColumn(
		'label',
		[...kind].map((word) => `it is ${word}`),
	),
	numberColumn('price', price),
	stringColumn('kind', kind),
]);
const places = Uint32Array.from({ length: count }, (_, row) => row);
const parts = { train: places.slice(0, 700), test: places.slice(700) };
const named = (warnings: readonly string[]) => warnings.map((warning) => /"([^"]*)"/.exec(warning)?.[1]);

describe('leakage', () => {
	it('names a column that is the target in other words, and not one that merely explains it', () => {
		// The cause explains 9 of 10 parts of the variance.
		const ofNumber = tellingColumns(table, readTarget(table, 'price', undefined), parts, [
			'cause',
			'in cents',
			'label',
		]);
		assert.deepEqual(named(ofNumber), []);
		const without = tableOf([
			numberColumn('cause', cause),
			numberColumn(
				'in cents',
				price.map((value) => Math.exp(value / 2)),
			),
			numberColumn('price', price),
		]);
		const target = readTarget(without, 'price', undefined);
		assert.deepEqual(named(tellingColumns(without, target, parts, ['cause', 'in cents'])), ['in cents']);
		const ofClass = tellingColumns(table, readTarget(table, 'kind', undefined), parts, ['cause', 'label', 'price']);
		assert.deepEqual(named(ofClass), ['label', 'price']);
	});

	it('counts rows that are on both sides, by their words and not by their codes', () => {
		const repeated = takeRows(
			table,
			Uint32Array.from({ length: 400 }, (_, row) => row % 390),
		);
		const rows = Uint32Array.from({ length: 400 }, (_, row) => row);
		const [learned, held] = [rows.slice(0, 300), rows.slice(300)];
		const columns = ['cause', 'in cents', 'label', 'price'];
		const [warning = ''] = sharedRows({ table: repeated, rows: learned }, { table: repeated, rows: held }, columns);
		assert.match(warning, /^10 of the 100 rows measured with stand among those learned from too/);
		assert.deepEqual(sharedRows({ table, rows: parts.train }, { table, rows: parts.test }, columns), []);
		const other = tableOf([stringColumn('word', ['b', 'a', null])]);
		const again = tableOf([stringColumn('word', ['a', null, 'c'])]);
		const all = Uint32Array.of(0, 1, 2);
		const [said = ''] = sharedRows({ table: other, rows: all }, { table: again, rows: all }, ['word']);
		assert.match(said, /^2 of the 3 rows/);
	});

	it('asks for a split by time where there is a time', () => {
		const timed = tableOf([numberColumn('sold', [1, 2, 3], 'timestamp'), numberColumn('price', [1, 2, 3])]);
		assert.match(timeMixed(timed, 'random', { target: 'price' }).join(), /"sold" holds times .* name it in data\.time/);
		assert.match(timeMixed(timed, 'stratified', { time: 'sold' }).join(), /data\.time is "sold" .* by class/);
		assert.deepEqual(timeMixed(timed, 'time', { time: 'sold' }), []);
		assert.deepEqual(timeMixed(timed, 'random', { target: 'sold' }), []);
	});
});
