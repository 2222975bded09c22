import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import type { ParseStep } from '../../protocol/project/parse.ts';
import { readTable } from '../read/read.ts';
import {
	type Column,
	columnOf,
	type NumberColumn,
	numberColumn,
	type StringColumn,
	stringColumn,
	tableOf,
} from '../table.ts';
import { parseTable, rawColumns } from './parseColumns.ts';

type Step = ParseStep extends infer S ? (S extends unknown ? Omit<S, 'column'> : never) : never;

const range: Step = { as: 'range_mean', decimal: '.' };
const area: Step = { as: 'number_with_unit', decimal: '.', units: 'square_feet' };
const inText: Step = { as: 'number_in_text', decimal: '.' };
const money: Step = { as: 'currency', decimal: '.' };
const moneyWithComma: Step = { as: 'currency', decimal: ',' };
const minutes: Step = { as: 'duration', unit: 'minutes' };

const on = (...steps: Step[]): ParseStep[] => steps.map((step) => ({ ...step, column: 'x' }) as ParseStep);

/** The number of a text, or why it is none. */
function read(text: string, ...steps: Step[]): number | string {
	const { table, misfits } = parseTable(tableOf([stringColumn('x', [text])]), on(...steps));
	const [column] = table.columns;
	assert.equal(column?.kind, 'number');
	return misfits[0]?.reason ?? (column.values[0] as number);
}

const near = (found: number | string, expected: number) => {
	assert.equal(typeof found, 'number', String(found));
	assert.ok(
		Math.abs((found as number) - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
		`${found}, not ${expected}`,
	);
};

describe('parsing columns', () => {
	it('takes ranges as their mean', () => {
		for (const text of ['2100 - 2850', '2100-2850', ' 2,100 – 2,850 ', '2100 to 2850']) near(read(text, range), 2475);
		near(read('-10 - -5.5', range), -7.75);
		near(read('1e3', range), 1000);
		assert.match(String(read('2850 - 2100', range)), /backwards/);
		assert.match(String(read('2021-01-05', range)), /no range/);
	});

	it('takes units by a table of factors', () => {
		// 1 m = 1/0.3048 ft; an acre is 43,560, a cent 435.6, a guntha 1,089, a perch 272.25, a ground 2,400 square feet.
		const areas: [string, number][] = [
			['34.46Sq. Meter', 34.46 / 0.09290304],
			['5.31Acres', 5.31 * 43_560],
			['1Acres', 43_560],
			['24Guntha', 24 * 1089],
			['35Cents', 35 * 435.6],
			['38Guntha', 41_382],
			['4125Perch', 4125 * 272.25],
			['1Grounds', 2400],
			['361.33Sq. Yards', 361.33 * 9],
			['1200', 1200],
			['1,200 sq.ft', 1200],
		];
		for (const [text, expected] of areas) near(read(text, area), expected);
		assert.match(String(read('3 Kanal', area)), /"Kanal", which has no factor/);
		const own: Step = { as: 'number_with_unit', decimal: '.', units: { km: 1000, M: 1 } };
		near(read('1.5 KM', own), 1500);
		near(read('20 m', own), 20);
		near(read('20m.', own), 20);
	});

	it('finds the one number in a text', () => {
		for (const text of ['3 BHK', '3BHK', 'BHK-3', '3.', 'about 3 rooms']) near(read(text, inText), 3);
		near(read('at -3 degrees', inText), -3);
		near(read('1,23,456.5 in all', inText), 123_456.5);
		for (const text of ['3 BHK, 2 bath', '1.2.3', '2 - 3']) assert.match(String(read(text, inText)), /more than one/);
		assert.match(String(read('Bedroom', inText)), /without a number/);
	});

	it('takes amounts of money, whatever the sign', () => {
		for (const text of [
			' ? 105.00 ',
			'€105',
			'$ 105.00',
			'105 €',
			'EUR 105',
			'105.00 USD',
			'Rs. 105',
			'US$105',
			'105',
		]) {
			near(read(text, money), 105);
		}
		near(read('€ 1.234,50', moneyWithComma), 1234.5);
		near(read('$1,234.50', money), 1234.5);
		near(read('-$5', money), -5);
		near(read('$-5', money), -5);
		near(read('($5.25)', money), -5.25);
		for (const text of ['€ 1.234,50', '--$5', '€', '$5 $6']) {
			assert.match(String(read(text, money)), /no amount/, text);
		}
	});

	it('tries the steps of a column in their order', () => {
		near(read(' 148-150 ', money, range), 149);
		near(read(' ? 105.00 ', money, range), 105);
		assert.equal(read('call us', money, range), 'no amount of money, no range such as 10 - 20');
	});

	it('takes lengths of time', () => {
		const times: [string, number][] = [
			['1h 30m', 90],
			['1 hour, 30 minutes', 90],
			['90 min', 90],
			['00:12:30', 12.5],
			['1 days 02:00:00.000', 26 * 60],
			['-00:00:30', -0.5],
			['PT1H30M', 90],
			['P1DT0.5S', 1440 + 0.5 / 60],
			['P2W', 2 * 7 * 1440],
			['1500 ms', 0.025],
			['12.5', 12.5],
		];
		for (const [text, expected] of times) near(read(text, minutes), expected);
		assert.match(String(read('12:30', minutes)), /hours and minutes or minutes and seconds/);
		assert.match(String(read('P1M', minutes)), /no fixed length/);
		for (const text of ['P', 'PT', '1h 2h', '5 parsecs', '1:99:00', 'soon']) {
			assert.match(String(read(text, minutes)), /no length of time/, text);
		}
	});

	it('leaves numbers as they are, and takes nothing and its words for null', () => {
		const plain = numberColumn('x', [1.5, Number.NaN, -7]);
		for (const step of [range, area, inText, money, minutes]) {
			const { table, misfits } = parseTable(tableOf([plain]), on(step));
			assert.deepEqual([table.columns, misfits], [[plain], []]);
			for (const text of ['', ' ', 'NA', 'n/a', 'null', '-', 'NaN']) assert.ok(Number.isNaN(read(text, step)), text);
		}
		fc.assert(
			fc.property(
				fc.double({ noNaN: true, noDefaultInfinity: true }),
				fc.constantFrom(range, area, inText, money, minutes),
				(value, step) => {
					assert.equal(read(String(value), step), value);
				},
			),
		);
	});

	it('is never slow or endless, whatever the text', () => {
		const parts = fc.constantFrom(
			'1',
			',',
			'.',
			'-',
			' ',
			'h',
			'm',
			'€',
			'?',
			'e',
			'P',
			'T',
			':',
			'to',
			'(',
			')',
			'1,22',
		);
		fc.assert(
			fc.property(
				fc.array(parts, { maxLength: 400 }),
				fc.constantFrom(range, area, inText, money, minutes),
				(text, step) => {
					const found = read(text.join(''), step);
					assert.ok(typeof found === 'string' || !(Math.abs(found) === Number.POSITIVE_INFINITY));
				},
			),
		);
		assert.match(String(read(`${'9'.repeat(199)}e999`, range)), /characters/);
		assert.match(String(read('1e999', range)), /no range/);
	});

	it('parts dates and times in UTC, as text and as times', () => {
		const step: ParseStep = {
			column: 'x',
			as: 'calendar',
			parts: ['year', 'quarter', 'month', 'day', 'day_of_year', 'weekday', 'hour', 'minute'],
		};
		// 2021-05-31 was a Monday, day 151 of its year; 23:30 in New York is 03:30 of the next day in UTC.
		const text = stringColumn('x', ['2021-05-31 14:05:59', '2021-05-31T23:30:00-04:00', '2020-02-29', null]);
		const { table, misfits } = parseTable(tableOf([text]), [step]);
		const rows = [0, 1, 2].map((row) =>
			table.columns.map((column) => (column as { values: Float64Array }).values[row]),
		);
		assert.deepEqual(rows, [
			[2021, 2, 5, 31, 151, 1, 14, 5],
			[2021, 2, 6, 1, 152, 2, 3, 30],
			[2020, 1, 2, 29, 60, 6, 0, 0],
		]);
		assert.deepEqual(misfits, []);
		assert.deepEqual(table.columns.map(({ name, type }) => [name, type])[5], ['x_weekday', 'integer']);
		const times = numberColumn('x', [Date.UTC(2021, 4, 31, 14, 5, 59), Number.NaN], 'timestamp');
		const parted = parseTable(tableOf([times]), [step], ['x']).table.columns;
		assert.deepEqual(parted[0], times, 'what is kept stays beside its parts');
		assert.deepEqual(
			parted.slice(1).map((column) => (column as { values: Float64Array }).values[0]),
			[2021, 2, 5, 31, 151, 1, 14, 5],
		);
		const wrong = stringColumn('x', ['2021-02-30', '31.05.2021', '2021-05-31 24:00:00']);
		assert.equal(parseTable(tableOf([wrong]), [step]).misfits.length, 3);
		assert.match(parseTable(tableOf([numberColumn('x', [5])]), [step]).misfits[0]?.reason ?? '', /a number/);
	});

	it('gives categories one spelling', () => {
		const words = stringColumn('x', ['Super built-up  Area', ' super BUILT-up area', '', '  ', null, 'b']);
		const [column] = parseTable(tableOf([words]), [{ column: 'x', as: 'category', case: 'lower' }]).table.columns;
		assert.deepEqual(column, stringColumn('x', ['super built-up area', 'super built-up area', null, null, null, 'b']));
		const [kept] = parseTable(tableOf([words]), [{ column: 'x', as: 'category', case: 'keep' }]).table.columns;
		assert.deepEqual((kept as { dictionary: string[] }).dictionary, [
			'Super built-up Area',
			'super BUILT-up area',
			'b',
		]);
	});

	it('tells every cell that no step takes, by row', () => {
		const columns: Column[] = [
			stringColumn('x', ['1 - 2', 'many', '3', 'many']),
			numberColumn('t', [0, 1, Number.NaN, 2], 'timestamp'),
		];
		const steps: ParseStep[] = [...on(range), { column: 't', as: 'duration', unit: 'seconds' }];
		const { misfits } = parseTable(tableOf(columns), steps);
		assert.deepEqual(
			misfits.map(({ row, column, text }) => [row, column, text]),
			[
				[0, 't', '1970-01-01T00:00:00.000Z'],
				[1, 'x', 'many'],
				[1, 't', '1970-01-01T00:00:00.001Z'],
				[3, 'x', 'many'],
				[3, 't', '1970-01-01T00:00:00.002Z'],
			],
		);
	});

	it('takes rows that were parsed before as they are, and refuses what is missing or there twice', () => {
		const steps: ParseStep[] = [{ column: 't', as: 'calendar', parts: ['hour'] }];
		const ready = tableOf([numberColumn('t_hour', [3])]);
		assert.deepEqual(parseTable(ready, steps), { table: ready, misfits: [] });
		assert.throws(() => parseTable(tableOf([numberColumn('u', [3])]), steps), {
			code: 'unknown_column',
			message: /"t"/,
		});
		const both = tableOf([numberColumn('t', [3], 'timestamp'), numberColumn('t_hour', [3])]);
		assert.throws(() => parseTable(both, steps), { code: 'invalid_data', message: /"t_hour"/ });
		assert.deepEqual(rawColumns(['a', 't_hour', 't_day'], [{ column: 't', as: 'calendar', parts: ['hour', 'day'] }]), [
			'a',
			't',
		]);
	});

	const real = process.env['PERCH_REAL_DATA'];
	if (real === undefined) {
		it('takes every area of the real houses', function () {
			process.stderr.write('SKIPPED parsing of real data: set PERCH_REAL_DATA to the folder of the real data sets\n');
			this.skip();
		});
	} else {
		it('takes every area of the real houses: 201 ranges and 46 areas of other units', async () => {
			const raw = await readTable(join(real, 'home-prices/Bengaluru_House_Data.csv'));
			const steps: ParseStep[] = [range, area].map((step) => ({ ...step, column: 'total_sqft' }) as ParseStep);
			const { table, misfits } = parseTable(raw, [...steps, { ...inText, column: 'size' } as ParseStep]);
			assert.deepEqual(misfits, []);
			const text = columnOf(raw, 'total_sqft') as StringColumn;
			const { values } = columnOf(table, 'total_sqft') as NumberColumn;
			const lost = [...text.codes].flatMap((code, row) =>
				Number.isNaN(Number(text.dictionary[code]))
					? [[text.dictionary[code] ?? '', values[row] as number] as const]
					: [],
			);
			assert.equal(lost.length, 247);
			assert.equal(lost.filter(([cell]) => /^[\d.]+ - [\d.]+$/.test(cell)).length, 201);
			assert.ok(lost.every(([, value]) => value > 0));
			const found = new Map(lost);
			assert.equal(found.get('2100 - 2850'), 2475);
			// A perch is 272.25 and a ground 2,400 square feet.
			near(found.get('4125Perch') ?? 'missing', 1_123_031.25);
			near(found.get('34.46Sq. Meter') ?? 'missing', 34.46 / 0.3048 ** 2);
			// Alone, ranges leave the 46 cells with a unit, each of which is told.
			assert.equal(parseTable(raw, steps.slice(0, 1)).misfits.length, 46);
		});
	}
});
