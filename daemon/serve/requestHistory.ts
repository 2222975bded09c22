/**
 * The request log as a whole, for jobs: one query over the segments that are still lines and those that were compacted
 * to Parquet. Both hold the same columns; inputs and outputs stay JSON, since every version has its own.
 */
import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { quotePath, quoteText, rowsOf, throwIfDiskFull, withDuckdb } from '../data/duckdb.ts';
import { type Column, numberColumn, stringColumn, type Table } from '../data/table.ts';
import type { RequestRecord } from '../protocol/serving.ts';
import {
	compactedPath,
	compareSegments,
	type LogFile,
	listCompacted,
	listLeftovers,
	listSegments,
	logFolder,
} from './segments.ts';

/** The columns of the log, as DuckDB types. */
const columns = {
	id: 'VARCHAR',
	ts: 'BIGINT',
	deployment: 'VARCHAR',
	model: 'VARCHAR',
	version: 'INTEGER',
	arm: 'VARCHAR',
	share: 'DOUBLE',
	key: 'VARCHAR',
	route: 'VARCHAR',
	status: 'INTEGER',
	latency_us: 'DOUBLE',
	rows: 'INTEGER',
	inputs: 'JSON',
	outputs: 'JSON',
	error: 'VARCHAR',
} as const;

const names = Object.keys(columns)
	.map((name) => `"${name}"`)
	.join(', ');

export interface Period {
	/** Milliseconds since 1970, inclusive. */
	since?: number | undefined;
	/** Exclusive. */
	until?: number | undefined;
}

/** What the requests of a period carried. */
export interface RequestRows {
	/** The inputs as the model saw them, a row each; columns that only some requests have are null elsewhere. */
	table: Table;
	/** What was logged of the request of each row. */
	requests: Pick<RequestRecord, 'status' | 'latency_us' | 'rows' | 'outputs'>[];
	/** When each row was asked about, in milliseconds since 1970. */
	times: Float64Array;
	/** The first and the last moment; 0 where nothing was logged. */
	from: number;
	to: number;
}

/** Logged requests of a deployment, newest first. */
export function readRequestRecords(
	requests: string,
	deployment: string,
	limit: number,
	period: Period = {},
): Promise<RequestRecord[]> {
	return query(requests, deployment, period, `ORDER BY ts DESC, id LIMIT ${limit}`);
}

/** The rows that a deployment was asked about, in the order in which they came. Requests whose rows were not logged are left out. */
export async function readRequestRows(requests: string, deployment: string, period: Period = {}): Promise<RequestRows> {
	const records = await query(requests, deployment, period, 'ORDER BY ts, id');
	const answered = records.filter((record) => record.inputs !== null && record.status < 400);
	const cells = new Map<string, (number | string | null)[]>();
	const logged: RequestRows['requests'] = [];
	const times: number[] = [];
	for (const { ts, inputs, status, latency_us, outputs } of answered) {
		const given = Object.entries(inputs ?? {});
		const rows = Math.max(0, ...given.map(([, values]) => values.length));
		for (const [name, values] of given) {
			const column = cells.get(name) ?? [];
			cells.set(name, column);
			while (column.length < logged.length) column.push(null);
			for (const value of values) column.push(value);
		}
		for (let row = 0; row < rows; row++) {
			logged.push({ status, latency_us, rows: 1, outputs: outputsOf(outputs, row) });
			times.push(ts);
		}
	}
	const table = {
		rows: logged.length,
		columns: [...cells].map(([name, values]) => columnOfCells(name, values, logged.length)),
	};
	return {
		table,
		requests: logged,
		times: Float64Array.from(times),
		from: answered[0]?.ts ?? 0,
		to: answered.at(-1)?.ts ?? 0,
	};
}

/**
 * Makes Parquet files of the segments that are older than `before`, the one that the daemon reads in: what it has not
 * read yet stays, and so does what is being written. Each file is written beside its place, put there, and only then is
 * the segment removed; what a crash left between is cleared.
 */
export async function compactRequests(
	requests: string,
	deployment: string,
	before: string,
): Promise<{ compacted: number }> {
	const folder = logFolder(requests, deployment);
	for (const { path } of listLeftovers(folder)) await rm(path);
	const closed = listSegments(folder).filter(({ segment }) => compareSegments(segment, before) < 0);
	for (const segment of closed) {
		await compactSegment(segment, compactedPath(folder, segment.segment));
		await rm(segment.path);
	}
	return { compacted: closed.length };
}

async function compactSegment(segment: LogFile, target: string): Promise<void> {
	const beside = `${target}.part`;
	await mkdir(dirname(target), { recursive: true, mode: 0o700 });
	try {
		await withDuckdb((connection) =>
			connection.run(
				`COPY (SELECT ${names} FROM ${lines([segment])} ORDER BY ts) TO ${quoteText(beside)} (FORMAT parquet, COMPRESSION zstd)`,
			),
		);
		await toDisk(beside);
		await rename(beside, target);
	} catch (error) {
		await rm(beside, { force: true });
		throwIfDiskFull(error, target);
		throw error;
	}
}

/** The segment is removed next: its successor must not be in a cache alone. */
async function toDisk(path: string): Promise<void> {
	const file = await open(path, 'r+');
	try {
		await file.sync();
	} finally {
		await file.close();
	}
}

/** Files may be compacted away while they are read: then the query is made anew, over what is there by then. */
const attempts = 3;

async function query(requests: string, deployment: string, period: Period, order: string): Promise<RequestRecord[]> {
	const folder = logFolder(requests, deployment);
	for (let attempt = 1; ; attempt++) {
		const segments = within(period, listSegments(folder));
		const compacted = within(period, listCompacted(folder));
		try {
			return await queryFiles(segments, compacted, period, order);
		} catch (error) {
			const vanished = [...segments, ...compacted].some(({ path }) => !existsSync(path));
			if (!vanished || attempt === attempts) throw error;
		}
	}
}

async function queryFiles(
	segments: LogFile[],
	compacted: LogFile[],
	{ since, until }: Period,
	order: string,
): Promise<RequestRecord[]> {
	const parts = [
		...(segments.length > 0 ? [`SELECT ${names} FROM ${lines(segments)}`] : []),
		...(compacted.length > 0 ? [`SELECT ${names} FROM read_parquet(${pathList(compacted)})`] : []),
	];
	if (parts.length === 0) return [];
	const bounds = [
		...(since === undefined ? [] : [`ts >= ${since}`]),
		...(until === undefined ? [] : [`ts < ${until}`]),
		'id IS NOT NULL',
	];
	const rows = await withDuckdb((connection) =>
		rowsOf(connection, `SELECT ${names} FROM (${parts.join(' UNION ALL ')}) WHERE ${bounds.join(' AND ')} ${order}`),
	);
	return rows.map(recordOf);
}

/** Milliseconds by which a request may be older than the segment in which it is. */
const slack = 60_000;

/** The files that can hold requests of a period: a file ends where the next one begins. */
function within({ since = 0, until = Number.POSITIVE_INFINITY }: Period, files: LogFile[]): LogFile[] {
	return files.filter(({ start }, index) => {
		const end = files[index + 1]?.start ?? Number.POSITIVE_INFINITY;
		return end + slack >= since && start - slack < until;
	});
}

/** Segments as a table; a last line that is still being written is left out. */
function lines(segments: LogFile[]): string {
	const types = Object.entries(columns)
		.map(([name, type]) => `"${name}": '${type}'`)
		.join(', ');
	return `read_json(${pathList(segments)}, format = 'newline_delimited', ignore_errors = true, maximum_object_size = 134217728, columns = {${types}})`;
}

function pathList(files: LogFile[]): string {
	return `[${files.map(({ path }) => quotePath(path)).join(', ')}]`;
}

function recordOf(row: unknown[]): RequestRecord {
	const [id, ts, deployment, model, version, arm, share, key, route, status, latency, rows, inputs, outputs, error] =
		row;
	return {
		...({ id, deployment, model, arm, key, route } as Pick<
			RequestRecord,
			'id' | 'deployment' | 'model' | 'arm' | 'key' | 'route'
		>),
		ts: Number(ts),
		version: Number(version),
		share: Number(share),
		status: Number(status),
		latency_us: Number(latency),
		rows: Number(rows),
		inputs: parsed(inputs),
		outputs: parsed(outputs),
		...(typeof error === 'string' && { error }),
	};
}

function parsed(text: unknown): RequestRecord['inputs'] {
	return typeof text === 'string' ? (JSON.parse(text) as RequestRecord['inputs']) : null;
}

function outputsOf(outputs: RequestRecord['outputs'], row: number): RequestRecord['outputs'] {
	return outputs === null
		? null
		: Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, values.slice(row, row + 1)]));
}

function columnOfCells(name: string, values: (number | string | null)[], rows: number): Column {
	while (values.length < rows) values.push(null);
	const isText = values.some((value) => typeof value === 'string');
	if (isText)
		return stringColumn(
			name,
			values.map((value) => (value === null ? null : String(value))),
		);
	return numberColumn(
		name,
		values.map((value) => (typeof value === 'number' ? value : Number.NaN)),
	);
}
