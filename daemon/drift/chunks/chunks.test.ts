import assert from 'node:assert/strict';
import { numberColumn, stringColumn } from '../../data/table.ts';
import { createRandom } from '../../stats/random.ts';
import { chunkColumn } from './chunkColumn.ts';
import { chanceLimit, limitsOf } from './limits.ts';
import { noChunk, planChunks, withReference } from './planChunks.ts';

const day = 86_400_000;
const byRows = (rows: number) => ({ by: 'rows' as const, rows });
const byTime = (seconds: number) => ({ by: 'time' as const, seconds });

describe('chunks of the current data', () => {
	it('are so many rows each, the last what is left', () => {
		const { chunks, of } = planChunks(byRows(40), 100, null);
		assert.deepEqual(chunks, [
			{ from: 1, to: 40, rows: 40 },
			{ from: 41, to: 80, rows: 40 },
			{ from: 81, to: 100, rows: 20 },
		]);
		assert.deepEqual([of[39], of[40], of[99]], [0, 1, 2]);
	});

	it('are days of UTC, empty ones among them, without rows that have no time or are far off', () => {
		// Four days of an hour each, the third without a row; one row of 1970 and one without a time.
		const start = Date.UTC(2024, 0, 1);
		const times = Float64Array.from(
			{ length: 300 },
			(_, row) => start + Math.floor(row / 100) * (row < 200 ? day : 1.5 * day) + row,
		);
		const { chunks, left_out, of, typical } = planChunks(
			byTime(86_400),
			302,
			Float64Array.from([...times, 0, Number.NaN]),
		);
		assert.deepEqual(
			chunks.map(({ from, rows }) => [new Date(from).toISOString().slice(0, 10), rows]),
			[
				['2024-01-01', 100],
				['2024-01-02', 100],
				['2024-01-03', 0],
				['2024-01-04', 100],
			],
		);
		assert.deepEqual([left_out, of[300], of[301], typical], [2, noChunk, noChunk, 100]);
	});

	it('have a first and a last day, be there as few rows as may be', () => {
		const start = Date.UTC(2024, 0, 1);
		const times = Float64Array.from([
			start,
			...Array.from({ length: 1000 }, (_, row) => start + day + row),
			start + 2 * day,
		]);
		assert.deepEqual(
			planChunks(byTime(86_400), 1002, times).chunks.map(({ rows }) => rows),
			[1, 1000, 1],
		);
	});

	it('are refused where they are too many to draw, or nothing tells the time', () => {
		assert.throws(() => planChunks(byRows(20), 2001, null), { code: 'invalid_arguments', message: /101 chunks/ });
		assert.throws(() => planChunks(byTime(60), 10, null), { code: 'invalid_arguments' });
	});
});

describe('a column chunk by chunk', () => {
	const random = createRandom(9, 'chunks.test');
	const normal = (rows: number, mean = 0) => Array.from({ length: rows }, () => mean + random.normal());

	it('is beyond its limit in the chunks that drifted, and in no other', () => {
		const reference = numberColumn('x', normal(20_000));
		const current = numberColumn('x', [...normal(5000), ...normal(2000, 0.5), ...normal(3000)]);
		const { distance, limit, mean, beyond, pieces } = chunkColumn(
			planChunks(byRows(1000), 10_000, null),
			'x',
			reference,
			current,
		);
		assert.equal(pieces, 20);
		const found = distance.flatMap((value, chunk) => ((value ?? 0) > (limit[chunk] ?? 0) ? [chunk] : []));
		assert.deepEqual([found, beyond], [[5, 6], 2]);
		assert.ok(Math.abs((mean?.[5] ?? 0) - 0.5) < 0.15);
	});

	it('cries wolf on about one chunk in 740, whatever the size of chunks and reference', () => {
		// 400 columns of 20 chunks: 8,000 chunks, of which 0.135 % would be 11; three deviations more are 21.
		for (const rows of [2000, 500]) {
			let alarms = 0;
			for (let column = 0; column < 400; column++) {
				const reference = numberColumn('x', normal(rows));
				const current = numberColumn('x', normal(2000));
				alarms += chunkColumn(planChunks(byRows(100), 2000, null), 'x', reference, current).beyond;
			}
			assert.ok(alarms <= 21, `${alarms} alarms with a reference of ${rows} rows`);
		}
	});

	it('follows categories, and says nothing of chunks without values', () => {
		const words = (rows: number, ...kinds: (string | null)[]) =>
			Array.from({ length: rows }, (_, row) => kinds[row % kinds.length] ?? null);
		const reference = stringColumn('c', words(1000, 'a', 'b', 'b', 'c'));
		const current = stringColumn('c', [...words(100, 'a', 'b', 'b', 'c'), ...words(100, 'z'), ...words(100, null)]);
		const { distance, nulls, beyond, mean } = chunkColumn(planChunks(byRows(100), 300, null), 'c', reference, current);
		// Nothing in common: the root of ln 2.
		assert.deepEqual(distance, [0, 0.83255, null]);
		assert.deepEqual([nulls, beyond, mean], [[0, 0, 1], 1, undefined]);
	});

	it('may differ from day to day as the reference does, in whatever order its rows are', () => {
		// 20 days of 200 rows; each other day is half a deviation higher. The reference is not in the order of time.
		const dayOf = Array.from({ length: 4000 }, (_, row) => (row * 7) % 20);
		const sample = () =>
			numberColumn(
				'x',
				dayOf.map((one) => random.normal() + (one % 2) / 2),
			);
		const times = Float64Array.from(dayOf, (one) => one * day);
		const plan = planChunks(byTime(86_400), 4000, times);
		const informed = chunkColumn(withReference(plan, byTime(86_400), times), 'x', sample(), sample());
		assert.deepEqual([informed.pieces, informed.beyond], [20, 0]);
		const uninformed = chunkColumn(plan, 'x', sample(), sample());
		assert.ok((uninformed.limit[0] ?? 0) < (informed.limit[0] ?? 0));
	});

	it('has limits by hand', () => {
		// Ten distances 0.1, 0.2, 0.1, …: mean 0.15, deviation 0.0527; a chunk of a quarter of the size may be twice as far off.
		const pieces = Array.from({ length: 10 }, (_, at) => ({ distance: at % 2 === 0 ? 0.1 : 0.2, size: 100 }));
		const limit = limitsOf(pieces, Number.POSITIVE_INFINITY);
		assert.equal(limit(100).toFixed(6), (0.15 + 3 * Math.sqrt(0.025 / 9)).toFixed(6));
		assert.equal((limit(25) / limit(100)).toFixed(9), '2.000000000');
		assert.equal(limit(400), limit(100));
		assert.equal(limitsOf(pieces.slice(1), 1000)(100), 0);
		assert.equal(chanceLimit(10, 1000, 1000).toFixed(4), '0.0825');
	});
});
