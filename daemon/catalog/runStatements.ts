import type { Database, Statement } from 'better-sqlite3';
import type { Run } from '../protocol/runs.ts';

export interface RunRow {
	run_uuid: string;
	name: string;
	experiment: string;
	status: Run['status'];
	start_time: number;
	end_time: number | null;
	environment: string;
	warnings: string;
	source_name: string | null;
}

const columns = `r.run_uuid, r.name, e.name AS experiment, r.status, r.start_time, r.end_time, r.environment, r.warnings,
	r.source_name
	FROM runs r JOIN experiments e USING (experiment_id)`;
const among = 'WHERE run_uuid IN (SELECT value FROM json_each(?))';

interface KeyValue {
	run_uuid: string;
	key: string;
	value: string;
}

interface MetricRow {
	run_uuid: string;
	key: string;
	value: number;
	is_nan: number;
}

type Write = Statement<unknown[]>;

export interface RunStatements {
	addExperiment: Statement<[string, number, number]>;
	insert: Write;
	get: Statement<[string], RunRow>;
	list: Statement<[{ experiment: string | null; parent: string | null; limit: number }], RunRow>;
	byName: Statement<[string], RunRow>;
	byPrefix: Statement<[string, string], RunRow>;
	open: Statement<[], string>;
	end: Write;
	resume: Write;
	tagged: Statement<[string, string], string>;
	remove: Write;
	environment: Write;
	warnings: Write;
	params: Statement<[string], KeyValue>;
	tags: Statement<[string], KeyValue>;
	latest: Statement<[string], MetricRow>;
	versions: Statement<[string], { run_id: string; name: string; version: number }>;
	addParam: Write;
	dropParams: Write;
	param: Statement<[string, string], string>;
	setTag: Write;
	dropTag: Write;
	addMetric: Write;
	setLatest: Write;
	history: Statement<[string], MetricRow & { step: number; timestamp: number }>;
	setArtifact: Write;
	artifacts: Statement<[string], { path: string; sha256: string; size: number }>;
}

/** Every statement about runs, prepared once. */
export function prepareRuns(db: Database): RunStatements {
	return {
		addExperiment: db.prepare<[string, number, number]>(
			'INSERT INTO experiments (name, creation_time, last_update_time) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
		),
		insert: db.prepare(
			`INSERT INTO runs (run_uuid, name, source_type, source_name, user_id, status, start_time, experiment_id)
			VALUES (@id, @name, 'JOB', @source, @actor, 'RUNNING', @now,
			(SELECT experiment_id FROM experiments WHERE name = @experiment))`,
		),
		get: db.prepare<[string], RunRow>(`SELECT ${columns} WHERE r.run_uuid = ? AND r.lifecycle_stage = 'active'`),
		list: db.prepare<{ experiment: string | null; parent: string | null; limit: number }, RunRow>(
			`SELECT ${columns} WHERE r.lifecycle_stage = 'active' AND (@experiment IS NULL OR e.name = @experiment)
			AND (SELECT value FROM tags t WHERE t.run_uuid = r.run_uuid AND t.key = 'mlflow.parentRunId') IS @parent
			ORDER BY r.start_time DESC, r.rowid DESC LIMIT @limit`,
		),
		byName: db.prepare<[string], RunRow>(`SELECT ${columns} WHERE r.name = ? AND r.lifecycle_stage = 'active'`),
		byPrefix: db.prepare<[string, string], RunRow>(
			`SELECT ${columns} WHERE r.run_uuid >= ? AND r.run_uuid < ? AND r.lifecycle_stage = 'active' LIMIT 5`,
		),
		open: db
			.prepare<[], string>("SELECT run_uuid FROM runs WHERE status IN ('RUNNING', 'SCHEDULED') AND source_type = 'JOB'")
			.pluck(),
		end: db.prepare('UPDATE runs SET status = ?, end_time = ? WHERE run_uuid = ?'),
		resume: db.prepare("UPDATE runs SET status = 'RUNNING', end_time = NULL WHERE run_uuid = ?"),
		tagged: db
			.prepare<[string, string], string>(
				`SELECT run_uuid FROM tags JOIN runs USING (run_uuid)
				WHERE key = ? AND value = ? AND lifecycle_stage = 'active' ORDER BY start_time DESC, runs.rowid DESC`,
			)
			.pluck(),
		remove: db.prepare(
			`UPDATE runs SET lifecycle_stage = 'deleted', deleted_time = @now WHERE run_uuid = @id
			OR run_uuid IN (SELECT run_uuid FROM tags WHERE key = 'mlflow.parentRunId' AND value = @id)`,
		),
		environment: db.prepare('UPDATE runs SET environment = ? WHERE run_uuid = ?'),
		warnings: db.prepare('UPDATE runs SET warnings = ? WHERE run_uuid = ?'),
		params: db.prepare<[string], KeyValue>(`SELECT run_uuid, key, value FROM params ${among}`),
		tags: db.prepare<[string], KeyValue>(`SELECT run_uuid, key, value FROM tags ${among}`),
		latest: db.prepare<[string], MetricRow>(`SELECT run_uuid, key, value, is_nan FROM latest_metrics ${among}`),
		versions: db.prepare<[string], { run_id: string; name: string; version: number }>(
			`SELECT run_id, name, version FROM model_versions WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY rowid`,
		),
		addParam: db.prepare('INSERT INTO params VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
		dropParams: db.prepare('DELETE FROM params WHERE run_uuid = ?'),
		param: db.prepare<[string, string], string>('SELECT value FROM params WHERE run_uuid = ? AND key = ?').pluck(),
		setTag: db.prepare(
			'INSERT INTO tags VALUES (?, ?, ?) ON CONFLICT (run_uuid, key) DO UPDATE SET value = excluded.value',
		),
		dropTag: db.prepare('DELETE FROM tags WHERE run_uuid = ? AND key = ?'),
		addMetric: db.prepare(
			'INSERT INTO metrics VALUES (@id, @key, @step, @timestamp, @value, @is_nan) ON CONFLICT DO NOTHING',
		),
		setLatest: db.prepare(
			`INSERT INTO latest_metrics VALUES (@id, @key, @step, @timestamp, @value, @is_nan)
			ON CONFLICT (run_uuid, key) DO UPDATE SET
			step = excluded.step, timestamp = excluded.timestamp, value = excluded.value, is_nan = excluded.is_nan
			WHERE (excluded.step, excluded.timestamp, excluded.value)
			>= (latest_metrics.step, latest_metrics.timestamp, latest_metrics.value)`,
		),
		history: db.prepare<[string], MetricRow & { step: number; timestamp: number }>(
			'SELECT * FROM metrics WHERE run_uuid = ? ORDER BY key, step, timestamp',
		),
		setArtifact: db.prepare(
			`INSERT INTO artifacts VALUES (?, ?, ?, ?)
			ON CONFLICT (run_uuid, path) DO UPDATE SET sha256 = excluded.sha256, size = excluded.size`,
		),
		artifacts: db.prepare<[string], { path: string; sha256: string; size: number }>(
			'SELECT path, sha256, size FROM artifacts WHERE run_uuid = ?',
		),
	};
}
