import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { numberColumn, stringColumn, type Table, tableOf, takeRows } from '../../data/table.ts';
import { createRandom } from '../../stats/random.ts';
import { detectDrift } from '../detectDrift.ts';
import { createSoundGuard, type GuardVerdict } from './soundGuard.ts';

function sample(seed: number, rows: number, shift: number): Table {
	const random = createRandom(seed, 'soundGuard.test');
	const each = <T>(make: (row: number) => T) => Array.from({ length: rows }, (_, row) => make(row));
	return tableOf([
		numberColumn(
			'mean',
			each(() => random.normal() + shift),
		),
		numberColumn(
			'ties',
			each(() => (random.next() < 0.1 ? null : random.integer(6))),
			'integer',
		),
		numberColumn(
			'constant',
			each(() => 3),
			'integer',
		),
		numberColumn(
			'empty',
			each(() => null),
		),
		numberColumn(
			'flag',
			each(() => +(random.next() < 0.3 + shift / 4)),
			'boolean',
		),
		stringColumn(
			'ward',
			each(() => `ward ${random.integer(shift > 0 ? 5 : 4)}`),
		),
		stringColumn(
			'id',
			each((row) => `${seed}-${row}`),
		),
	]);
}

/** The same decision by the way of a whole report. */
function byReport(reference: Table, current: Table, threshold: number): Omit<GuardVerdict, 'rows'> {
	const side = { name: 'x', rows: 0, digest: null };
	const report = detectDrift(reference, current, { threshold, live: true, referenceSide: side, currentSide: side });
	const { drift, reason, share } = report;
	return {
		drift,
		reason,
		share,
		threshold,
		columns: report.columns.map(({ column, drift, effect, adjusted_p, reason }) => ({
			column,
			drift,
			effect: report.reason === null ? effect : null,
			adjusted_p,
			reason,
		})),
	};
}

describe('createSoundGuard', () => {
	const reference = sample(1, 800, 0);

	it('decides as a live report on the same rows does', () => {
		const guard = createSoundGuard(reference, { threshold: 0.5 });
		for (const [rows, shift] of [
			[99, 1],
			[100, 1],
			[400, 0],
			[400, 0.4],
			[2500, 1],
		] as const) {
			const current = sample(rows, rows, shift);
			const { rows: judged, ...verdict } = guard.look(current);
			assert.equal(judged, rows);
			assert.deepEqual(verdict, byReport(reference, current, 0.5));
		}
	});

	it('judges a growing sample of a pool as those rows by themselves', () => {
		const pool = sample(2, 300, 0.5);
		const watch = createSoundGuard(reference, { threshold: 0.4 }).watch(pool);
		fc.assert(
			fc.property(fc.array(fc.nat(299), { minLength: 100, maxLength: 400 }), (rows) => {
				watch.clear();
				for (const row of rows) watch.add(row);
				const { columns } = watch.look();
				const alone = byReport(reference, takeRows(pool, Uint32Array.from(rows)), 0.4).columns;
				assert.deepEqual(
					columns.filter(({ column }) => column !== 'id'),
					alone.filter(({ column }) => column !== 'id'),
				);
			}),
			{ numRuns: 40, seed: 9 },
		);
	});

	it('looks at the asked columns of the reference alone', () => {
		const guard = createSoundGuard(reference, { threshold: 0.5, columns: ['mean'] });
		const verdict = guard.look(sample(3, 200, 1));
		assert.deepEqual(
			verdict.columns.map(({ column }) => column),
			['mean'],
		);
		assert.equal(verdict.drift, true);
	});

	it('tells nothing without a common column', () => {
		const verdict = createSoundGuard(reference, { threshold: 0.5 }).look(
			tableOf([numberColumn('other', Array(200).fill(1))]),
		);
		assert.equal(verdict.drift, null);
	});
});
