import assert from 'node:assert/strict';
import { type Column, numberColumn, stringColumn, type Table, tableOf } from '../../data/table.ts';
import type { PrepareSection } from '../../protocol/project/prepare.ts';
import { namesRows } from './columnFacts.ts';
import { applyPreparation, featureNames, fitPreparation, inputColumns } from './preparation.ts';
import type { PreparationSpec } from './preparationPlan.ts';

/** Twelve rows; the column beside it keeps the table usable. */
const rows = 12;
const spread = numberColumn('spread', [1, 5, 2, 9, 4, 7, 3, 8, 6, 11, 10, 12.5]);
const repeat = <T>(...values: T[]): T[] => Array.from({ length: rows }, (_, row) => values[row % values.length] as T);

function prepared(columns: Column[], spec: Partial<PreparationSpec> = {}) {
	const table: Table = tableOf([spread, ...columns]);
	const { preparation, warnings } = fitPreparation(table, { prepare: [], ...spec });
	const matrix = applyPreparation(preparation, table);
	const features = Object.fromEntries(
		featureNames(preparation).map((name, index) => [name, [...(matrix.columns[index] ?? [])]]),
	);
	return { preparation, warnings, features };
}

const encode = (column: string, min_count = 1): PrepareSection => [
	{ encode: { columns: [column], as: 'one_hot', min_count } },
];
const impute = (column: string, fill: 'median' | 'mean' | number): PrepareSection => [
	{ impute: { columns: [column], with: fill } },
];

describe('preparation', () => {
	it('fills nulls with the median, the mean or a constant, as asked', () => {
		// 1, 2, 6, null three times over: median 2, mean 3.
		const holes = numberColumn('x', repeat<number | null>(1, 2, 6, null));
		assert.deepEqual(prepared([holes]).features['x'], repeat(1, 2, 6, 2));
		assert.deepEqual(prepared([holes], { prepare: impute('x', 'mean') }).features['x'], repeat(1, 2, 6, 3));
		assert.deepEqual(prepared([holes], { prepare: impute('x', -1) }).features['x'], repeat(1, 2, 6, -1));
	});

	it('takes booleans as 0 and 1', () => {
		assert.deepEqual(prepared([numberColumn('b', repeat(0, 1), 'boolean')]).features['b'], repeat(0, 1));
	});

	it('makes a feature of each category, the most frequent first; null and unknown text are 0 in all', () => {
		const { preparation, features } = prepared([stringColumn('c', repeat('a', 'b', 'b', null))]);
		assert.deepEqual(Object.keys(features), ['spread', 'c=b', 'c=a']);
		assert.deepEqual([features['c=b'], features['c=a']], [repeat(0, 1, 1, 0), repeat(1, 0, 0, 0)]);
		const fresh = tableOf([numberColumn('spread', [1, 2, 3]), stringColumn('c', ['new', '', 'a'])]);
		assert.deepEqual(
			applyPreparation(preparation, fresh)
				.columns.slice(1)
				.map((column) => [...column]),
			[
				[0, 0, 0],
				[0, 0, 1],
			],
		);
	});

	it('lets rare and unknown categories share a column where min_count asks for it', () => {
		const words = repeat<string | null>('a', 'a', 'a', 'b', 'b', 'c', null, 'a', 'a', 'a', 'a', 'a');
		const { preparation, features } = prepared([stringColumn('c', words)], { prepare: encode('c', 2) });
		assert.deepEqual(Object.keys(features), ['spread', 'c=a', 'c=b', 'c=…']);
		assert.deepEqual(
			features['c=…'],
			words.map((word) => +(word === 'c')),
		);
		const fresh = tableOf([numberColumn('spread', [1, 2]), stringColumn('c', ['new', null])]);
		assert.deepEqual([...(applyPreparation(preparation, fresh).columns[3] ?? [])], [1, 0]);
	});

	it('encodes numbers where it is told to, by the text that they are written as', () => {
		const { features, preparation } = prepared([numberColumn('n', repeat<number | null>(10, 2.5, null))], {
			prepare: encode('n'),
		});
		assert.deepEqual(Object.keys(features), ['spread', 'n=10', 'n=2.5']);
		assert.deepEqual(features['n=10'], repeat(1, 0, 0));
		assert.deepEqual(inputColumns(preparation), ['spread', 'n']);
	});

	it('leaves out what cannot be learned from, and names it', () => {
		const left: [Column, RegExp][] = [
			[numberColumn('a', repeat(3)), /"a" is left out: it is 3 in every row/],
			[numberColumn('b', repeat<number | null>(null)), /"b" is left out: it is empty/],
			[numberColumn('c', repeat<number | null>(3, null)), /"c" is left out: it is 3/],
			[numberColumn('d', repeat(1e12, 2e12), 'timestamp'), /"d" is left out: it holds a timestamp/],
			[numberColumn('e', repeat(864e5, 0), 'date'), /"e" is left out: it holds a date/],
			[
				numberColumn(
					'row',
					Array.from({ length: rows }, (_, row) => row + 100),
					'integer',
				),
				/"row" .* counts the rows/,
			],
			[
				numberColumn(
					'user_id',
					[...spread.values].map((value) => Math.round(value * 7)),
					'integer',
				),
				/"user_id" .* identifies/,
			],
			[stringColumn('f', repeat('x')), /"f" is left out: it is "x" in every row/],
			[stringColumn('g', repeat<string | null>(null, '')), /"g" is left out: it is empty/],
			[
				stringColumn(
					'h',
					Array.from({ length: rows }, (_, row) => `name ${row}`),
				),
				/"h" .* identifies the rows/,
			],
			[stringColumn('i', repeat('{}', '{"a":1}'), 'other'), /"i" is left out: it holds nested values/],
		];
		for (const [column, reason] of left) {
			const { features, warnings } = prepared([column]);
			assert.deepEqual(Object.keys(features), ['spread'], column.name);
			assert.equal(warnings.length, 1);
			assert.match(warnings[0] ?? '', reason);
		}
	});

	it('encodes up to fifty values, and more only when told', () => {
		const words = (count: number) =>
			stringColumn(
				'w',
				Array.from({ length: 4 * count }, (_, row) => `w${row % count}`),
			);
		const long = (count: number) =>
			tableOf([
				words(count),
				numberColumn(
					'n',
					Array.from({ length: 4 * count }, (_, row) => row % 7),
				),
			]);
		assert.equal(featureNames(fitPreparation(long(50), { prepare: [] }).preparation).length, 51);
		const many = fitPreparation(long(51), { prepare: [] });
		assert.deepEqual(featureNames(many.preparation), ['n']);
		assert.match(many.warnings[0] ?? '', /text of 51 values/);
		assert.equal(featureNames(fitPreparation(long(51), { prepare: encode('w') }).preparation).length, 52);
		assert.throws(() => fitPreparation(long(1001), { prepare: encode('w') }), {
			code: 'invalid_config',
			message: /1001/,
		});
	});

	it('names the cell that made text of a column of numbers', () => {
		const almost = stringColumn(
			'x',
			Array.from({ length: rows }, (_, row) => (row === 7 ? 'oops' : `${row}.5`)),
		);
		assert.deepEqual(prepared([almost]).warnings, [
			'Column "x" is left out: it is text, for 1 of its 12 values are no numbers, such as "oops".',
		]);
	});

	it('leaves out text with zero bytes, which the runtime cuts off', () => {
		const zeros = stringColumn('x', repeat('a', 'a\0b'));
		for (const prepare of [[], encode('x')]) {
			assert.match(prepared([zeros], { prepare }).warnings.join(), /"x" is left out: .*zero bytes/);
		}
	});

	it('keeps an id that was asked for, and one whose values repeat', () => {
		const id = numberColumn(
			'id',
			Array.from({ length: rows }, (_, row) => row),
			'integer',
		);
		assert.ok('id' in prepared([id], { columns: ['spread', 'id'] }).features);
		assert.ok('user_id' in prepared([numberColumn('user_id', repeat(1, 2, 3), 'integer')]).features);
	});

	it('takes what float32 would blur in double, counted from its median', () => {
		// Seconds since 1970: neighbours in float32 are 128 apart.
		const start = 1_700_000_000;
		const seconds = Array.from(spread.values, (value) => start + value * 8);
		const { preparation, features } = prepared([numberColumn('ts', seconds), numberColumn('n', seconds, 'integer')]);
		assert.deepEqual(
			preparation.numbers.map(({ column, input }) => [column, input]),
			[
				['spread', 'float'],
				['ts', 'double'],
				['n', 'double'],
			],
		);
		assert.equal(new Set(features['ts']).size, rows);
		// The median of spread is (6 + 7) / 2, and the first value is 1.
		assert.equal(features['ts']?.[0], (1 - 6.5) * 8);
	});

	it('brings what lies beyond float32 to its greatest value, as trees cannot cut at infinity', () => {
		const { preparation, features } = prepared([numberColumn('far', repeat(1, 1, 1e300, -1e300))]);
		assert.deepEqual(
			preparation.numbers.map(({ column, input }) => [column, input]),
			[
				['spread', 'float'],
				['far', 'double'],
			],
		);
		assert.deepEqual(features['far']?.slice(0, 4), [0, 0, 3.4028234663852886e38, -3.4028234663852886e38]);
	});

	it('leaves target, key, time and excluded columns alone', () => {
		const columns = ['y', 'k', 't', 'e'].map((name) => numberColumn(name, repeat(1, 2)));
		const { features, warnings } = prepared(columns, { target: 'y', key: 'k', time: 't', exclude: ['e'] });
		assert.deepEqual([Object.keys(features), warnings], [['spread'], []]);
	});

	it('names the field of perch.yaml that does not fit', () => {
		const wrong: [Partial<PreparationSpec>, string, string][] = [
			[{ columns: ['nope'] }, 'unknown_column', 'data.columns'],
			[{ exclude: ['nope'] }, 'unknown_column', 'data.exclude'],
			[{ target: 'nope' }, 'unknown_column', 'data.target'],
			[{ prepare: impute('nope', 1) }, 'unknown_column', 'prepare[0].impute.columns'],
			[{ prepare: [...impute('spread', 1), ...encode('nope')] }, 'unknown_column', 'prepare[1].encode.columns'],
			[{ prepare: impute('c', 'median') }, 'invalid_config', 'prepare[0].impute.columns'],
			[{ prepare: [...impute('spread', 1), ...encode('spread')] }, 'invalid_config', 'prepare[1].encode.columns'],
		];
		for (const [spec, code, field] of wrong) {
			assert.throws(
				() => prepared([stringColumn('c', repeat('a', 'b'))], spec),
				(error: { code: string; detail: { field: string } }) => error.code === code && error.detail.field === field,
				field,
			);
		}
	});

	it('refuses data without a usable column, saying why', () => {
		const table = tableOf([numberColumn('a', repeat(1)), stringColumn('b', repeat('x'))]);
		assert.throws(() => fitPreparation(table, { prepare: [] }), { code: 'invalid_data', message: /"a".*"b"/ });
	});

	it('knows the names that people give to row numbers', () => {
		const ids = [
			'id',
			'ID',
			'user_id',
			'userId',
			'Trip ID',
			'id_client',
			'uuid',
			'__index_level_0__',
			'Unnamed: 0',
			'row_index',
		];
		const others = ['liquid', 'humidity', 'paid', 'heat_index', 'covid', 'PULocationID_count', 'no2', 'rows'];
		assert.deepEqual(
			ids.filter((name) => !namesRows(name)),
			[],
		);
		assert.deepEqual(others.filter(namesRows), []);
	});
});
