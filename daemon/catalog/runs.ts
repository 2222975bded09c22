import { randomBytes } from 'node:crypto';
import { PerchError } from '../protocol/errors.ts';
import type { MethodName, Result } from '../protocol/methods.ts';
import type { DatasetRef, DatasetVersion, Run } from '../protocol/runs.ts';
import type { Author } from './audit.ts';
import type { DatasetRecord, Datasets, UsedDataset } from './datasets.ts';
import type { Ledger } from './ledger.ts';
import { runName } from './runNames.ts';
import { prepareRuns, type RunRow } from './runStatements.ts';
import { checkKey, checkText, type MetricPoint, metricValue, storedMetric } from './runValues.ts';

export interface NewRun {
	/** Name of the experiment, made when it is missing. */
	readonly experiment: string;
	readonly name?: string | undefined;
	/** The data file or perch.yaml that started it. */
	readonly source?: string | undefined;
	readonly params?: Readonly<Record<string, string>>;
	readonly tags?: Readonly<Record<string, string>>;
	/** The git commit of the folder. */
	readonly commit?: string | null | undefined;
}

export interface LoggedMetric {
	readonly key: string;
	/** NaN and infinities are allowed. */
	readonly value: number;
	readonly step?: number;
	readonly timestamp?: number;
}

type RunEnd = 'FINISHED' | 'FAILED' | 'KILLED';
export type RunDetail = Result<Extract<MethodName, 'runs/show'>>;

/** Runs of experiments. A run is found by its id (32 hex digits) alone, except in `find` and `show`. */
export interface Runs {
	/** Starts a run: it is RUNNING until it is ended, or killed by the start of a later daemon. */
	create(run: NewRun, author: Author): Run;
	/** A param is written once: the same value again is well, another one is `already_exists`. */
	logParams(id: string, params: Readonly<Record<string, string>>): void;
	/** What a run has used takes the place of what it was asked to use. */
	replaceParams(id: string, params: Readonly<Record<string, string>>): void;
	/** Points of metrics; the same point again is well. */
	logMetrics(id: string, metrics: readonly LoggedMetric[]): void;
	setTags(id: string, tags: Readonly<Record<string, string>>): void;
	/** What it ran with: versions of Node, packages, machine. */
	setEnvironment(id: string, environment: Readonly<Record<string, string>>): void;
	setWarnings(id: string, warnings: readonly string[]): void;
	logArtifact(id: string, path: string, artifact: { sha256: string; size: number }): void;
	useDataset(id: string, dataset: DatasetRecord | DatasetVersion, author: Author, context?: string): void;
	/** Ends a run; the reason of the author of one that failed or was killed stays in the tag `perch.reason`. */
	end(id: string, status: RunEnd, author: Author): Run;
	/** Ends the runs of jobs that died with an earlier daemon: KILLED, with the tag `perch.interrupted`. Returns their ids. */
	markInterrupted(): string[];
	/** Makes a run that was killed or failed RUNNING again. */
	resume(id: string, author: Author): Run;
	/** Newest first: runs of their own, or the trials of a parent. */
	list(filter: { experiment?: string | undefined; parent?: string | undefined; limit: number }): Run[];
	/** Runs with this value of a tag, newest first. */
	tagged(key: string, value: string): Run[];
	get(id: string): Run;
	/** By id, unique name, or unique beginning of an id. */
	find(text: string): Run;
	show(text: string): RunDetail;
	/** Takes a run and its trials out of every list; refused while a model version was made by it. */
	remove(id: string, author: Author): void;
}

export function createRuns({ db, transaction, record, tell }: Ledger, datasets: Datasets): Runs {
	const sql = prepareRuns(db);

	const complete = (rows: readonly RunRow[]): Run[] => {
		const ids = rows.map((row) => row.run_uuid);
		const wanted = JSON.stringify(ids);
		const params = gather(sql.params.all(wanted), ({ value }) => value);
		const tags = gather(sql.tags.all(wanted), ({ value }) => value);
		const metrics = gather(sql.latest.all(wanted), metricValue);
		const used = datasets.ofRuns(ids);
		const versions = new Map(sql.versions.all(wanted).map(({ run_id, name, version }) => [run_id, { name, version }]));
		return rows.map((row) => {
			const { run_uuid: id, name, experiment, status, start_time, end_time } = row;
			const [dataset] = used.get(id) ?? [];
			return {
				id,
				name,
				experiment,
				status,
				start_time,
				end_time,
				params: params.get(id) ?? {},
				metrics: metrics.get(id) ?? {},
				tags: tags.get(id) ?? {},
				dataset: dataset === undefined ? null : withoutContext(dataset),
				commit: tags.get(id)?.['mlflow.source.git.commit'] ?? null,
				model: versions.get(id) ?? null,
			};
		});
	};
	const rowOf = (id: string): RunRow => {
		const row = sql.get.get(id);
		if (row === undefined) throw notFound(id);
		return row;
	};
	const findRow = (text: string): RunRow => {
		const exact = sql.get.get(text);
		if (exact !== undefined) return exact;
		const named = sql.byName.all(text);
		const found = named.length > 0 || text === '' ? named : sql.byPrefix.all(text, `${text}\u{10ffff}`);
		const [first] = found;
		if (first === undefined) throw notFound(text);
		if (found.length > 1) {
			throw new PerchError('invalid_arguments', `More than one run is called ${text}.`, {
				hint: `Use an id: ${found.map(({ run_uuid, name }) => `${run_uuid.slice(0, 12)} (${name})`).join(', ')}.`,
			});
		}
		return first;
	};
	const completeOne = (row: RunRow): Run => complete([row])[0] as Run;
	const putTags = (id: string, tags: Readonly<Record<string, string>>) => {
		for (const [key, value] of Object.entries(tags)) {
			sql.setTag.run(id, checkKey('tag', key), checkText('tag', key, value));
		}
	};
	const putParams = (id: string, params: Readonly<Record<string, string>>) => {
		for (const [key, value] of Object.entries(params)) {
			checkText('param', checkKey('param', key), value);
			if (sql.addParam.run(id, key, value).changes === 0 && sql.param.get(id, key) !== value) {
				throw new PerchError('already_exists', `The param ${key} of this run is already ${sql.param.get(id, key)}.`, {
					field: key,
					hint: 'A param is written once; log a value that changes as a metric or a tag.',
				});
			}
		}
	};
	const change = (id: string, fn: () => void) =>
		transaction(() => {
			rowOf(id);
			fn();
			tell('runs/changed', id, 'run.logged');
		});

	return {
		create({ experiment, name, source = null, params = {}, tags = {}, commit = null }, author) {
			return transaction(() => {
				const id = randomBytes(16).toString('hex');
				const now = Date.now();
				sql.addExperiment.run(experiment, now, now);
				const called = name ?? runName(id);
				sql.insert.run({ id, name: called, source, actor: author.actor, now, experiment });
				putParams(id, params);
				putTags(id, {
					'mlflow.runName': called,
					...tags,
					...(commit !== null && { 'mlflow.source.git.commit': commit }),
				});
				record('runs/changed', {
					event: 'run.created',
					subject: id,
					author,
					detail: { name: called, experiment, source, commit },
				});
				return completeOne(rowOf(id));
			});
		},
		logParams: (id, params) => change(id, () => putParams(id, params)),
		replaceParams: (id, params) =>
			change(id, () => {
				sql.dropParams.run(id);
				putParams(id, params);
			}),
		logMetrics: (id, metrics) =>
			change(id, () => {
				for (const { key, value, step = 0, timestamp = Date.now() } of metrics) {
					const row = { id, key: checkKey('metric', key), step, timestamp, ...storedMetric(value) };
					sql.addMetric.run(row);
					sql.setLatest.run(row);
				}
			}),
		setTags: (id, tags) => change(id, () => putTags(id, tags)),
		setEnvironment: (id, environment) => change(id, () => sql.environment.run(JSON.stringify(environment), id)),
		setWarnings: (id, warnings) => change(id, () => sql.warnings.run(JSON.stringify(warnings), id)),
		logArtifact: (id, path, { sha256, size }) => change(id, () => sql.setArtifact.run(id, path, sha256, size)),
		useDataset: (id, dataset, author, context = 'training') =>
			change(id, () => datasets.use(id, dataset, context, author)),
		end(id, status, author) {
			return transaction(() => {
				const row = rowOf(id);
				if (row.status !== 'RUNNING' && row.status !== 'SCHEDULED') {
					throw new PerchError('invalid_arguments', `The run ${row.name} has ended already: ${row.status}.`);
				}
				sql.end.run(status, Date.now(), id);
				if (author.reason !== undefined && status !== 'FINISHED') putTags(id, { 'perch.reason': author.reason });
				const run = completeOne(rowOf(id));
				const { name, metrics, params } = run;
				record('runs/changed', {
					event: `run.${status.toLowerCase()}`,
					subject: id,
					author,
					detail: { name, metrics, params },
				});
				return run;
			});
		},
		markInterrupted() {
			return transaction(() => {
				const ids = sql.open.all();
				for (const id of ids) {
					sql.end.run('KILLED', Date.now(), id);
					putTags(id, { 'perch.interrupted': 'true' });
					const author = { actor: 'daemon', reason: 'The daemon ended while the run was at work.' };
					record('runs/changed', { event: 'run.interrupted', subject: id, author });
				}
				return ids;
			});
		},
		resume: (id, author) =>
			transaction(() => {
				const { name, status } = rowOf(id);
				if (status !== 'KILLED' && status !== 'FAILED') {
					throw new PerchError('invalid_arguments', `The run ${name} cannot be resumed: it is ${status}.`);
				}
				sql.resume.run(id);
				for (const tag of ['perch.interrupted', 'perch.reason']) sql.dropTag.run(id, tag);
				record('runs/changed', { event: 'run.resumed', subject: id, author, detail: { name } });
				return completeOne(rowOf(id));
			}),
		list: ({ experiment = null, parent = null, limit }) => complete(sql.list.all({ experiment, parent, limit })),
		tagged: (key, value) => complete(sql.tagged.all(key, value).map(rowOf)),
		get: (id) => completeOne(rowOf(id)),
		find: (text) => completeOne(findRow(text)),
		show(text) {
			const row = findRow(text);
			const history: RunDetail['history'] = {};
			for (const point of sql.history.iterate(row.run_uuid)) {
				const points: MetricPoint[] = history[point.key] ?? [];
				points.push({ step: point.step, timestamp: point.timestamp, value: metricValue(point) });
				history[point.key] = points;
			}
			return {
				run: completeOne(row),
				source: row.source_name,
				history,
				environment: JSON.parse(row.environment) as Record<string, string>,
				warnings: JSON.parse(row.warnings) as string[],
				datasets: datasets.ofRuns([row.run_uuid]).get(row.run_uuid) ?? [],
				artifacts: sql.artifacts.all(row.run_uuid),
			};
		},
		remove(id, author) {
			transaction(() => {
				const run = completeOne(rowOf(id));
				if (run.status === 'RUNNING') {
					throw new PerchError('invalid_arguments', `The run ${run.name} is at work.`, { hint: 'Cancel it first.' });
				}
				if (run.model !== null) {
					const version = `${run.model.name}/${run.model.version}`;
					throw new PerchError('invalid_arguments', `The run ${run.name} made ${version} and stays with it.`, {
						hint: `Archive the version instead: perch models archive ${version}.`,
					});
				}
				sql.remove.run({ id, now: Date.now() });
				record('runs/changed', { event: 'run.deleted', subject: id, author, detail: { name: run.name } });
			});
		},
	};
}

/** Rows of several runs as one record a run. */
function gather<R extends { run_uuid: string; key: string }, V>(rows: readonly R[], value: (row: R) => V) {
	const records = new Map<string, Record<string, V>>();
	for (const row of rows) {
		const entry = records.get(row.run_uuid) ?? {};
		entry[row.key] = value(row);
		records.set(row.run_uuid, entry);
	}
	return records;
}

function withoutContext({ name, version, digest, rows, source }: UsedDataset): DatasetRef {
	return { name, version, digest, rows, source };
}

function notFound(text: string): PerchError {
	return new PerchError('not_found', `No run is called ${text}.`, {
		hint: '`perch runs list` shows ids and names; the beginning of an id is enough where it is unique.',
	});
}
