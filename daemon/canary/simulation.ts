/**
 * What a canary's guards would do with given traffic, by repetition: a block bootstrap of its rows (blocks keep rows
 * together that came together), a draw of the arm for each request, and the decision that is taken live, at the same turns.
 */
import type { Table } from '../data/table.ts';
import type { SimulationOutcome } from '../protocol/canary.ts';
import type { Guard } from '../protocol/project/serve.ts';
import type { RequestRecord } from '../protocol/serving.ts';
import { moments } from '../stats/moments.ts';
import { quantile } from '../stats/quantile.ts';
import { createRandom } from '../stats/random.ts';
import { sorted } from '../stats/sort.ts';
import { wilson } from '../stats/wilson.ts';
import { actionOf, type DriftLook, judge } from './guards.ts';
import { armOfDraw } from './routing.ts';
import { addRequest, noTraffic } from './trafficFigures.ts';

export interface SimulationSettings {
	/** Requests in one repetition, each of one row. */
	requests: number;
	/** Rows that stay together, in order. */
	block: number;
	/** Share of the requests that the candidate answers, 0 to 1. */
	share: number;
	/** Requests between two looks. */
	every: number;
	seed: number;
	guard: Guard[];
}

/** Rows to draw from. */
export interface Traffic {
	rows: number;
	/** What was logged of each row's request; null where the traffic is made, and metrics of requests cannot be told. */
	requests: Pick<RequestRecord, 'status' | 'latency_us' | 'rows' | 'outputs'>[] | null;
	/** Judges a growing sample of the rows: `add` a row of the pool, `look` at the sample so far, `clear` it. */
	watch: { add(row: number): void; look(): DriftLook; clear(): void };
}

/** How one repetition ended. */
export interface Repetition {
	/** Requests until the guards rolled back; NaN where they did not. */
	rolledBackAt: number;
	/** Requests that the candidate answered until then, or to the end. */
	exposure: number;
}

/** One repetition. Its random numbers depend on the seed and its number alone, so any thread may do it. */
export function simulateRepetition(traffic: Traffic, settings: SimulationSettings, number: number): Repetition {
	const { requests, block, share, every, seed, guard } = settings;
	const random = createRandom(seed, number);
	const length = Math.min(block, traffic.rows);
	const figures = noTraffic();
	const judgesDrift = guard.some((one) => 'drift' in one);
	traffic.watch.clear();
	let start = 0;
	let exposure = 0;
	for (let request = 0; request < requests; request++) {
		const within = request % length;
		if (within === 0) start = random.integer(traffic.rows - length + 1);
		const row = start + within;
		const arm = armOfDraw(random.next(), share);
		exposure += +(arm === 'candidate');
		const logged = traffic.requests?.[row];
		if (logged !== undefined) addRequest(figures[arm], logged);
		traffic.watch.add(row);
		if ((request + 1) % every !== 0) continue;
		if (actionOf(judge(guard, figures, judgesDrift ? traffic.watch.look() : null)) === 'rolled_back') {
			return { rolledBackAt: request + 1, exposure };
		}
	}
	return { rolledBackAt: Number.NaN, exposure };
}

/** Rates with their Wilson 95 % intervals, and how long and how much it took. */
export function summarizeRepetitions(repetitions: readonly Repetition[]): SimulationOutcome {
	const total = repetitions.length;
	const ended = repetitions.filter(({ rolledBackAt }) => !Number.isNaN(rolledBackAt));
	const rate = (count: number) => ({ share: count / total, ...wilson(count, total), count });
	return {
		// A guard rolls back or lets be: promotion is not its decision.
		promote: rate(0),
		rollback: rate(ended.length),
		inconclusive: rate(total - ended.length),
		requests: spread(ended.map(({ rolledBackAt }) => rolledBackAt)),
		exposure: spread(repetitions.map(({ exposure }) => exposure)),
	};
}

function spread(values: number[]): SimulationOutcome['requests'] {
	if (values.length === 0) return { mean: null, p50: null, p95: null };
	const ascending = sorted(Float64Array.from(values));
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	return { mean, p50: quantile(ascending, 0.5), p95: quantile(ascending, 0.95) };
}

/** Traffic whose every number is moved by so many standard deviations of its column; truth values and times stay. */
export function moved(table: Table, deviations: number): Table {
	return {
		rows: table.rows,
		columns: table.columns.map((column) => {
			if (column.kind === 'string' || !measured.has(column.type)) return column;
			const shift = deviations * standardDeviation(column.values);
			return { ...column, values: column.values.map((value) => value + shift) };
		}),
	};
}

const measured: ReadonlySet<string> = new Set(['integer', 'double']);

/** Of the values that are not null; 0 without any. */
function standardDeviation(values: Float64Array): number {
	const known = values.filter((value) => !Number.isNaN(value));
	return known.length === 0 ? 0 : Math.sqrt(moments(known).squares / known.length);
}
