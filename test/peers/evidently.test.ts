import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import { readTable } from '../../daemon/data/read/read.ts';
import { type Table, takeRows } from '../../daemon/data/table.ts';
import { writeTable } from '../../daemon/data/write.ts';
import { detectDrift } from '../../daemon/drift/detectDrift.ts';
import type { ChosenTest } from '../../daemon/drift/testChoices.ts';
import type { DriftColumn } from '../../daemon/protocol/drift.ts';
import { findPython, type Python } from './python.ts';
import { tablePairs } from './tables.ts';

/** What Evidently says of a column, or the error with which it ends its report. */
type Theirs = { test: string; threshold: number; score: number | null; drift: boolean } | { error: string };

interface Asked {
	column: string;
	test: ChosenTest['test'];
}

/** A pair of files as Evidently reads them; of one file, the rows of each side. */
interface GivenPair {
	reference: string;
	current: string;
	split?: { reference: [number, number]; current: [number, number] };
	columns: Asked[];
}

const withMonteCarlo = new Set(['TVD', 'empirical_mmd']);

/** Our verdict on each column asked for, in the same order. */
function judge(reference: Table, current: Table, asked: readonly Asked[]): DriftColumn[] {
	const side = { name: 'sample', rows: 0, digest: null };
	return asked.map(({ column, test }) => {
		const report = detectDrift(reference, current, {
			profile: 'evidently',
			columns: [column],
			choose: () => ({ test }),
			threshold: 0.5,
			referenceSide: side,
			currentSide: side,
		});
		return report.columns[0] ?? assert.fail(column);
	});
}

/** Columns of fewer than five different values, where rounding decides the rank of the covariance (docs/driftProfiles.md). */
const exceptions = new Set(['twoDoubles es', 'fewDoubles es', 'constantNumber es']);

/** How a verdict differs; null where it does not. */
function difference(ours: DriftColumn, theirs: Theirs): string | null {
	if ('error' in theirs) return ours.drift === null ? null : `${ours.drift}, and there the error ${theirs.error}`;
	if (exceptions.has(`${ours.column} ${ours.test}`)) return null;
	if (ours.test !== theirs.test) return `test ${ours.test} (${ours.reason}) and not ${theirs.test}`;
	if (ours.threshold !== theirs.threshold) return `threshold ${ours.threshold} and not ${theirs.threshold}`;
	const [score, other] = [ours.score ?? Number.NaN, theirs.score ?? Number.NaN];
	// Of 100 divisions against 100 others: five standard deviations. In TVD Evidently loses ties to rounding, some fewer or
	// more with each PYTHONHASHSEED; the divisions are the same, so its p-value lies below ours by their share.
	const within =
		theirs.test === 'empirical_mmd' ? 0.36 : theirs.test === 'TVD' ? 0.2 : 1e-6 * Math.max(1, Math.abs(other));
	if (theirs.test === 'TVD' && score < other - 1e-6) return `score ${score} below ${other}`;
	if (!(Math.abs(score - other) <= within) && !(Number.isNaN(score) && Number.isNaN(other))) {
		return `score ${score} and not ${other}`;
	}
	const border = withMonteCarlo.has(theirs.test) && Math.abs(other - theirs.threshold) <= within;
	return ours.drift === theirs.drift || border ? null : `verdict ${ours.drift} and not ${theirs.drift}`;
}

describe('profile evidently beside Evidently', () => {
	let python: Python;

	before(function () {
		this.timeout(900_000);
		const found = findPython();
		if ('missing' in found) {
			process.stderr.write(`SKIPPED the comparison with Evidently: ${found.missing}\n`);
			this.skip();
		}
		python = found;
	});

	const tell = (text: string) => process.stdout.write(`      ${python.versions}; ${text}\n`);

	function assertEqual(
		names: readonly string[],
		ours: readonly DriftColumn[][],
		theirs: readonly Theirs[][],
		asked: readonly Asked[][],
	): number {
		const wrong: string[] = [];
		let compared = 0;
		for (const [index, columns] of ours.entries()) {
			for (const [place, column] of columns.entries()) {
				const found = difference(column, (theirs[index] as Theirs[])[place] as Theirs);
				compared++;
				if (found !== null) wrong.push(`${names[index]}, ${column.column}, ${asked[index]?.[place]?.test}: ${found}`);
			}
		}
		assert.deepEqual(wrong.slice(0, 40), [], `${wrong.length} of ${compared} differ`);
		return compared;
	}

	it('says the same of every column of generated tables', async function () {
		this.timeout(900_000);
		const folder = mkdtempSync(join(tmpdir(), 'perch-tables-'));
		try {
			const pairs = tablePairs(54);
			const given = await Promise.all(
				pairs.map(async ({ reference, current, asked }, index): Promise<GivenPair> => {
					const paths = ['reference', 'current'].map((side) => join(folder, `${index}-${side}.parquet`)) as [
						string,
						string,
					];
					await writeTable(reference, paths[0]);
					await writeTable(current, paths[1]);
					return { reference: paths[0], current: paths[1], columns: asked };
				}),
			);
			const theirs = await python.run<Theirs[][]>('evidentlyVerdicts.py', given);
			const ours = pairs.map(({ reference, current, asked }) => judge(reference, current, asked));
			const compared = assertEqual(
				pairs.map(({ name }) => name),
				ours,
				theirs,
				pairs.map(({ asked }) => asked),
			);
			tell(
				`${pairs.length} pairs of tables, ${compared} verdicts, ${theirs.flat().filter((one) => 'error' in one).length} of them errors`,
			);
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	});

	it('says the same of every column of real files', async function () {
		this.timeout(900_000);
		const data = process.env['PERCH_REAL_DATA'];
		if (data === undefined) {
			process.stderr.write(
				'SKIPPED Evidently on real files: set PERCH_REAL_DATA to the folder of the real data sets\n',
			);
			this.skip();
		}
		const taxi = (month: string) => join(data, `taxi/green_tripdata_${month}.parquet`);
		const homes = join(data, 'home-prices/Bengaluru_House_Data.csv');
		const files: Omit<GivenPair, 'columns'>[] = [
			{ reference: taxi('2021-01'), current: taxi('2021-02') },
			{ reference: taxi('2021-01'), current: taxi('2023-01') },
			{ reference: homes, current: homes, split: { reference: [0, 6660], current: [6660, 13320] } },
			{ reference: homes, current: homes, split: { reference: [0, 800], current: [9000, 9700] } },
		];
		const tables = await Promise.all(
			files.map(async ({ reference, current, split }) => {
				const [one, other] = [await readTable(reference), await readTable(current)];
				return split === undefined
					? ([one, other] as const)
					: ([slice(one, split.reference), slice(other, split.current)] as const);
			}),
		);
		const asked = tables.map(([one, other]): Asked[] =>
			other.columns
				.filter(({ name }) => one.columns.some((column) => column.name === name))
				// pandas takes these columns of a Parquet file for the names of its rows.
				.filter(({ name }) => !name.startsWith('__index_level_'))
				.map(({ name }) => ({ column: name, test: 'auto' })),
		);
		const theirs = await python.run<Theirs[][]>(
			'evidentlyVerdicts.py',
			files.map((file, index) => ({ ...file, columns: asked[index] })),
		);
		const ours = tables.map(([one, other], index) => judge(one, other, asked[index] as Asked[]));
		const names = ['taxi January and February 2021', 'taxi 2021 and 2023', 'halves of the homes', 'few homes'];
		const compared = assertEqual(names, ours, theirs, asked);
		tell(
			`4 pairs of real files, ${compared} verdicts, ${theirs.flat().filter((one) => 'error' in one).length} of them errors`,
		);
	});
});

function slice(table: Table, [from, to]: readonly [number, number]): Table {
	return takeRows(
		table,
		Uint32Array.from({ length: to - from }, (_, row) => from + row),
	);
}
