/** What the guards know of the traffic since a candidate started: a fold over the request log, small enough to be kept. */
import type { Arm, RequestRecord } from '../protocol/serving.ts';

/** The figures of one arm. Plain JSON, so that a restarted daemon goes on from where it had read to. */
export interface ArmFigures {
	/** Requests that the version answered or failed on; what the caller got wrong (400 to 499) is not among them. */
	requests: number;
	/** Requests on which the version failed. */
	errors: number;
	/** Rows answered. */
	rows: number;
	/** Rows whose answer is in the log and has a label, and those labelled as anomalies. */
	labelled: number;
	anomalies: number;
	/** How many answers took how long: counts by the number of the bucket, see `latencyBucket`. */
	latency: Record<string, number>;
}

export type TrafficFigures = Record<Arm, ArmFigures>;

const noFigures = (): ArmFigures => ({ requests: 0, errors: 0, rows: 0, labelled: 0, anomalies: 0, latency: {} });

/** The figures before the first request. */
export function noTraffic(): TrafficFigures {
	return { baseline: noFigures(), candidate: noFigures() };
}

/** The figures after these requests too. */
export function addTraffic(figures: TrafficFigures, records: Iterable<RequestRecord>): TrafficFigures {
	const next = {
		baseline: { ...figures.baseline, latency: { ...figures.baseline.latency } },
		candidate: { ...figures.candidate, latency: { ...figures.candidate.latency } },
	};
	for (const record of records) addRequest(next[record.arm], record);
	return next;
}

/** Adds one request to the figures of its arm. */
export function addRequest(
	arm: ArmFigures,
	{ status, latency_us: latency, rows, outputs }: Pick<RequestRecord, 'status' | 'latency_us' | 'rows' | 'outputs'>,
): void {
	if (status >= 400 && status < 500) return;
	arm.requests++;
	if (status >= 500) {
		arm.errors++;
		return;
	}
	arm.rows += rows;
	const bucket = latencyBucket(latency);
	arm.latency[bucket] = (arm.latency[bucket] ?? 0) + 1;
	for (const label of outputs?.['label'] ?? []) {
		arm.labelled++;
		if (label === -1) arm.anomalies++;
	}
}

/** Width of a latency bucket: each ends 1 % above where it begins. */
const growth = 1.01;

/** The bucket of a latency in microseconds: bucket b holds (1.01^(b-1), 1.01^b]; 1 and less are bucket 0. */
export function latencyBucket(microseconds: number): number {
	return microseconds <= 1 ? 0 : Math.ceil(Math.log(microseconds) / Math.log(growth) - 1e-9);
}

/**
 * The q-quantile (0 to 1) of an arm's latencies in milliseconds: the smallest latency that at least the share q of the
 * answers did not exceed, within 0.5 % (the middle of its bucket). Null without answers.
 */
export function latencyQuantile({ latency }: ArmFigures, q: number): number | null {
	const counts = Object.entries(latency)
		.map(([bucket, count]) => [Number(bucket), count] as const)
		.sort(([a], [b]) => a - b);
	const total = counts.reduce((sum, [, count]) => sum + count, 0);
	let seen = 0;
	for (const [bucket, count] of counts) {
		seen += count;
		if (seen >= q * total) return growth ** (bucket - 0.5) / 1000;
	}
	return null;
}
