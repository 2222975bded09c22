import { PerchError } from '../protocol/errors.ts';
import type { ModelVersion } from '../protocol/models.ts';
import type { Run } from '../protocol/runs.ts';
import type { Author } from './audit.ts';
import type { Ledger } from './ledger.ts';

export interface NewVersion {
	/** Name of the registered model, made when it is missing. */
	readonly name: string;
	readonly sha256: string;
	readonly size: number;
	readonly task: string;
	readonly origin: 'training' | 'import';
	/** The run that made it; its metrics and dataset are the version's. */
	readonly runId?: string | undefined;
	/** Where it came from: `runs:/<id>/model.onnx`, or the path of an imported file. */
	readonly source: string;
	/** The metric that lists show beside the version. */
	readonly mainMetric?: string | null | undefined;
	readonly description?: string | undefined;
	/** `failed` for one that did not hold what `validate` asks. */
	readonly status?: 'ready' | 'failed' | undefined;
}

export interface RegisteredModel {
	name: string;
	created_at: number;
	/** Newest first. */
	versions: ModelVersion[];
}

/** The registry: models, their versions and aliases. Unknown names are `not_found`, with what there is in the hint. */
export interface Models {
	/** Adds the next version of a model; numbers are never used twice. */
	createVersion(version: NewVersion, author: Author): ModelVersion;
	/** Gives an alias to a ready version; `previous` is the version that had it. */
	setAlias(
		name: string,
		alias: string,
		version: number,
		author: Author,
	): { version: ModelVersion; previous: number | null };
	removeAlias(name: string, alias: string, author: Author): void;
	/** Takes a version's aliases and keeps it from being served until it is restored. */
	archive(name: string, version: number, author: Author): ModelVersion;
	restore(name: string, version: number, author: Author): ModelVersion;
	list(): RegisteredModel[];
	get(name: string): RegisteredModel;
	version(name: string, version: number): ModelVersion;
	/** The version that has an alias, or null. */
	behind(name: string, alias: string): ModelVersion | null;
	/** The ready version that had an alias last before the one that has it now (or had it at the end), or null. */
	before(name: string, alias: string): ModelVersion | null;
	/** `name@alias`, `name@latest` (the newest that is ready) or `name/version`, whatever its status. */
	resolve(ref: string): ModelVersion;
	/** The same, refusing a version that is archived or failed. */
	resolveReady(ref: string): ModelVersion;
}

interface VersionRow {
	name: string;
	version: number;
	creation_time: number;
	run_id: string | null;
	status: ModelVersion['status'];
	origin: ModelVersion['source'];
	sha256: string;
	size: number;
	task: string;
	main_metric: string | null;
	description: string;
}

/** @param runOf The run of an id, for the metrics and data of the version that it made. */
export function createModels({ db, audit, transaction, record }: Ledger, runOf: (id: string) => Run): Models {
	const sql = {
		addModel: db.prepare(
			'INSERT INTO registered_models (name, creation_time, last_updated_time) VALUES (@name, @now, @now) ON CONFLICT DO NOTHING',
		),
		touch: db.prepare('UPDATE registered_models SET last_updated_time = @now WHERE name = @name'),
		models: db.prepare<[], { name: string; creation_time: number }>(
			'SELECT name, creation_time FROM registered_models ORDER BY name',
		),
		next: db
			.prepare<[string], number>('SELECT coalesce(max(version), 0) + 1 FROM model_versions WHERE name = ?')
			.pluck(),
		insert: db.prepare(
			`INSERT INTO model_versions VALUES (@name, @version, @now, @now, @description, @actor, @source, @runId, @status,
			@origin, @sha256, @size, @task, @mainMetric)`,
		),
		versions: db.prepare<[string], VersionRow>('SELECT * FROM model_versions WHERE name = ? ORDER BY version DESC'),
		version: db.prepare<[string, number], VersionRow>('SELECT * FROM model_versions WHERE name = ? AND version = ?'),
		setStatus: db.prepare(
			'UPDATE model_versions SET status = @status, last_updated_time = @now WHERE name = @name AND version = @version',
		),
		aliases: db.prepare<[string], { alias: string; version: number }>(
			'SELECT alias, version FROM registered_model_aliases WHERE name = ? ORDER BY alias',
		),
		setAlias: db.prepare(
			`INSERT INTO registered_model_aliases VALUES (?, ?, ?)
			ON CONFLICT (name, alias) DO UPDATE SET version = excluded.version`,
		),
		removeAlias: db.prepare('DELETE FROM registered_model_aliases WHERE name = ? AND alias = ?'),
	};

	const fromRow = (row: VersionRow): ModelVersion => {
		const run = row.run_id === null ? null : runOf(row.run_id);
		return {
			name: row.name,
			version: row.version,
			aliases: sql.aliases
				.all(row.name)
				.filter(({ version }) => version === row.version)
				.map(({ alias }) => alias),
			status: row.status,
			created_at: row.creation_time,
			run_id: row.run_id,
			dataset: run?.dataset ?? null,
			metrics: run?.metrics ?? {},
			main_metric: row.main_metric,
			source: row.origin,
			sha256: row.sha256,
			size: row.size,
			task: row.task,
			description: row.description,
		};
	};
	const names = () => sql.models.all().map(({ name }) => name);
	const rowOf = (name: string, version: number): VersionRow => {
		const row = sql.version.get(name, version);
		if (row !== undefined) return row;
		const known = sql.versions.all(name);
		if (known.length === 0) throw unknownModel(name, names());
		throw new PerchError('not_found', `${name} has no version ${version}.`, {
			hint: `It has ${known.map((other) => other.version).join(', ')}.`,
		});
	};
	const aliasesOf = (name: string) => new Map(sql.aliases.all(name).map(({ alias, version }) => [alias, version]));
	const ready = (row: VersionRow): VersionRow => {
		if (row.status === 'ready') return row;
		const ref = `${row.name}/${row.version}`;
		throw new PerchError('invalid_arguments', `${ref} is ${row.status}.`, {
			hint:
				row.status === 'archived'
					? `Restore it first: perch models restore ${ref}.`
					: row.origin === 'import'
						? row.description
						: 'It did not hold what `validate` asks; train another one.',
		});
	};
	const setStatus = (row: VersionRow, status: ModelVersion['status'], event: string, author: Author, detail = {}) => {
		sql.setStatus.run({ name: row.name, version: row.version, status, now: Date.now() });
		sql.touch.run({ name: row.name, now: Date.now() });
		record('models/changed', { event, subject: `${row.name}/${row.version}`, author, detail });
		return fromRow(rowOf(row.name, row.version));
	};
	const find = (ref: string): VersionRow => {
		const { name, version, alias } = parseRef(ref);
		if (version !== undefined) return rowOf(name, version);
		const all = sql.versions.all(name);
		if (all.length === 0) throw unknownModel(name, names());
		if (alias === 'latest') {
			const newest = all.find(({ status }) => status === 'ready');
			if (newest !== undefined) return newest;
			throw new PerchError('not_found', `${name} has no version that is ready.`, {
				hint: `See \`perch models show ${name}\`.`,
			});
		}
		const aliases = aliasesOf(name);
		const found = aliases.get(alias);
		if (found === undefined) {
			const known = [...aliases.keys(), 'latest'].map((other) => `${name}@${other}`);
			throw new PerchError('not_found', `No version is called ${ref}.`, { hint: `There is ${known.join(', ')}.` });
		}
		return rowOf(name, found);
	};
	const get = (name: string): RegisteredModel => {
		const model = sql.models.all().find((other) => other.name === name);
		if (model === undefined) throw unknownModel(name, names());
		return { name, created_at: model.creation_time, versions: sql.versions.all(name).map(fromRow) };
	};

	return {
		createVersion(added, author) {
			return transaction(() => {
				const { name, sha256, size, task, origin, runId = null, source, mainMetric = null } = added;
				const { description = '', status = 'ready' } = added;
				const now = Date.now();
				sql.addModel.run({ name, now });
				sql.touch.run({ name, now });
				const version = sql.next.get(name) ?? 1;
				sql.insert.run({
					...{ name, version, now, description, actor: author.actor, source, runId, status },
					...{ origin, sha256, size, task, mainMetric },
				});
				const detail = { sha256, status, run: runId, source, metrics: runId === null ? {} : runOf(runId).metrics };
				record('models/changed', { event: 'version.created', subject: `${name}/${version}`, author, detail });
				return fromRow(rowOf(name, version));
			});
		},
		setAlias(name, alias, version, author) {
			return transaction(() => {
				ready(rowOf(name, version));
				const previous = aliasesOf(name).get(alias) ?? null;
				if (previous !== version) {
					sql.setAlias.run(name, alias, version);
					sql.touch.run({ name, now: Date.now() });
					const detail = { alias, previous };
					record('models/changed', { event: 'alias.set', subject: `${name}/${version}`, author, detail });
				}
				return { version: fromRow(rowOf(name, version)), previous };
			});
		},
		removeAlias(name, alias, author) {
			transaction(() => {
				const version = aliasesOf(name).get(alias);
				if (version === undefined) throw new PerchError('not_found', `${name} has no alias ${alias}.`);
				sql.removeAlias.run(name, alias);
				sql.touch.run({ name, now: Date.now() });
				record('models/changed', { event: 'alias.removed', subject: `${name}/${version}`, author, detail: { alias } });
			});
		},
		archive(name, version, author) {
			return transaction(() => {
				const row = rowOf(name, version);
				if (row.status === 'archived') return fromRow(row);
				const aliases = fromRow(row).aliases;
				for (const alias of aliases) sql.removeAlias.run(name, alias);
				return setStatus(row, 'archived', 'version.archived', author, { aliases });
			});
		},
		restore(name, version, author) {
			return transaction(() => {
				const row = rowOf(name, version);
				if (row.status === 'ready') return fromRow(row);
				if (row.status === 'failed') ready(row);
				return setStatus(row, 'ready', 'version.restored', author);
			});
		},
		list: () => names().map(get),
		get,
		version: (name, version) => fromRow(rowOf(name, version)),
		behind(name, alias) {
			const version = aliasesOf(name).get(alias);
			return version === undefined ? null : fromRow(rowOf(name, version));
		},
		before(name, alias) {
			const holders = audit
				.list({ subject: name, limit: -1 })
				.filter(({ event, detail }) => event === 'alias.set' && detail['alias'] === alias)
				.map(({ subject }) => Number(subject.slice(name.length + 1)));
			const current = aliasesOf(name).get(alias) ?? holders[0];
			const former = holders.filter((version) => version !== current).map((version) => rowOf(name, version));
			const row = former.find(({ status }) => status === 'ready');
			return row === undefined ? null : fromRow(row);
		},
		resolve: (ref) => fromRow(find(ref)),
		resolveReady: (ref) => fromRow(ready(find(ref))),
	};
}

function parseRef(ref: string): { name: string; version?: number; alias: string } {
	const [, name, version, alias] = /^([^@/]+)(?:\/(\d{1,9})|@([\w-]+))$/.exec(ref) ?? [];
	if (name === undefined) {
		throw new PerchError('invalid_arguments', `${JSON.stringify(ref)} names no version of a model.`, {
			hint: 'Write name@alias, name@latest or name/version, such as vitalwatch@production or vitalwatch/2.',
		});
	}
	return { name, alias: alias ?? 'latest', ...(version !== undefined && { version: Number(version) }) };
}

function unknownModel(name: string, known: readonly string[]): PerchError {
	return new PerchError('not_found', `No model is called ${name}.`, {
		hint: known.length === 0 ? 'There is none yet: train one with `perch train`.' : `There is ${known.join(', ')}.`,
	});
}
