import assert from 'node:assert/strict';
import { rowsBetween, rowsInSameHours, sameMonthsLastYear, spanOf } from './seasons.ts';

const at = (...texts: string[]) => Float64Array.from(texts, (text) => Date.parse(`${text}Z`));

describe('references by time', () => {
	it('take no notice of single rows with a wrong date', () => {
		const january = Array.from({ length: 1000 }, (_, row) => Date.UTC(2021, 0, 1) + row * 2_600_000);
		const span = spanOf(Float64Array.from([...january, Date.UTC(2008, 11, 31), Date.UTC(2009, 0, 1), Number.NaN]));
		const { first, last } = sameMonthsLastYear(span ?? assert.fail());
		assert.deepEqual([first, last], ['2020-01', '2020-01']);
		assert.equal(spanOf(Float64Array.of(Number.NaN)), null);
	});

	it('take whole months a year before, over the turn of the year and from a leap day', () => {
		const [from, to] = at('2023-12-31T23:00', '2024-02-29T10:00') as unknown as [number, number];
		const { since, until, first, last } = sameMonthsLastYear({ from, to });
		assert.deepEqual([first, last], ['2022-12', '2023-02']);
		const times = at('2022-11-30T23:59:59', '2022-12-01T00:00', '2023-02-28T23:59:59', '2023-03-01T00:00');
		assert.deepEqual([...rowsBetween(times, since, until)], [1, 2]);
	});

	it('take the same hours of the week before the current rows, else of the day', () => {
		// 2024-01-08, -15 and -22 are Mondays.
		const current = at('2024-01-22T09:10', '2024-01-22T10:50');
		const span = spanOf(current) ?? assert.fail();
		const history = at(
			'2024-01-08T09:59',
			'2024-01-08T11:00',
			'2024-01-14T09:30',
			'2024-01-15T10:00',
			'2024-01-22T09:05',
			'2024-01-29T09:05',
			'1969-12-29T10:30',
		);
		assert.deepEqual(rowsInSameHours(history, current, span), { rows: Uint32Array.of(0, 3, 6), by: 'week' });
		const sunday = at('2024-01-14T09:30', '2024-01-14T12:00');
		assert.deepEqual(rowsInSameHours(sunday, current, span), { rows: Uint32Array.of(0), by: 'day' });
	});
});
