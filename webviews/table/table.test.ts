import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { columnLayout } from './columnLayout.ts';
import { pageCache } from './pageCache.ts';
import { scrollScale } from './scrollScale.ts';
import { areaOf, moved, type Selection } from './selection.ts';

describe('the table', () => {
	it('scrolls short files pixel by pixel, and reaches every row of long ones', () => {
		const short = scrollScale(1000, 24, 600);
		assert.deepEqual([short.scaled, short.height, short.toBox(240), short.toPosition(240)], [false, 24_000, 240, 240]);
		const long = scrollScale(10_000_000, 24, 600);
		assert.ok(long.scaled && long.height < 33_000_000);
		assert.equal(long.end, 240_000_000 - 600);
		assert.equal(long.toBox(long.end), long.height - 600);
		assert.equal(long.toPosition(long.height - 600), long.end);
		assert.ok(Math.abs(long.toPosition(long.toBox(123_456_789)) - 123_456_789) < 1e-6);
		assert.deepEqual([scrollScale(3, 24, 600).end, long.toPosition(1e9)], [0, long.end]);
	});

	it('knows which columns are seen', () => {
		const { edges, seen } = columnLayout([100, 50, 200]);
		assert.deepEqual(edges, [0, 100, 150, 350]);
		assert.deepEqual(seen(0, 100), { first: 0, last: 1 });
		assert.deepEqual(seen(99, 151), { first: 0, last: 3 });
		assert.deepEqual(seen(100, 150), { first: 1, last: 2 });
		assert.deepEqual(seen(340, 900), { first: 2, last: 3 });
		assert.deepEqual(columnLayout([]).seen(0, 100), { first: 0, last: 0 });
	});

	it('moves and selects by keys as a spreadsheet does', () => {
		const at = (row: number, column: number): Selection => ({ anchor: { row, column }, focus: { row, column } });
		const press = (from: Selection, key: string, ctrl = false, shift = false) =>
			moved(from, { key, ctrl, shift }, { rows: 50, columns: 4, page: 10 });
		assert.deepEqual(press(at(0, 0), 'ArrowDown'), at(1, 0));
		assert.deepEqual(press(at(0, 0), 'ArrowUp'), at(-1, 0), 'the head can be reached');
		assert.deepEqual(press(at(45, 1), 'PageDown'), at(49, 1));
		assert.deepEqual(press(at(7, 2), 'Home', true), at(0, 0));
		assert.deepEqual(press(at(7, 2), 'End', true), at(49, 3));
		assert.deepEqual(press(at(7, 2), 'x'), undefined);
		const grown = press(at(7, 2), 'ArrowRight', false, true) as Selection;
		assert.deepEqual(areaOf(grown), { firstRow: 7, lastRow: 7, firstColumn: 2, lastColumn: 3 });
		const column = press(at(7, 2), ' ', true) as Selection;
		assert.deepEqual(areaOf(column), { firstRow: 0, lastRow: 49, firstColumn: 2, lastColumn: 2 });
		const all = press(at(7, 2), 'a', true) as Selection;
		assert.deepEqual(areaOf(all), { firstRow: 0, lastRow: 49, firstColumn: 0, lastColumn: 3 });
	});

	it('fetches what is seen, each block once, and forgets what was wanted before', async () => {
		const asked: string[] = [];
		const cache = pageCache(
			async (offset, limit, first, last) => {
				asked.push(`${offset}+${limit} ${first}-${last}`);
				const rows = Array.from({ length: limit }, (_, at) => offset + at);
				return {
					total: 10_000,
					numbers: rows.map((row) => row + 1),
					cells: rows.map((row) => Array.from({ length: last - first }, (_, at) => `${row},${first + at}`)),
				};
			},
			() => 30,
			() => {},
			(error) => assert.fail(String(error)),
		);
		cache.want({ firstRow: 90, lastRow: 130, firstColumn: 20, lastColumn: 26 });
		assert.equal(cache.cell(95, 21), undefined);
		cache.want({ firstRow: 5000, lastRow: 5040, firstColumn: 0, lastColumn: 5 });
		for (let step = 0; step < 5; step++) await turn();
		assert.deepEqual(asked, ['0+100 0-24', '0+100 24-30', '5000+100 0-24']);
		assert.deepEqual([cache.cell(5001, 3), cache.cell(99, 25), cache.number(5001)], ['5001,3', '99,25', 5002]);
		cache.want({ firstRow: 5000, lastRow: 5040, firstColumn: 0, lastColumn: 5 });
		cache.reset();
		assert.equal(cache.cell(5001, 3), undefined);
		assert.equal(asked.length, 3);
	});
});
