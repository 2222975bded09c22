/** How well alarms tell the periods in which something was wrong: soon, once, and seldom otherwise. */
import type { SeriesRows } from '../threshold/series.ts';
import type { Labels } from './anomalyMetrics.ts';

/** A period of a series: places of its first and last row in the order of time. */
interface Period {
	readonly from: number;
	readonly to: number;
}

/** The weights of the standard profile of the Numenta Anomaly Benchmark. */
const weights = { hit: 1, falseAlarm: 0.11, miss: 1 };

/**
 * Periods are rows of a series, one after the other, that are labelled as anomalies; an alarm is rows, one after the
 * other, that are called so. `detected_periods`: the share of the periods with a row that is called.
 * `time_to_detect_seconds`: from the first row of a period to the first one called, the median of those detected.
 * `false_alarms_per_day`: alarms that touch no period. `nab_score`: see `nabScore`. Null where no row is labelled so.
 */
export function eventMetrics(
	{ series, times, days }: SeriesRows,
	labels: Labels,
	isCalled: (row: number) => boolean,
): Record<string, number> | null {
	const delays: number[] = [];
	let periods = 0;
	let falseAlarms = 0;
	let score = 0;
	for (const rows of series) {
		const called = Uint8Array.from(rows, (row) => +isCalled(row));
		const bad = Uint8Array.from(rows, (row) => +(labels[row] === 1));
		const wrong = runsOf(bad);
		periods += wrong.length;
		for (const { from, to } of wrong) {
			const first = called.subarray(from, to + 1).indexOf(1);
			if (first < 0) continue;
			delays.push(((times[rows[from + first] as number] as number) - (times[rows[from] as number] as number)) / 1000);
		}
		falseAlarms += runsOf(called).filter(({ from, to }) => !bad.subarray(from, to + 1).includes(1)).length;
		score += rawScore(called, wrong);
	}
	if (periods === 0) return null;
	const ordered = delays.sort((a, b) => a - b);
	const middle = ordered.length / 2;
	return {
		detected_periods: delays.length / periods,
		...(delays.length > 0 && {
			time_to_detect_seconds:
				((ordered[Math.ceil(middle) - 1] as number) + (ordered[Math.floor(middle)] as number)) / 2,
		}),
		false_alarms_per_day: falseAlarms / days,
		nab_score: normalized(score, periods),
	};
}

/**
 * The score of the Numenta Anomaly Benchmark (Lavin and Ahmad, "Evaluating real-time anomaly detection algorithms", 2015),
 * standard profile: 100 for an alarm at the first row of each period and none otherwise, 0 for no alarm at all, below for
 * noise. Of a period the best row called counts, σ(y) = 2 / (1 + e^{5y}) − 1 of its place y, from −1 at the first row
 * towards 0 at the last, over σ(−1); a period without one counts −1; every row called outside counts
 * 0.11 · σ(rows since the period before it / (its rows − 1)), and −0.11 before the first one or far behind. No rows are
 * left out as probationary.
 */
export function nabScore(called: Uint8Array, labelled: Uint8Array): number {
	const periods = runsOf(labelled);
	return normalized(rawScore(called, periods), periods.length);
}

/** Between what a detector that says nothing gets, and one that says each first row. */
function normalized(score: number, periods: number): number {
	const none = -weights.miss * periods;
	return (100 * (score - none)) / (weights.hit * periods - none);
}

function rawScore(called: Uint8Array, periods: readonly Period[]): number {
	let score = 0;
	for (const { from, to } of periods) {
		const first = called.subarray(from, to + 1).indexOf(1);
		const width = to - from + 1;
		// The first row called is the best one.
		score += first < 0 ? -weights.miss : (weights.hit * sigmoid(-(width - first) / width)) / sigmoid(-1);
	}
	let next = 0;
	for (let at = 0; at < called.length; at++) {
		while (next < periods.length && at > (periods[next] as Period).to) next++;
		const inside = next < periods.length && at >= (periods[next] as Period).from;
		if (called[at] === 0 || inside) continue;
		const before = periods[next - 1];
		const past = before === undefined ? Number.POSITIVE_INFINITY : (at - before.to) / (before.to - before.from);
		score += weights.falseAlarm * (past >= 3 ? -1 : sigmoid(past));
	}
	return score;
}

function sigmoid(place: number): number {
	return 2 / (1 + Math.exp(5 * place)) - 1;
}

function runsOf(flags: Uint8Array): Period[] {
	const runs: Period[] = [];
	for (let at = 0; at < flags.length; at++) {
		if (flags[at] === 0) continue;
		const from = at;
		while (flags[at + 1] === 1) at++;
		runs.push({ from, to: at });
	}
	return runs;
}
