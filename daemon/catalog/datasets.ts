import { randomUUID } from 'node:crypto';
import type { ColumnSchema } from '../protocol/datasets.ts';
import type { DatasetRef } from '../protocol/runs.ts';
import type { Author } from './audit.ts';
import type { Ledger } from './ledger.ts';

/** What a run read: identity and shape of a table. */
export interface DatasetRecord extends DatasetRef {
	readonly columns: ColumnSchema[];
}

export interface ListedDataset extends DatasetRecord {
	created_at: number;
	/** Ids of the runs that used it, newest first. */
	runs: string[];
}

export interface Datasets {
	/** Joins a dataset to a run, recording it when it is new; `context` says what for, such as `training`. */
	use(runId: string, dataset: DatasetRecord, context: string, author: Author): void;
	/** Newest first; the same data used in several experiments is listed once. */
	list(): ListedDataset[];
	/** The dataset that each of the runs was trained on, else the first that it used. */
	ofRuns(runIds: readonly string[]): Map<string, DatasetRecord>;
}

interface Row {
	name: string;
	digest: string;
	dataset_source: string;
	dataset_schema: string;
	dataset_profile: string;
	creation_time: number;
	run_uuid: string | null;
}

export function createDatasets({ db, transaction, record }: Ledger): Datasets {
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
	const all = db.prepare<[], Row>(
		`SELECT d.*, r.run_uuid FROM datasets d
		LEFT JOIN inputs i ON i.source_id = d.dataset_uuid AND i.source_type = 'DATASET'
		LEFT JOIN runs r ON r.run_uuid = i.destination_id AND r.lifecycle_stage = 'active'
		ORDER BY d.creation_time DESC, d.rowid DESC, r.start_time DESC`,
	);
	const used = db.prepare<[string], Row>(
		`SELECT d.*, i.destination_id AS run_uuid FROM inputs i
		JOIN datasets d ON d.dataset_uuid = i.source_id
		LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = 'mlflow.data.context'
		WHERE i.destination_type = 'RUN' AND i.source_type = 'DATASET'
		AND i.destination_id IN (SELECT value FROM json_each(?))
		ORDER BY coalesce(t.value, '') = 'training' DESC, i.rowid`,
	);

	return {
		use(runId, dataset, context, author) {
			transaction(() => {
				const { name, digest, rows, source, columns } = dataset;
				let id = find.get(runId, name, digest);
				if (id === undefined) {
					id = randomUUID();
					insert.run({
						id,
						runId,
						name,
						digest,
						source,
						schema: JSON.stringify(columns),
						profile: JSON.stringify({ num_rows: rows }),
						now: Date.now(),
					});
					const detail = { name, rows, source, run: runId };
					record('datasets/changed', { event: 'dataset.recorded', subject: digest, author, detail });
				}
				const input = randomUUID();
				if (join.run(input, id, runId).changes > 0) tag.run(input, context);
			});
		},
		list() {
			const listed = new Map<string, ListedDataset>();
			for (const row of all.iterate()) {
				const key = `${row.digest} ${row.name}`;
				const dataset = listed.get(key) ?? { ...fromRow(row), created_at: row.creation_time, runs: [] };
				if (row.run_uuid !== null) dataset.runs.push(row.run_uuid);
				listed.set(key, dataset);
			}
			return [...listed.values()];
		},
		ofRuns(runIds) {
			const found = new Map<string, DatasetRecord>();
			for (const row of used.iterate(JSON.stringify(runIds))) {
				if (row.run_uuid !== null && !found.has(row.run_uuid)) found.set(row.run_uuid, fromRow(row));
			}
			return found;
		},
	};
}

function fromRow(row: Row): DatasetRecord {
	return {
		name: row.name,
		digest: row.digest,
		rows: (JSON.parse(row.dataset_profile) as { num_rows: number }).num_rows,
		source: row.dataset_source,
		columns: JSON.parse(row.dataset_schema) as ColumnSchema[],
	};
}
