/** What a drift report says of rows: told from a sample where there are many, and with their lines where a file has such. */
import { filesOf } from '../../data/family.ts';
import { linesIn } from '../../data/rowLines.ts';
import type { Table } from '../../data/table.ts';
import { explainColumns } from '../../drift/segments/explainColumns.ts';
import { type SampledTable, sampleRows, sampleSeed } from '../../drift/segments/sampleRows.ts';
import type { DriftReport } from '../../protocol/drift.ts';
import type { Reading } from '../../protocol/reading.ts';

/** Both sides as they were compared. */
export interface ComparedTables {
	reference: Table;
	current: Table;
	/** The file whose rows the current table holds, none left out; null for any other. */
	file: string | null;
	reading: Reading;
}

/** Adds segments and example rows to the drifted columns of a report, and names the sample that they come from. */
export async function explainDrift(
	report: DriftReport,
	{ reference, current, file, reading }: ComparedTables,
): Promise<void> {
	if (!report.columns.some(({ drift }) => drift === true)) return;
	const [before, after] = [sampleRows(reference, 'reference'), sampleRows(current, 'current')];
	const explained = explainColumns(before.table, after.table, report.columns);
	const placeOf = (at: number) => after.rows?.[at] ?? at;
	const shown = [...explained.values()].flatMap(({ examples }) => examples?.rows.map(({ at }) => placeOf(at)) ?? []);
	const lines = await linesOf(file, shown, reading);
	for (const column of report.columns) {
		const found = explained.get(column.column);
		if (found === undefined) continue;
		column.segments = found.segments;
		if (found.examples === null) continue;
		const rows = found.examples.rows.map(({ at, cells }) => {
			const row = placeOf(at);
			return { row: row + 1, line: lines.get(row) ?? null, cells };
		});
		column.examples = { ...found.examples, rows };
	}
	if (before.rows !== null || after.rows !== null) {
		report.sample = { reference: drawn(before), current: drawn(after), seed: sampleSeed };
	}
}

function drawn({ table, rows }: SampledTable): number | null {
	return rows === null ? null : table.rows;
}

async function linesOf(file: string | null, rows: readonly number[], reading: Reading): Promise<Map<number, number>> {
	const [path, ...more] = file === null ? [] : filesOf(file);
	return path === undefined || more.length > 0 ? new Map() : await linesIn(path, rows, reading);
}
