import assert from 'node:assert/strict';
import { isMainThread } from 'node:worker_threads';
import { alone, joinTeam, startTeam, type Team, type Work } from './team.ts';

interface Input {
	/** Shared: how often each part was done, then by whom. */
	readonly done: Int32Array;
	readonly factor: number;
}

/** Doubles a part, slowly, and complains of a negative addend. */
const double: Work<Input, number> = {
	name: 'double',
	prepare:
		({ done, factor }) =>
		(part, [addend = 0]) => {
			if (addend < 0) throw new RangeError(`Part ${part} must not add ${addend}.`);
			Atomics.add(done, part, 1);
			if (!isMainThread) Atomics.store(done, done.length - 1, 1);
			let sum = 0;
			for (let round = 0; round < 20_000; round++) sum += Math.sqrt(round);
			return part * factor + addend + 0 * sum;
		},
};
/** Which needs no answer. */
const mark: Work<Int32Array, void> = {
	name: 'mark',
	prepare: (marks) => (part, values) => Atomics.add(marks, part, values[1] as number),
};

/** Which ends a thread that is not the caller's. */
const end: Work<Int32Array, void> = {
	name: 'end',
	prepare: (begun) => () => {
		if (!isMainThread) process.exit(1);
		// Slow enough for a thread to take a part, until one has come up.
		Atomics.add(begun, 0, 1);
		Atomics.wait(begun, 1, 0, 20);
	},
};

if (isMainThread) {
	describe('a team', () => {
		const parts = 50;
		const expected = Array.from({ length: parts }, (_, part) => 3 * part + 5);

		const doubled = (team: Team) => {
			const done = new Int32Array(new SharedArrayBuffer(4 * (parts + 1)));
			const task = team.open(double, { done, factor: 3 });
			return { done, task };
		};

		it('does every part once, whoever does it, again and again', async () => {
			for (const team of [alone, startTeam(import.meta.filename, 3)]) {
				const { done, task } = doubled(team);
				let rounds = 0;
				// Until another thread was of help: that takes as long as it takes to start one.
				do {
					assert.deepEqual(task.run(parts, 5), expected);
					rounds++;
				} while (team.threads > 1 && Atomics.load(done, parts) === 0);
				assert.deepEqual([...done.subarray(0, parts)], new Array(parts).fill(rounds));
				task.close();
				await team.close();
			}
		}).timeout(60_000);

		it('does several kinds of work by turns, the same kind with other inputs too', async () => {
			const team = startTeam(import.meta.filename, 2);
			const marks = new Int32Array(new SharedArrayBuffer(12));
			const marking = team.open(mark, marks);
			const first = doubled(team).task;
			const second = doubled(team).task;
			for (let round = 0; round < 30; round++) {
				marking.run(3, 0, 2);
				assert.deepEqual(first.run(2, 1), [1, 4]);
				assert.deepEqual(second.run(0), []);
			}
			first.close();
			assert.deepEqual(second.run(2, 1), [1, 4]);
			assert.deepEqual([...marks], [60, 60, 60]);
			await team.close();
		});

		it('throws what a part throws, and goes on', async () => {
			for (const team of [alone, startTeam(import.meta.filename, 2)]) {
				const { task } = doubled(team);
				for (let round = 0; round < 20; round++) assert.throws(() => task.run(parts, -1), RangeError);
				assert.deepEqual(task.run(parts, 5), expected);
				await team.close();
			}
		});

		it('fails when a thread ends in the midst of a part, then and later, and does not wait for it', async () => {
			const team = startTeam(import.meta.filename, 3);
			const ending = team.open(end, new Int32Array(new SharedArrayBuffer(8)));
			const lost = { name: 'PerchError', code: 'job_failed', message: /ended in the midst/ };
			assert.throws(() => {
				for (;;) ending.run(4);
			}, lost);
			assert.throws(() => doubled(team).task.run(parts, 5), lost);
			await team.close();
		}).timeout(60_000);
	});
} else joinTeam([double as Work<never, unknown>, mark as Work<never, unknown>, end as Work<never, unknown>]);
