import assert from 'node:assert/strict';
import { type Column, numberColumn, stringColumn, type Table, tableOf } from '../table.ts';
import { checkDerivation, type Derivation, deriveTable } from './derive.ts';

const minute = 60_000;
const trips = tableOf([
	numberColumn('pickup', [0, 5 * minute, 10 * minute, Number.NaN], 'timestamp'),
	numberColumn('dropoff', [30 * minute, 5.5 * minute, 100 * minute, minute], 'timestamp'),
	stringColumn('area type', ['a', 'b', null, 'c']),
	numberColumn('rooms', [1, 2, 3, 4], 'integer'),
	numberColumn('new', [1, 0, 1, 0], 'boolean'),
]);
const duration = { duration: "date_diff('second', pickup, dropoff) / 60" };

const cells = (column: Column | undefined): unknown[] =>
	column === undefined
		? []
		: column.kind === 'number'
			? Array.from(column.values, (value) => (Number.isNaN(value) ? null : value))
			: Array.from(column.codes, (code) => column.dictionary[code] ?? null);
const named = (table: Table, name: string) => table.columns.find((column) => column.name === name);

const derived = (derivation: Partial<Derivation>, table = trips) => deriveTable(table, { derive: {}, ...derivation });

async function refused(derivation: Partial<Derivation>): Promise<{ code: string; message: string; field: string }> {
	return await derived(derivation).then(
		() => assert.fail('was not refused'),
		(error: { code: string; message: string; detail: { field: string } }) => ({
			code: error.code,
			message: error.message,
			field: error.detail.field,
		}),
	);
}

describe('derived columns and filters', () => {
	it('adds columns of every type, later ones of earlier ones, and leaves the others as they are', async () => {
		const { table, kept, replaced } = await derived({
			derive: {
				...duration,
				hours: 'duration / 60',
				kind: `upper("area type") || '!' -- a remark`,
				big: 'rooms > 2 AND new',
				month: "date_trunc('month', dropoff)",
				double_rooms: 'rooms * 2',
			},
		});
		assert.deepEqual([kept, replaced], [null, []]);
		assert.deepEqual(table.columns.slice(0, 5), trips.columns);
		assert.deepEqual(
			table.columns.slice(5).map((column) => [column.name, column.type, cells(column)]),
			[
				['duration', 'double', [30, 0.5, 90, null]],
				['hours', 'double', [0.5, 0.5 / 60, 1.5, null]],
				['kind', 'string', ['A!', 'B!', null, 'C!']],
				['big', 'boolean', [0, 0, 1, 0]],
				['month', 'timestamp', [0, 0, 0, 0]],
				['double_rooms', 'integer', [2, 4, 6, 8]],
			],
		);
	});

	it('takes the rows of which the filter is true, in their order, and says which they were', async () => {
		const { table, kept } = await derived({ derive: duration, filter: 'duration BETWEEN 1 AND 100' });
		assert.deepEqual([...(kept ?? [])], [0, 2]);
		assert.deepEqual(cells(named(table, 'rooms')), [1, 3]);
		assert.deepEqual(cells(named(table, 'duration')), [30, 90]);
		assert.deepEqual(cells(named(table, 'area type')), ['a', null]);
		assert.equal((await derived({ filter: 'rooms > 0' })).kept, null);
		assert.deepEqual(await refused({ filter: 'rooms > 9' }), {
			code: 'empty_data',
			message: 'data.filter is true of none of the 4 rows.',
			field: 'data.filter',
		});
	});

	it('lets a derived column take the place of one that there is, and says so', async () => {
		const { table, replaced } = await derived({ derive: { rooms: 'rooms + 1', pickup: '1', doors: 'rooms' } });
		assert.deepEqual(replaced, ['pickup', 'rooms']);
		assert.deepEqual(
			table.columns.map(({ name }) => name),
			['pickup', 'dropoff', 'area type', 'rooms', 'new', 'doors'],
		);
		assert.deepEqual(cells(named(table, 'rooms')), [2, 3, 4, 5]);
		assert.deepEqual(cells(named(table, 'doors')), [2, 3, 4, 5]);
	});

	it('keeps rows in order where an expression looks at their neighbours', async () => {
		const { table } = await derived({ derive: { before: 'lag(rooms) OVER (ORDER BY rooms DESC)' } });
		assert.deepEqual(cells(named(table, 'before')), [2, 3, 4, null]);
	});

	it('knows the file of each row', async () => {
		const names = ['a_2024-01.csv', 'a_2024-01.csv', 'a_2024-02.csv', 'a_2024-02.csv'];
		const { table } = await deriveTable(
			trips,
			{ derive: { month: String.raw`regexp_extract(filename, '\d{4}-\d{2}')` } },
			{ fileOf: () => stringColumn('filename', names) },
		);
		assert.deepEqual(cells(named(table, 'month')), ['2024-01', '2024-01', '2024-02', '2024-02']);
		assert.equal(named(table, 'filename'), undefined);
	});

	it('reads large tables as they are', async () => {
		const rows = 10_000;
		const numbers = Float64Array.from({ length: rows }, (_, row) => row);
		const table = tableOf([
			numberColumn('x', numbers, 'integer'),
			stringColumn(
				'w',
				Array.from(numbers, (value) => `w${value % 3}`),
			),
		]);
		const made = await derived({ derive: { y: 'x * x' }, filter: "w = 'w1'" }, table);
		assert.equal(made.table.rows, 3333);
		assert.ok(cells(named(made.table, 'y')).every((value, index) => value === (3 * index + 1) ** 2));
	});

	it('refuses what is no expression of the row, naming the field', async () => {
		const wrong: [string, RegExp][] = [
			['rooms +', /"rooms \+" is no expression: syntax error/],
			['1), (2', /is more than one expression/],
			['1) FROM rows WHERE (rooms > 1', /is no expression|more than one/],
			['rooms) FROM rows; SELECT (1', /is no expression|more than one/],
			["(SELECT content FROM read_text('/etc/passwd'))", /holds a subquery/],
			["rooms IN (SELECT 1 FROM 'other.csv')", /holds a subquery/],
			['EXISTS (FROM duckdb_settings())', /holds a subquery/],
			['COLUMNS(*)', /takes all columns at once/],
			['random()', /calls random\(\), which answers differently each time/],
			["NEXTVAL('s')", /calls nextval\(\)/],
			['now() - pickup', /calls now\(\)/],
			['current_date', /there is no column "current_date"/],
			['bedrooms', /there is no column "bedrooms"/],
			["read_text('/etc/passwd')", /read_text/],
			['upper(rooms, 1)', /data\.derive\.d: /],
			['sum(rooms)', /data\.derive\.d: /],
		];
		for (const [sql, message] of wrong) {
			const error = await refused({ derive: { d: sql } });
			assert.equal(error.code, 'invalid_config', sql);
			assert.match(error.message, message, sql);
			assert.equal(error.field, 'data.derive.d');
		}
		await assert.rejects(checkDerivation({ derive: {}, filter: 'rooms >' }), {
			code: 'invalid_config',
			message: /^data\.filter: "rooms >" is no expression/,
		});
		await checkDerivation({ derive: { d: 'list_sum(list_transform([1, 2], lambda v: v + rooms))' } });
		const error = await refused({ derive: { d: `"area type"::INTEGER` } });
		assert.deepEqual([error.code, error.field], ['invalid_data', 'data.derive.d']);
		assert.match(error.message, /'a'/);
	});
});
