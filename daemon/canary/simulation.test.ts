import assert from 'node:assert/strict';
import { isMainThread } from 'node:worker_threads';
import fc from 'fast-check';
import { numberColumn, stringColumn, type Table, takeRows } from '../data/table.ts';
import { detectDrift } from '../drift/detectDrift.ts';
import { createSoundGuard } from '../drift/sound/soundGuard.ts';
import { createRandom } from '../stats/random.ts';
import {
	moved,
	type Repetition,
	type SimulationSettings,
	simulateRepetition,
	summarizeRepetitions,
	type Traffic,
} from './simulation.ts';
import { repeatInThread, spreadRepetitions } from './simulationThreads.ts';

const threshold = 0.5;
const settings: SimulationSettings = {
	requests: 600,
	block: 20,
	share: 0.2,
	every: 200,
	seed: 3,
	guard: [{ drift: true }],
};

/** Three columns of noise and one of words. */
function table(rows: number, seed: string): Table {
	const random = createRandom('simulation test', seed);
	const column = (name: string) =>
		numberColumn(
			name,
			Float64Array.from({ length: rows }, () => random.normal()),
		);
	const words = ['a', 'b', 'c'];
	return {
		rows,
		columns: [
			...['x', 'y', 'z'].map(column),
			stringColumn(
				'word',
				Array.from({ length: rows }, () => words[random.integer(3)] ?? null),
			),
		],
	};
}

function trafficOf(pool: Table, reference: Table): Traffic {
	return { rows: pool.rows, requests: null, watch: createSoundGuard(reference, { threshold }).watch(pool) };
}

interface Input {
	pool: Table;
	reference: Table;
}

const prepare = ({ pool, reference }: Input) => {
	const twins = [trafficOf(pool, reference), trafficOf(moved(pool, 1), reference)];
	return (repetition: number): Repetition[] => twins.map((twin) => simulateRepetition(twin, settings, repetition));
};

const input = (): Input => ({ pool: table(400, 'pool'), reference: table(1000, 'reference') });

// The threads of the test are started from this very file.
if (!isMainThread) repeatInThread(prepare);
else
	describe('canary simulation', () => {
		it('is the same on any number of threads', async () => {
			const outcomes = await Promise.all(
				[1, 2, 3].map((threads) =>
					spreadRepetitions(input(), prepare, {
						repetitions: 7,
						threads,
						entry: import.meta.filename,
						onDone: () => undefined,
					}),
				),
			);
			assert.equal(outcomes[0]?.length, 7);
			assert.deepEqual(outcomes[1], outcomes[0]);
			assert.deepEqual(outcomes[2], outcomes[0]);
		});

		it('tells how far it has come', async () => {
			const told: number[] = [];
			await spreadRepetitions(input(), prepare, {
				repetitions: 3,
				threads: 1,
				entry: '',
				onDone: (done) => told.push(done),
			});
			assert.deepEqual(told, [1, 2, 3]);
		});

		it('depends on the seed and the number of a repetition alone', () => {
			const { pool, reference } = input();
			const traffic = trafficOf(pool, reference);
			const run = (seed: number, number: number) => simulateRepetition(traffic, { ...settings, seed }, number);
			const first = run(1, 5);
			run(2, 5);
			run(1, 6);
			assert.deepEqual(run(1, 5), first);
			assert.notDeepEqual(
				[run(1, 6).exposure, run(1, 7).exposure, run(2, 5).exposure],
				[first.exposure, first.exposure, first.exposure],
			);
		});

		it('draws blocks of rows that stay in order', () => {
			const taken: number[] = [];
			const watch = {
				add: (row: number) => taken.push(row),
				look: () => ({ drift: false, share: 0, rows: 0, reason: null }),
				clear: () => undefined,
			};
			simulateRepetition({ rows: 50, requests: null, watch }, { ...settings, requests: 95, block: 10 }, 0);
			assert.equal(taken.length, 95);
			taken.forEach((row, index) => {
				assert.ok(row >= 0 && row < 50);
				if (index % 10 !== 0) assert.equal(row, (taken[index - 1] ?? 0) + 1);
			});
			taken.length = 0;
			simulateRepetition({ rows: 3, requests: null, watch }, { ...settings, requests: 7, block: 10 }, 0);
			assert.deepEqual(taken, [0, 1, 2, 0, 1, 2, 0], 'a block is no longer than the traffic');
		});

		it('looks every so many requests, and stops at the first rollback', () => {
			const looks: number[] = [];
			let rows = 0;
			const watch = {
				add: () => {
					rows++;
				},
				look: () => {
					looks.push(rows);
					return { drift: rows >= 400, share: 1, rows, reason: null };
				},
				clear: () => {
					rows = 0;
				},
			};
			const run = (share: number) => simulateRepetition({ rows: 50, requests: null, watch }, { ...settings, share }, 0);
			assert.deepEqual(run(1), { rolledBackAt: 400, exposure: 400 });
			assert.deepEqual(looks, [200, 400]);
			assert.deepEqual(run(0), { rolledBackAt: 400, exposure: 0 });
		});

		it('concludes nothing from fewer than 100 rows', () => {
			const pool = moved(table(400, 'pool'), 3);
			const traffic = trafficOf(pool, table(1000, 'reference'));
			const { rolledBackAt } = simulateRepetition(traffic, { ...settings, every: 33 }, 0);
			assert.equal(rolledBackAt, 132, 'the first look with 100 rows or more');
		});

		it('judges as the report on the same rows does', () => {
			const reference = table(300, 'reference');
			const pool = table(300, 'pool');
			const guard = createSoundGuard(reference, { threshold });
			const side = { name: 'x', rows: 0, digest: null };
			fc.assert(
				fc.property(
					fc.array(fc.integer({ min: 0, max: 299 }), { minLength: 100, maxLength: 250 }),
					fc.constantFrom(0, 0.2, 0.4, 0.8),
					(rows, shift) => {
						const shifted = moved(pool, shift);
						const watch = guard.watch(shifted);
						for (const row of rows) watch.add(row);
						const look = watch.look();
						const sample = takeRows(shifted, Uint32Array.from(rows));
						const report = detectDrift(reference, sample, {
							threshold,
							live: true,
							referenceSide: side,
							currentSide: side,
						});
						assert.equal(look.drift, report.drift);
						assert.equal(look.share, report.share);
						assert.deepEqual(
							look.columns.map(({ effect, adjusted_p: p }) => [effect, p]),
							report.columns.map(({ effect, adjusted_p: p }) => [effect, p]),
						);
					},
				),
				{ numRuns: 40 },
			);
		});

		it('raises few false alarms where nothing differs, and finds harm', () => {
			const reference = table(2000, 'reference');
			const repeat = (pool: Table) => {
				const traffic = trafficOf(pool, reference);
				return summarizeRepetitions(
					Array.from({ length: 60 }, (_, number) => simulateRepetition(traffic, { ...settings, block: 1 }, number)),
				);
			};
			// Half of the columns must reach p < 0.05 after correction and an effect of 0.1 at once: rarer than 5 % a look.
			assert.ok(repeat(reference).rollback.share <= 0.05);
			const shares = [0.25, 0.5, 1].map((shift) => repeat(moved(reference, shift)).rollback.share);
			assert.deepEqual(
				shares,
				[...shares].sort((a, b) => a - b),
			);
			assert.equal(shares[2], 1);
		});

		it('moves numbers by standard deviations, and leaves words, truth and time alone', () => {
			const columns = [
				// Mean 3, population standard deviation 2 (squares 4, 4, 4, 4).
				numberColumn('n', [1, 5, 1, 5, null]),
				numberColumn('flag', [0, 1, 0, 1, 1], 'boolean'),
				numberColumn('when', [1, 2, 3, 4, 5], 'timestamp'),
				stringColumn('word', ['a', 'b', 'c', null, 'a']),
			];
			const [n, ...rest] = moved({ rows: 5, columns }, 0.5).columns;
			assert.deepEqual(n, numberColumn('n', [2, 6, 2, 6, null]));
			assert.deepEqual(rest, columns.slice(1));
			assert.deepEqual(columns[0], numberColumn('n', [1, 5, 1, 5, null]), 'the original stays');
		});

		it('weighs metrics of the requests where they were logged', () => {
			const requests = Array.from({ length: 50 }, () => ({ status: 500, latency_us: 10, rows: 1, outputs: null }));
			const watch = {
				add: () => undefined,
				look: () => ({ drift: null, share: 0, rows: 0, reason: null }),
				clear: () => undefined,
			};
			const guard = [{ metric: 'error_rate', max: 0.5 }];
			const failing = simulateRepetition({ rows: 50, requests, watch }, { ...settings, share: 1, guard }, 0);
			assert.equal(failing.rolledBackAt, 200);
			const unknown = simulateRepetition({ rows: 50, requests: null, watch }, { ...settings, share: 1, guard }, 0);
			assert.ok(Number.isNaN(unknown.rolledBackAt));
		});

		it('sums up with intervals and quantiles', () => {
			const outcome = summarizeRepetitions([
				{ rolledBackAt: 200, exposure: 20 },
				{ rolledBackAt: 400, exposure: 40 },
				{ rolledBackAt: Number.NaN, exposure: 60 },
				{ rolledBackAt: Number.NaN, exposure: 80 },
			]);
			// Wilson's interval of 2 in 4: (0.5 + z²/8 ± z √(0.25/4 + z²/64)) / (1 + z²/4), z = 1.959964: 0.150 to 0.850.
			assert.deepEqual([outcome.rollback.share, outcome.rollback.count], [0.5, 2]);
			assert.ok(Math.abs(outcome.rollback.low - 0.15) < 0.001 && Math.abs(outcome.rollback.high - 0.85) < 0.001);
			assert.equal(outcome.inconclusive.count, 2);
			assert.equal(outcome.promote.count, 0);
			assert.deepEqual(outcome.requests, { mean: 300, p50: 300, p95: 390 });
			assert.equal(outcome.exposure.mean, 50);
			assert.deepEqual(summarizeRepetitions([{ rolledBackAt: Number.NaN, exposure: 1 }]).requests, {
				mean: null,
				p50: null,
				p95: null,
			});
		});
	});
