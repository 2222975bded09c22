/** What a drift report says of rows: told from a sample where there are many, and with their lines where a file has such. */
import { explainColumns } from '../../drift/segments/explainColumns.ts';
import { nameSample, type SampledTable } from '../../drift/segments/sampleRows.ts';
import type { DriftReport } from '../../protocol/drift.ts';
import { type Origin, placesOfRows, type RowPlace } from './rowPlaces.ts';

/** Rows of both sides as they were compared (`sampleRows`). */
export interface ComparedRows {
	reference: SampledTable;
	current: SampledTable;
	/** Where the rows of the current side stand. */
	origin: Origin;
}

/** Adds segments and example rows to the drifted columns of a report, and names the sample that they come from. */
export async function explainDrift(
	report: DriftReport,
	{ reference: before, current: after, origin }: ComparedRows,
): Promise<void> {
	if (!report.columns.some(({ drift }) => drift === true)) return;
	const explained = explainColumns(before.table, after.table, report.columns);
	const placeOf = (at: number) => after.rows?.[at] ?? at;
	const shown = [...explained.values()].flatMap(({ examples }) => examples?.rows.map(({ at }) => placeOf(at)) ?? []);
	const places = await placesIn(origin, shown);
	for (const column of report.columns) {
		const found = explained.get(column.column);
		if (found === undefined) continue;
		column.segments = found.segments;
		if (found.examples === null) continue;
		const rows = found.examples.rows.map(({ at, cells }) => {
			const { row, line } = places.get(placeOf(at)) ?? { row: placeOf(at), line: null };
			return { row: row + 1, line, cells };
		});
		column.examples = { ...found.examples, rows };
	}
	nameSample(report, before, after);
}

/** Rows of several files are told by their number in the whole. */
async function placesIn(origin: Origin, rows: readonly number[]): Promise<Map<number, RowPlace>> {
	return origin.files.length === 1 ? await placesOfRows(rows, origin) : new Map();
}
