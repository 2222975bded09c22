/** What the kept reports of a project say of one column. */
import type { HistoryPoint } from '../../daemon/protocol/driftHistory.ts';
import type { Result } from '../../daemon/protocol/methods.ts';

export interface ColumnDrift {
	/** What the newest report says. */
	readonly newest: HistoryPoint;
	/** What it was held against. */
	readonly reference: string;
	/** When the first of the reports was made that have said the same since, in ms since 1970; null without drift. */
	readonly since: number | null;
}

/** The answer of drift/history about one column; null where no report knows it. */
export function columnDrift({ reports, columns }: Result<'drift/history'>): ColumnDrift | null {
	const [column] = columns;
	const newest = column?.points.at(-1);
	const report = reports.find(({ id }) => id === newest?.report);
	if (column === undefined || newest === undefined || report === undefined) return null;
	return { newest, reference: report.reference, since: column.since };
}
