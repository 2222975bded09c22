/** What the kept reports of a project say of one column. */
import type { DriftColumn, DriftReport, DriftSummary } from '../../daemon/protocol/drift.ts';

export type ColumnVerdict = Pick<DriftColumn, 'drift' | 'test' | 'score' | 'threshold' | 'reason'>;

export interface ColumnDrift {
	readonly newest: ColumnVerdict;
	/** The report that says so. */
	readonly report: DriftSummary;
	/** When the first of the reports was made that have said the same since, in ms since 1970; null without drift. */
	readonly since: number | null;
}

/** Reports that are read back at most. */
const longestPast = 12;

/**
 * The newest verdict on a column, and since when it has been drift in one report after the other. `reports` are about
 * one kind of data, newest first; `verdicts` gives those of a report by column.
 */
export async function columnDrift(
	reports: readonly DriftSummary[],
	column: string,
	verdicts: (id: string) => Promise<ReadonlyMap<string, ColumnVerdict>>,
): Promise<ColumnDrift | null> {
	const [report, ...older] = reports.slice(0, longestPast);
	if (report === undefined) return null;
	const newest = (await verdicts(report.id)).get(column);
	if (newest === undefined) return null;
	if (newest.drift !== true) return { newest, report, since: null };
	let since = report.created_at;
	for (const one of older) {
		if ((await verdicts(one.id)).get(column)?.drift !== true) break;
		since = one.created_at;
	}
	return { newest, report, since };
}

/** The verdicts of a report, which is large, alone. */
export function verdictsOf({ columns }: DriftReport): Map<string, ColumnVerdict> {
	return new Map(
		columns.map(({ column, drift, test, score, threshold, reason }) => [
			column,
			{ drift, test, score, threshold, reason },
		]),
	);
}
