/** Rows that cannot be read or do not fit, written beside their file instead of being read. */
import { open, readFile, rename, rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType } from '../../protocol/datasets.ts';
import type { Quarantined } from '../../protocol/reading.ts';
import { askOfColumns, rowsOf, throwIfDiskFull } from '../duckdb.ts';
import { placesOf, recordsOfRows } from '../rowLines.ts';
import type { Source } from '../rowSource.ts';
import { naming } from '../writeBeside.ts';
import type { Misfit } from './cellMisfits.ts';
import type { BadRow } from './setAside.ts';

const ending = '.quarantine.jsonl';

/** Whether a file holds what was left out of another one. */
export function isQuarantine(path: string): boolean {
	return path.endsWith(ending);
}

type Kept = Pick<Source, 'from' | 'rows' | 'skipped' | 'missing'>;

/** Leaves out the rows in which a cell is not of the type of its column; `unsound` are those that were left out before. */
export async function setMisfitsAside(
	connection: DuckDBConnection,
	source: Source,
	misfits: readonly Misfit[],
	unsound: readonly BadRow[],
): Promise<{ bad: BadRow[]; kept: Kept }> {
	const { from, rows } = source;
	const before = unsound.map(({ row }) => row - 1);
	const counted = misfits.map(({ sql }) => [`count(CASE WHEN ${sql} THEN 1 END)`]);
	const { answers } = counted.length === 0 ? { answers: [] } : await askOfColumns(connection, from, counted);
	const found = misfits.filter((_, index) => Number(answers[index]?.[0]) > 0);
	if (found.length === 0) return { bad: [], kept: { from, rows, skipped: [], missing: before } };
	const wrong = found.map(({ sql }) => sql).join(' OR ');
	const first = (value: (misfit: Misfit, index: number) => string) =>
		`CASE ${found.map((misfit, index) => `WHEN ${misfit.sql} THEN ${value(misfit, index)}`).join(' ')} END`;
	const numbered = `(SELECT *, row_number() OVER () - 1 AS perch_row FROM ${from})`;
	// Rows of a JSON list have no text of their own in the file.
	const json = source.dialect === null ? 'CAST(to_json(r) AS VARCHAR)' : 'NULL';
	const asked = `SELECT perch_row, ${first((_, index) => String(index))}, ${first(({ cell }) => cell)}, ${json} FROM ${numbered} AS r WHERE ${wrong} ORDER BY perch_row`;
	const cells = (await rowsOf(connection, asked)).map(([row, index, cell, whole]) => ({
		row: Number(row),
		misfit: found[Number(index)] as Misfit,
		cell: String(cell),
		whole: typeof whole === 'string' ? withoutNumber(whole) : '',
	}));
	const skipped = cells.map(({ row }) => row);
	const records = await recordsOfRows(source, skipped);
	const places = placesOf(skipped, before);
	const bad = cells.map(({ row, misfit: { name, type }, cell, whole }, index): BadRow => {
		const { line = 0, text = whole } = records.get(row) ?? {};
		const reason = `${JSON.stringify(cell)} is not ${words[type]}`;
		return { line, row: 1 + (places[index] as number), column: name, reason, text };
	});
	const missing = [...before, ...places].sort((a, b) => a - b);
	const left = `(SELECT * FROM ${from} WHERE NOT (${wrong}))`;
	return { bad, kept: { from: left, rows: rows - skipped.length, skipped, missing } };
}

function withoutNumber(whole: string): string {
	const { perch_row: _, ...row } = JSON.parse(whole) as Record<string, unknown>;
	return JSON.stringify(row);
}

const words: Record<ColumnType, string> = {
	integer: 'a whole number',
	double: 'a number',
	boolean: 'true or false',
	date: 'a date such as 2024-01-31',
	timestamp: 'a time such as 2024-01-31T10:00:00Z',
	string: 'text',
	other: 'of the kind of the others',
};

/**
 * Writes the rows to `FILE.quarantine.jsonl`, in the order of the file, in place of what it held of an earlier look;
 * without any the file is removed.
 */
export async function writeQuarantine(path: string, bad: readonly BadRow[]): Promise<Quarantined[number] | null> {
	const quarantine = `${path}${ending}`;
	if (bad.length === 0) {
		await rm(quarantine, { force: true });
		return null;
	}
	const beside = `${quarantine}.${process.pid}.part`;
	try {
		const file = await open(beside, 'w');
		try {
			for (const row of [...bad].sort((a, b) => a.row - b.row)) await file.write(`${JSON.stringify(row)}\n`);
		} finally {
			await file.close();
		}
		await rename(beside, quarantine);
	} catch (error) {
		await rm(beside, { force: true });
		throwIfDiskFull(error, quarantine);
		throw naming(quarantine, error);
	}
	return { file: path, rows: bad.length, quarantine };
}

/** Writes rows of a file that were set aside after it was read, beside those that were when it was. */
export async function addToQuarantine(
	path: string,
	bad: readonly BadRow[],
	before: Quarantined[number] | undefined,
): Promise<Quarantined[number] | null> {
	const written = before === undefined ? '' : await readFile(before.quarantine, 'utf8');
	const earlier = written
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => JSON.parse(line) as BadRow);
	return await writeQuarantine(path, [...earlier, ...bad]);
}
