import { randomUUID } from 'node:crypto';
import type { Dataset } from '../protocol/datasets.ts';
import type { DatasetRef, DatasetVersion } from '../protocol/runs.ts';
import type { Author } from './audit.ts';
import {
	createDatasetVersions,
	type DatasetRecord,
	type DatasetVersions,
	type KeptDataset,
} from './datasetVersions.ts';
import type { Ledger } from './ledger.ts';

export type { DatasetRecord, KeptDataset } from './datasetVersions.ts';

export interface UsedDataset extends DatasetRef {
	/** What for, such as `training`. */
	context: string;
}

export interface Datasets extends Omit<DatasetVersions, 'list'> {
	/** Joins a recorded version, or one to be recorded, to a run; `context` says what for, such as `training`. */
	use(runId: string, dataset: DatasetRecord | DatasetVersion, context: string, author: Author): void;
	/** Joins a version to a drift report. */
	useInReport(reportId: string, role: 'reference' | 'current', dataset: DatasetVersion): void;
	/** Newest first. */
	list(): Dataset[];
	/** A version with what used it. */
	describe(kept: KeptDataset): Dataset;
	/** The model versions that it trained, newest first. */
	models(dataset: DatasetVersion): { name: string; version: number }[];
	/** What each of the runs used, the data of its training first. */
	ofRuns(runIds: readonly string[]): Map<string, UsedDataset[]>;
}

interface UsedRow extends DatasetVersion {
	row_count: number;
	source: string;
	run_uuid: string;
	context: string;
}

export function createDatasets(ledger: Ledger): Datasets {
	const { db, transaction } = ledger;
	const versions = createDatasetVersions(ledger);
	const find = db
		.prepare<[string, string, string], string>(
			`SELECT dataset_uuid FROM datasets WHERE experiment_id = (SELECT experiment_id FROM runs WHERE run_uuid = ?)
			AND name = ? AND digest = ?`,
		)
		.pluck();
	const insert = db.prepare(
		`INSERT INTO datasets VALUES (@id, (SELECT experiment_id FROM runs WHERE run_uuid = @runId), @name, @digest,
		'local', @source, @schema, @profile, @now)`,
	);
	const join = db.prepare("INSERT OR IGNORE INTO inputs VALUES (?, 'DATASET', ?, 'RUN', ?)");
	const tag = db.prepare("INSERT INTO input_tags VALUES (?, 'mlflow.data.context', ?)");
	const joinReport = db.prepare('INSERT INTO report_datasets VALUES (?, ?, ?, ?)');
	const runs = db
		.prepare<[string, string], string>(
			`SELECT r.run_uuid FROM datasets d
			JOIN inputs i ON i.source_id = d.dataset_uuid AND i.source_type = 'DATASET'
			JOIN runs r ON r.run_uuid = i.destination_id AND r.lifecycle_stage = 'active'
			WHERE d.name = ? AND d.digest = ? ORDER BY r.start_time DESC`,
		)
		.pluck();
	const reports = db
		.prepare<[string, number], string>(
			`SELECT DISTINCT r.id FROM report_datasets d JOIN reports r ON r.id = d.report_id
			WHERE d.name = ? AND d.version = ? ORDER BY r.creation_time DESC`,
		)
		.pluck();
	const models = db.prepare<[string, string], { name: string; version: number }>(
		`SELECT m.name, m.version FROM datasets d
		JOIN inputs i ON i.source_id = d.dataset_uuid AND i.source_type = 'DATASET'
		JOIN model_versions m ON m.run_id = i.destination_id
		WHERE d.name = ? AND d.digest = ? ORDER BY m.creation_time DESC, m.rowid DESC`,
	);
	const used = db.prepare<[string], UsedRow>(
		`SELECT v.name, v.version, v.digest, v.row_count, v.source, i.destination_id AS run_uuid,
		coalesce(t.value, '') AS context FROM inputs i
		JOIN datasets d ON d.dataset_uuid = i.source_id
		JOIN dataset_versions v ON v.name = d.name AND v.digest = d.digest
		LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = 'mlflow.data.context'
		WHERE i.destination_type = 'RUN' AND i.source_type = 'DATASET'
		AND i.destination_id IN (SELECT value FROM json_each(?))
		ORDER BY coalesce(t.value, '') = 'training' DESC, i.rowid`,
	);

	const describe = (kept: KeptDataset): Dataset => ({
		...kept,
		columns: kept.columns.map(({ name, type }) => ({ name, type })),
		runs: runs.all(kept.name, kept.digest),
		reports: reports.all(kept.name, kept.version),
	});

	return {
		...versions,
		use(runId, dataset, context, author) {
			transaction(() => {
				const kept =
					'columns' in dataset ? versions.record(dataset, author) : versions.find(`${dataset.name}@${dataset.version}`);
				const { name, digest, rows, source, columns } = kept;
				let id = find.get(runId, name, digest);
				if (id === undefined) {
					id = randomUUID();
					insert.run({
						id,
						runId,
						name,
						digest,
						source,
						schema: JSON.stringify(columns.map((column) => ({ name: column.name, type: column.type }))),
						profile: JSON.stringify({ num_rows: rows }),
						now: Date.now(),
					});
				}
				const input = randomUUID();
				if (join.run(input, id, runId).changes > 0) tag.run(input, context);
			});
		},
		useInReport: (reportId, role, { name, version }) => void joinReport.run(reportId, role, name, version),
		list: () => versions.list().map(describe),
		describe,
		models: ({ name, digest }) => models.all(name, digest),
		ofRuns(runIds) {
			const found = new Map<string, UsedDataset[]>();
			for (const { run_uuid, row_count: rows, ...rest } of used.iterate(JSON.stringify(runIds))) {
				const { name, version, digest, source, context } = rest;
				const list = found.get(run_uuid) ?? [];
				list.push({ name, version, digest, rows, source, context });
				found.set(run_uuid, list);
			}
			return found;
		},
	};
}
