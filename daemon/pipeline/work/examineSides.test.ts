import assert from 'node:assert/strict';
import { join } from 'node:path';
import { tableSource } from '../../data/columnSource.ts';
import { fingerprint } from '../../data/fingerprint/fingerprint.ts';
import { numberColumn, stringColumn, type Table, tableOf } from '../../data/table.ts';
import { assembleReport, detectDrift, matchColumns } from '../../drift/detectDrift.ts';
import { sampleRows } from '../../drift/segments/sampleRows.ts';
import type { DriftReport } from '../../protocol/drift.ts';
import type { DriftProfile } from '../../protocol/driftTests.ts';
import { createRandom } from '../../stats/random.ts';
import { examineSides } from './examineSides.ts';

const entry = join(import.meta.dirname, '../../columnThread.ts');
const side = (table: Table) => ({ name: 'some', rows: table.rows, digest: null });
const columnsAlone = ({ columns, missing, added, drift, share }: DriftReport) => ({
	columns,
	missing,
	added,
	drift,
	share,
});

function sample(rows: number, shift: number): Table {
	const random = createRandom('examineSides', rows, shift);
	const words = ['a', 'b', 'c'];
	const number = (name: string, make: () => number) =>
		numberColumn(
			name,
			Float64Array.from({ length: rows }, () => (random.integer(20) === 0 ? Number.NaN : make())),
		);
	return tableOf([
		number('normal', () => random.normal() + shift),
		number('rounded', () => Math.round(random.normal() * 10)),
		number('steps', () => Math.exp(random.normal())),
		stringColumn(
			'word',
			Array.from({ length: rows }, () => words[random.integer(3)] ?? null),
		),
		stringColumn(
			'identifier',
			Array.from({ length: rows }, (_, row) => `row ${row}`),
		),
		number(shift === 0 ? 'before' : 'after', () => 1),
	]);
}

describe('columns of two sides, read one after the other and examined in threads', () => {
	const [reference, current] = [sample(60_000, 0), sample(55_000, 0.4)];

	async function report(profile: DriftProfile, threads: number) {
		const [before, after] = [reference, current].map(({ columns }) => columns.map(({ name }) => name));
		const matched = matchColumns(before ?? [], after ?? []);
		const { examined, sides } = await examineSides(
			{ source: tableSource(reference), printed: true },
			{ source: tableSource(current), printed: true },
			{
				common: matched.common,
				examinationOf: () => ({ profile, choice: { test: 'auto' }, live: false }),
				entry,
				threads,
				onColumn: () => undefined,
			},
		);
		const named = { referenceSide: side(reference), currentSide: side(current) };
		return { sides, report: assembleReport(examined, matched, { profile, threshold: 0.5, ...named }) };
	}

	for (const profile of ['sound', 'evidently'] as const) {
		it(`give what the tables give in one piece, for any number of threads: ${profile}`, async () => {
			const whole = detectDrift(reference, current, {
				profile,
				threshold: 0.5,
				referenceSide: side(reference),
				currentSide: side(current),
			});
			assert.equal(whole.columns.find(({ column }) => column === 'normal')?.drift, true);
			for (const threads of [1, 3]) {
				const { report: parts } = await report(profile, threads);
				assert.deepEqual(columnsAlone(parts), columnsAlone(whole));
			}
		});
	}

	it('are known as the tables are', async () => {
		const { sides } = await report('sound', 2);
		assert.deepEqual(sides.reference.print, fingerprint(reference));
		assert.deepEqual(sides.current.print, fingerprint(current));
	});

	it('give the rows of the sample that the table gives', async () => {
		const [first, second] = [sample(120_000, 0), sample(500, 0)];
		const { sides } = await examineSides(
			{ source: tableSource(first), printed: false },
			{ source: tableSource(second), printed: false },
			{ common: [], examinationOf: () => assert.fail(), entry, threads: 1, onColumn: () => undefined },
		);
		assert.deepEqual(sides.reference.sample, sampleRows(first, 'reference'));
		assert.deepEqual(sides.current.sample, sampleRows(second, 'current'));
	});
});
