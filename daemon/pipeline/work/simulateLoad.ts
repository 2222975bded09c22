import { rawColumns } from '../../data/parse/parseColumns.ts';
import { readTable } from '../../data/read/read.ts';
import { type Column, columnOf, isoTime, type Table } from '../../data/table.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import { rowsOfSeries } from '../../onnx/description.ts';
import { inspectModel } from '../../onnx/model.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { Reading } from '../../protocol/reading.ts';
import { createRandom, type Random } from '../../stats/random.ts';
import { requireColumn } from './rows.ts';

export interface SimulateLoadInput {
	/** Where the deployment answers, `http://127.0.0.1:PORT/deployments/NAME`. */
	uri: string;
	token: string | null;
	/** The .onnx file that answers, which tells what a request has to carry. */
	model: string;
	/** The column whose value goes into the header x-perch-key, when the data have it. */
	key: string | null;
	data: string;
	reading: Reading;
	requests: number;
	concurrency: number;
	seed: number;
}

export interface LoadOutcome {
	sent: number;
	failed: number;
	arms: { baseline: number; candidate: number };
	anomalies: number;
	seconds: number;
}

type Prediction = { label?: number } | number | null;

/** Sends rows of a file to a deployment as its clients would, a window of one series a request for a windowed model. */
export async function simulateLoadWork(input: SimulateLoadInput, { progress }: JobContext): Promise<LoadOutcome> {
	progress('Reading the data', 0);
	const table = await readTable(input.data, input.reading);
	const { description } = await inspectModel(input.model);
	const taken = (description.window === null ? description.inputs : rowsOfSeries(description)).map(({ name }) => name);
	const columns = rawColumns(taken, description.parse);
	for (const name of columns) requireColumn(table, name, input.data);
	const series = description.window === null ? null : { size: description.window.size, key: description.key };
	const draw = createDraws(table, columns, series, input);
	const outcome: LoadOutcome = { sent: 0, failed: 0, arms: { baseline: 0, candidate: 0 }, anomalies: 0, seconds: 0 };
	const started = performance.now();
	let firstFailure: string | null = null;
	const client = async () => {
		while (outcome.sent < input.requests) {
			const { rows, key } = draw(outcome.sent++);
			const failure = await send(input, rows, key, outcome);
			if (failure !== null) {
				outcome.failed++;
				firstFailure ??= failure;
			}
			progress(`Sent ${outcome.sent} of ${input.requests} requests`, outcome.sent / input.requests);
		}
	};
	await Promise.all(Array.from({ length: input.concurrency }, client));
	outcome.seconds = (performance.now() - started) / 1000;
	if (outcome.failed === outcome.sent) {
		throw new PerchError('not_serving', `Every request failed; the first: ${firstFailure}.`, {
			hint: 'See perch logs.',
		});
	}
	return outcome;
}

type Cell = number | string | null;

/** Chooses the rows of each request: the same ones for the same seed, whatever the order in which they are sent. */
function createDraws(
	table: Table,
	columns: readonly string[],
	window: { size: number; key: string | null } | null,
	{ key, seed }: SimulateLoadInput,
) {
	const chosen = columns.map((name) => columnOf(table, name));
	const named = (wanted: string | null) => table.columns.find(({ name }) => name === wanted) ?? null;
	const keyColumn = named(key);
	const length = window?.size ?? 1;
	const series = seriesOf(table.rows, named(window?.key ?? null)).filter((rows) => rows.length >= length);
	if (series.length === 0)
		throw new PerchError('empty_data', `The data have no series of ${length} rows, which one request needs.`);
	return (request: number): { rows: Record<string, Cell>[]; key: string | null } => {
		const random: Random = createRandom(seed, request);
		const of = series[random.integer(series.length)] as number[];
		const start = random.integer(of.length - length + 1);
		const rows = of.slice(start, start + length);
		const [first] = rows;
		return {
			rows: rows.map((row) => Object.fromEntries(chosen.map((column) => [column.name, cellOf(column, row)]))),
			key: keyColumn === null || first === undefined ? null : String(cellOf(keyColumn, first)),
		};
	};
}

/** The rows of each series in their order; all rows where no column tells series apart. */
function seriesOf(rows: number, key: Column | null): number[][] {
	const series = new Map<Cell, number[]>();
	for (let row = 0; row < rows; row++) {
		const of = key === null ? null : cellOf(key, row);
		const known = series.get(of);
		if (known === undefined) series.set(of, [row]);
		else known.push(row);
	}
	return [...series.values()];
}

function cellOf(column: Column, row: number): Cell {
	if (column.kind === 'string') return column.dictionary[column.codes[row] ?? -1] ?? null;
	const value = column.values[row] ?? Number.NaN;
	if (Number.isNaN(value)) return null;
	return column.type === 'date' || column.type === 'timestamp' ? isoTime(value) : value;
}

/** Sends one request and counts its answer; returns what went wrong, or null. */
async function send(
	{ uri, token }: SimulateLoadInput,
	rows: Record<string, Cell>[],
	key: string | null,
	outcome: LoadOutcome,
): Promise<string | null> {
	try {
		const answer = await fetch(`${uri}/predict`, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				...(token !== null && { authorization: `Bearer ${token}` }),
				...(key !== null && { 'x-perch-key': key }),
			},
			body: JSON.stringify({ data: rows }),
		});
		if (!answer.ok) return `${answer.status} ${await answer.text()}`;
		const arm = answer.headers.get('x-perch-arm') === 'candidate' ? 'candidate' : 'baseline';
		outcome.arms[arm]++;
		// A route alias may answer with the bare labels.
		const body = (await answer.json()) as Prediction[] | { predictions: Prediction[] };
		const predictions = Array.isArray(body) ? body : body.predictions;
		outcome.anomalies += predictions.filter((one) => (typeof one === 'object' ? one?.label : one) === -1).length;
		return null;
	} catch (error) {
		return (error as Error).message;
	}
}
