import { join, relative } from 'node:path';
import type { DriftSummary } from '../protocol/drift.ts';
import { PerchError } from '../protocol/errors.ts';
import type { DatasetVersion } from '../protocol/runs.ts';
import type { Author } from './audit.ts';
import type { Datasets } from './datasets.ts';
import type { Ledger } from './ledger.ts';

/** A drift report that was kept: what lists show, and the files with all of it (absolute paths). */
export interface KeptReport extends DriftSummary {
	json: string;
}

/** The versions of datasets that a report compared, as far as there are any. */
export type ComparedDatasets = Partial<Record<'reference' | 'current', DatasetVersion>>;

export interface Reports {
	/** Keeps a report whose files lie in `.perch/` already, and joins it to the versions that it compared. */
	keep(report: KeptReport, author: Author, compared?: ComparedDatasets): void;
	/** Forgets a report; its files are the caller's to remove. */
	remove(id: string): void;
	/** Newest first. */
	list(filter: ReportFilter): KeptReport[];
	/** By id; `latest` is the newest. */
	get(id: string): KeptReport;
}

export interface ReportFilter {
	project?: string | undefined;
	deployment?: string | undefined;
	/** The name of the current data. */
	current?: string | undefined;
	limit: number;
}

interface Row {
	summary: string;
	json_path: string;
	html_path: string;
}

/** @param folder `.perch`: paths are kept relative to it, so that the folder can be moved. */
export function createReports(
	{ db, transaction, record }: Ledger,
	datasets: Pick<Datasets, 'useInReport'>,
	folder: string,
): Reports {
	const insert = db.prepare(
		'INSERT INTO reports VALUES (@id, @created_at, @project, @deployment, @summary, @json, @html)',
	);
	const newest = db.prepare<Record<'project' | 'deployment' | 'current', string | null> & { limit: number }, Row>(
		`SELECT * FROM reports WHERE (@project IS NULL OR project = @project)
		AND (@deployment IS NULL OR deployment = @deployment)
		AND (@current IS NULL OR json_extract(summary, '$.current') = @current)
		ORDER BY creation_time DESC, rowid DESC LIMIT @limit`,
	);
	const one = db.prepare<[string], Row>('SELECT * FROM reports WHERE id = ?');
	const fromRow = (row: Row): KeptReport => ({
		...(JSON.parse(row.summary) as Omit<DriftSummary, 'html'>),
		html: join(folder, row.html_path),
		json: join(folder, row.json_path),
	});

	return {
		keep({ html, json, ...summary }, author, { reference, current } = {}) {
			transaction(() => {
				const { id, created_at, project, deployment, drift, share, threshold } = summary;
				insert.run({
					...{ id, created_at, project, deployment },
					summary: JSON.stringify(summary),
					json: relative(folder, json),
					html: relative(folder, html),
				});
				if (reference !== undefined) datasets.useInReport(id, 'reference', reference);
				if (current !== undefined) datasets.useInReport(id, 'current', current);
				const detail = { drift, share, threshold, project, deployment };
				record('drift/changed', { event: 'drift.reported', subject: id, author, detail });
			});
		},
		remove(id) {
			transaction(() => {
				db.prepare('DELETE FROM report_datasets WHERE report_id = ?').run(id);
				db.prepare('DELETE FROM reports WHERE id = ?').run(id);
			});
		},
		list: ({ project = null, deployment = null, current = null, limit }) =>
			newest.all({ project, deployment, current, limit }).map(fromRow),
		get(id) {
			const row =
				id === 'latest' ? newest.get({ project: null, deployment: null, current: null, limit: 1 }) : one.get(id);
			if (row !== undefined) return fromRow(row);
			throw new PerchError('not_found', `No drift report is called ${id}.`, {
				hint: '`perch drift list` shows those that were kept.',
			});
		},
	};
}
