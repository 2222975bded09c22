/** What the kept reports say of their columns, in the order of the reports. */
import type { DriftReport } from '../protocol/drift.ts';
import type { ColumnHistory, HistoryPoint } from '../protocol/driftHistory.ts';
import type { Ledger } from './ledger.ts';

export interface DriftHistory {
	/** Keeps what a report says of its columns; the report is kept already. */
	keep(report: Pick<DriftReport, 'id' | 'columns'>): void;
	/** The columns of these reports, or one of them. `reports` stand in the order of time, and so do the points. */
	follow(reports: readonly { id: string; created_at: number }[], column: string | null): ColumnHistory[];
}

interface Row {
	report_id: string;
	name: string;
	drift: 0 | 1 | null;
	score: number | null;
	threshold: number | null;
	psi: number | null;
}

export function createDriftHistory({ db, transaction }: Ledger): DriftHistory {
	const insert = db.prepare(
		'INSERT INTO report_columns VALUES (@id, @name, @place, @drift, @score, @threshold, @psi) ON CONFLICT DO NOTHING',
	);
	const rowsOf = db.prepare<{ ids: string; column: string | null }, Row>(
		`SELECT c.* FROM json_each(@ids) AS reports JOIN report_columns c ON c.report_id = reports.value
		WHERE @column IS NULL OR c.name = @column ORDER BY reports.key, c.place`,
	);

	return {
		keep({ id, columns }) {
			transaction(() => {
				for (const [place, { column: name, drift, score, threshold, statistics }] of columns.entries()) {
					const verdict = drift === null ? null : Number(drift);
					insert.run({ id, name, place, drift: verdict, score, threshold, psi: statistics.psi ?? null });
				}
			});
		},
		follow(reports, column) {
			const times = new Map(reports.map(({ id, created_at }) => [id, created_at]));
			const points = new Map<string, HistoryPoint[]>();
			for (const row of rowsOf.iterate({ ids: JSON.stringify([...times.keys()]), column })) {
				const { report_id, name, drift, score, threshold, psi } = row;
				const known = points.get(name) ?? [];
				points.set(name, known);
				const created_at = times.get(report_id) ?? 0;
				known.push({
					report: report_id,
					created_at,
					drift: drift === null ? null : drift === 1,
					score,
					threshold,
					psi,
				});
			}
			return [...points].map(([name, list]) => ({
				column: name,
				drift: list.at(-1)?.drift ?? null,
				since: driftingSince(list),
				points: list,
			}));
		},
	};
}

/** When the drift began that the newest report which could tell still sees; null where it sees none. */
export function driftingSince(points: readonly Pick<HistoryPoint, 'drift' | 'created_at'>[]): number | null {
	const told = points.filter(({ drift }) => drift !== null);
	const lastCalm = told.findLastIndex(({ drift }) => drift === false);
	return told[lastCalm + 1]?.created_at ?? null;
}
