import assert from 'node:assert/strict';
import fc from 'fast-check';
import { columnOf, type Table } from '../data/table.ts';
import { isPerchError } from '../protocol/errors.ts';
import { keyOf, parseRows, type RowForm, rowForm } from './parseRows.ts';

const plain: RowForm = {
	inputs: [
		{ name: 'a', type: 'float' },
		{ name: 'b', type: 'double' },
		{ name: 'text', type: 'string' },
		{ name: 'count', type: 'int64' },
	],
	openInput: null,
	series: null,
};
const floats: RowForm = {
	inputs: ['x', 'y'].map((name) => ({ name, type: 'float' as const })),
	openInput: null,
	series: null,
};
const windows: RowForm = {
	inputs: ['v_mean', 'v_max', 'w_mean', 'w_max'].map((name) => ({ name, type: 'float' as const })),
	openInput: null,
	series: {
		window: { size: 3, step: 5, features: ['mean', 'max'] },
		columns: ['v', 'w'].map((name) => ({ name, type: 'double' as const })),
	},
};

function cells(table: Table): unknown[][] {
	return table.columns.map((column) =>
		column.kind === 'number'
			? Array.from(column.values, (value) => (Number.isNaN(value) ? null : value))
			: Array.from(column.codes, (code) => column.dictionary[code] ?? null),
	);
}

function refused(
	body: unknown,
	form: RowForm,
): { message: string; field: string | undefined; hint: string | undefined } {
	try {
		parseRows(body, form);
	} catch (error) {
		assert.ok(isPerchError(error));
		assert.equal(error.code, 'invalid_data');
		return { message: error.message, field: error.detail.field, hint: error.detail.hint };
	}
	throw new Error('was not refused');
}

describe('rows of a request', () => {
	it('is the same table in every shape', () => {
		const table = cells(
			parseRows(
				{
					data: [
						[1, 2.5, 'u', 3],
						[null, null, null, 0],
					],
				},
				plain,
			).table,
		);
		assert.deepEqual(table, [
			[1, null],
			[2.5, null],
			['u', null],
			[3, 0],
		]);
		const objects = [
			{ count: 3, text: 'u', b: 2.5, a: 1, extra: {} },
			{ a: null, b: null, text: null, count: 0 },
		];
		for (const body of [
			[
				[1, 2.5, 'u', 3],
				[null, null, null, 0],
			],
			objects,
			{ data: objects },
			{ data: [[1, 2.5, 'u', 3], objects[1]] },
		]) {
			assert.deepEqual(cells(parseRows(body, plain).table), table);
		}
		assert.deepEqual(cells(parseRows(objects[0], plain).table), [[1], [2.5], ['u'], [3]]);
	});

	it('takes any floats, bit for bit', () => {
		fc.assert(
			fc.property(
				fc.array(
					fc.tuple(
						fc.float({ noNaN: true, noDefaultInfinity: true }),
						fc.option(fc.float({ noNaN: true, noDefaultInfinity: true })),
					),
					{ minLength: 1 },
				),
				(rows) => {
					const body = JSON.parse(JSON.stringify({ data: rows })) as unknown;
					const { table } = parseRows(body, floats);
					assert.equal(table.rows, rows.length);
					assert.deepEqual(
						cells(table),
						[rows.map(([x]) => x + 0), rows.map(([, y]) => (y === null ? null : y + 0))].map((column) =>
							column.map((value) => (Object.is(value, -0) ? 0 : value)),
						),
					);
				},
			),
		);
	});

	it('reads numbers and booleans as text where the model takes text, and booleans as numbers where it takes numbers', () => {
		assert.deepEqual(cells(parseRows([{ a: true, b: false, text: 5, count: true }], plain).table), [
			[1],
			[0],
			['5'],
			[1],
		]);
		assert.deepEqual(cells(parseRows([{ a: 0, b: 0, text: true, count: 0 }], plain).table)[2], ['true']);
	});

	it('names row, field, what was found and what would be right', () => {
		assert.deepEqual(
			refused(
				{
					data: [
						[1, 2, 'u', 3],
						['abc', 2, 'u', 3],
					],
				},
				plain,
			),
			{
				message: 'Row 2, "a": found "abc".',
				field: 'data[1].a',
				hint: 'Send a number of up to 3.4e38, or null.',
			},
		);
		assert.deepEqual(refused([{ a: 1, b: 2, text: 'u', count: 1.5 }], plain), {
			message: 'Row 1, "count": found 1.5.',
			field: '[0].count',
			hint: 'Send a whole number of up to 2^53.',
		});
		assert.deepEqual(refused({ a: 1, b: 2, text: 'u' }, plain), {
			message: 'The row has no "count".',
			field: 'count',
			hint: 'A row needs a, b, text, count; send null for a value that is not known.',
		});
		assert.match(refused({ data: [[1, 2]] }, plain).hint ?? '', /4 values: a, b, text, count, in this order/);
		assert.match(refused([[1, 2, 'u', 3], [1]], plain).message, /Row 2 has 1 value, the first has 4/);
	});

	it('refuses what no tensor holds', () => {
		const row = { a: 1, b: 2, text: 'u', count: 3 };
		for (const [field, value] of [
			['a', 1e39],
			['a', Number.POSITIVE_INFINITY],
			['b', Number.NEGATIVE_INFINITY],
			['count', null],
			['count', 2 ** 53],
			['text', {}],
			['text', [1]],
			['a', {}],
			['b', '1'],
		] as const) {
			assert.equal(refused([{ ...row, [field]: value }], plain).field, `[0].${field}`);
		}
	});

	it('refuses bodies that hold no rows', () => {
		for (const body of [undefined, null, 5, 'x', true, [], { data: [] }, [5], [null], { data: [[1, 2], 'x'] }]) {
			assert.notEqual(refused(body, floats).hint, undefined);
		}
		assert.match(refused({ data: { x: 1, y: 2 } }, floats).message, /no "x"/);
	});

	it('bounds the rows of one request', () => {
		assert.match(refused(new Array(100_001).fill([1, 2]), floats).message, /100001 rows/);
	});

	it('takes names that objects have of their own', () => {
		const form = rowForm({
			inputs: ['__proto__', 'constructor', 'length'].map((name) => ({ name, type: 'float' as const, width: 1 })),
			parse: [],
			window: null,
			columns: [],
		});
		const body = JSON.parse('[{"__proto__": 1, "constructor": 2, "length": 3}]') as unknown;
		assert.deepEqual(cells(parseRows(body, form).table), [[1], [2], [3]]);
		assert.match(refused([{ length: 3 }], form).message, /no "__proto__"/);
	});

	it('computes the windows of raw rows, and leaves out the rows before the first', () => {
		const raw = [
			[1, 10],
			[2, 20],
			[6, 30],
			[4, null],
		];
		for (const body of [{ data: raw }, raw.map(([v, w]) => ({ v, w, time: 'later' }))]) {
			const { rows, table, origin } = parseRows(body, windows);
			assert.equal(rows, 4);
			assert.deepEqual(Array.from(origin ?? []), [2, 3]);
			// Means of 1, 2, 6 and of 2, 6, 4; the null is left out of its window.
			assert.deepEqual(cells(table), [
				[3, 4],
				[6, 6],
				[20, 25],
				[30, 30],
			]);
		}
		const few = parseRows({ data: raw.slice(0, 2) }, windows);
		assert.equal(few.table.rows, 0);
		assert.equal(few.rows, 2);
	});

	it('takes ready features of a model of windows too', () => {
		const { table, origin } = parseRows({ data: [[3, 6, 20, 30]] }, windows);
		assert.equal(origin, null);
		assert.deepEqual(cells(table), [[3], [6], [20], [30]]);
		assert.deepEqual(cells(parseRows({ v_mean: 3, v_max: 6, w_mean: 20, w_max: 30, v: 1 }, windows).table), [
			[3],
			[6],
			[20],
			[30],
		]);
		assert.match(refused({ data: [[1, 2, 3]] }, windows).hint ?? '', /raw rows of one series: v, w, in this order/);
	});

	it('spreads an input of several columns over bare rows', () => {
		const form = rowForm({
			inputs: [{ name: 'float_input', type: 'float', width: 3 }],
			window: null,
			columns: [],
			parse: [],
		});
		assert.deepEqual(
			form.inputs.map(({ name }) => name),
			['float_input_0', 'float_input_1', 'float_input_2'],
		);
		assert.equal(parseRows([[1, 2, 3]], form).table.columns.length, 3);
		const open = rowForm({ inputs: [{ name: 'x', type: 'float', width: null }], window: null, columns: [], parse: [] });
		const { table } = parseRows(
			[
				[1, 2],
				[3, 4],
			],
			open,
		);
		assert.deepEqual(cells(table), [
			[1, 3],
			[2, 4],
		]);
		assert.match(refused([[1, 2], [3]], open).message, /Row 2 has 1 value/);
		assert.match(refused([{ x: 1 }], open).hint ?? '', /data/);
	});

	it('finds the key of a caller in the first row', () => {
		assert.equal(keyOf({ data: [{ user: 7, x: 1 }] }, 'user', floats), '7');
		assert.equal(keyOf([[1, 2]], 'y', floats), '2');
		assert.equal(keyOf([[1, 2]], 'user', floats), null);
		assert.equal(keyOf({ user: null, x: 1 }, 'user', floats), null);
		assert.equal(keyOf({ user: 'u' }, 'user', floats), 'u');
		assert.equal(columnOf(parseRows({ x: 1, y: 2, user: 'u' }, floats).table, 'x').name, 'x');
	});
});
