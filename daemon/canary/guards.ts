/** What a running candidate must not do, held against what it did. The same function decides live and in the simulation. */
import type { GuardVerdict } from '../protocol/canary.ts';
import { PerchError } from '../protocol/errors.ts';
import { type Comparison, describeComparison, holds } from '../protocol/project/comparison.ts';
import type { Guard } from '../protocol/project/serve.ts';
import { type ArmFigures, latencyQuantile, type TrafficFigures } from './trafficFigures.ts';

/** Under so many requests of the candidate (or, for drift, rows) nothing is concluded. */
export const minimumTraffic = 100;

/** What a look at the live inputs found; `drift` null where it could not be told. */
export interface DriftLook {
	drift: boolean | null;
	/** Share of drifted columns. */
	share: number;
	/** Rows looked at. */
	rows: number;
	/** Why it cannot be told, or which columns drifted. */
	reason: string | null;
}

/** The metrics that a guard may name, each from the figures of one arm; null where the traffic does not tell. */
const metrics: Record<string, (arm: ArmFigures) => number | null> = {
	error_rate: ({ requests, errors }) => (requests === 0 ? null : errors / requests),
	p50_ms: (arm) => latencyQuantile(arm, 0.5),
	p95_ms: (arm) => latencyQuantile(arm, 0.95),
	p99_ms: (arm) => latencyQuantile(arm, 0.99),
	anomaly_rate: ({ labelled, anomalies }) => (labelled === 0 ? null : anomalies / labelled),
};

/** Refuses guards whose metric no traffic can tell (`invalid_config`). */
export function checkGuards(guards: readonly Guard[]): void {
	for (const [index, guard] of guards.entries()) {
		if ('drift' in guard || Object.hasOwn(metrics, guard.metric)) continue;
		throw new PerchError('invalid_config', `canary.guard[${index}]: unknown metric ${JSON.stringify(guard.metric)}.`, {
			field: `canary.guard[${index}].metric`,
			hint: `A guard knows ${Object.keys(metrics).join(', ')}, and {drift: true}.`,
		});
	}
}

/** Every guard's verdict on the traffic since the candidate started, in their order. */
export function judge(guards: readonly Guard[], figures: TrafficFigures, drift: DriftLook | null): GuardVerdict[] {
	return guards.map((guard) => ('drift' in guard ? judgeDrift(drift) : judgeMetric(guard, figures)));
}

/** What follows from the verdicts: a guard that failed rolls back, nothing else does. */
export function actionOf(verdicts: readonly GuardVerdict[]): 'none' | 'rolled_back' {
	return verdicts.some(({ failed }) => failed === true) ? 'rolled_back' : 'none';
}

/** Why a candidate is rolled back, as one line for the audit. */
export function reasonOf(verdicts: readonly GuardVerdict[]): string {
	return verdicts
		.filter(({ failed }) => failed === true)
		.map(({ guard, reason }) => `${guard}: ${reason}`)
		.join('; ');
}

function judgeDrift(look: DriftLook | null): GuardVerdict {
	const guard = 'drift';
	if (look === null) return { guard, failed: null, value: null, reason: 'The live traffic was not looked at yet.' };
	if (look.rows < minimumTraffic || look.drift === null) {
		const few = `${look.rows} of the ${minimumTraffic} rows that a look needs.`;
		const reason = look.rows < minimumTraffic ? few : (look.reason ?? 'No column could be told.');
		return { guard, failed: null, value: null, reason };
	}
	const columns = `${Math.round(look.share * 100)} % of the columns drifted over ${look.rows} rows`;
	const named = look.reason === null ? '' : ` (${look.reason})`;
	return { guard, failed: look.drift, value: look.share, reason: `${columns}${named}.` };
}

function judgeMetric(rule: Comparison, { baseline, candidate }: TrafficFigures): GuardVerdict {
	const guard = describeComparison(rule);
	const unknown = (reason: string): GuardVerdict => ({ guard, failed: null, value: null, reason });
	const measure = metrics[rule.metric];
	if (measure === undefined) return unknown(`The traffic does not tell ${rule.metric}.`);
	if (candidate.requests < minimumTraffic) {
		return unknown(`${candidate.requests} of the ${minimumTraffic} requests of the candidate that a verdict needs.`);
	}
	const value = measure(candidate);
	if (value === null) return unknown(`The answers of the candidate do not tell ${rule.metric}.`);
	if (rule.not_worse_than === undefined)
		return { guard, failed: !holds(rule, value, null), value, reason: told(rule, value) };
	const other = baseline.requests < minimumTraffic ? null : measure(baseline);
	if (other === null) {
		return unknown(`${baseline.requests} of the ${minimumTraffic} requests of the baseline that a comparison needs.`);
	}
	return {
		guard,
		failed: !holds(rule, value, other),
		value,
		reason: `${told(rule, value)}, against ${rounded(other)} of the baseline`,
	};
}

function told({ metric }: Comparison, value: number): string {
	return `${metric} of the candidate is ${rounded(value)}`;
}

function rounded(value: number): string {
	return String(Number(value.toPrecision(4)));
}
