/** From the columns of both samples to classes, true and predicted. */

import { type Column, concatTables, type NumberColumn, stringColumn, tableOf } from '../../data/table.ts';
import { readLabels } from '../../learn/labels.ts';
import type { Labels } from '../../learn/metrics/anomalyMetrics.ts';
import { gatherCodes, gatherNumbers } from '../../stats/gather.ts';
import { codeClasses } from './classes.ts';
import type { ClassOutcomes } from './classification.ts';
import { type BothSamples, isProbability, rowsWithBoth, type ScoredRows } from './outcomes.ts';

/** The outcomes of one sample, and the rows of its table that they are of. */
export interface ClassRows {
	rows: Uint32Array;
	outcomes: ClassOutcomes;
}

export interface CodedSamples {
	classes: string[];
	positive: number | null;
	/** null where a sample has no row with a label and a prediction. */
	samples: BothSamples<ClassRows | null>;
}

/**
 * Classes by their names. Of two the larger number, `true`, or the later name is positive. Where two labels meet
 * predictions from 0 to 1, those are the probability of the positive class, which is predicted from 0.5 on.
 */
export function codeClassSamples(given: BothSamples<ScoredRows>): CodedSamples {
	const scored = fromProbabilities([given.reference, given.current]);
	const columns = scored.flatMap(({ target, prediction, proba }) => [
		target,
		prediction,
		proba === null ? null : stringColumn('', [...proba.classes]),
	]);
	const present = columns.filter((column) => column !== null);
	const { classes, codes } = codeClasses(present);
	const codesOf = (index: number) => codes[present.indexOf(columns[index] as Column)] as Int32Array;
	const positive = classes.length === 2 ? 1 : null;
	const [reference = null, current = null] = scored.map(({ target, prediction, proba }, side): ClassRows | null => {
		if (target === null || prediction === null) return null;
		const [truth, predicted] = [codesOf(3 * side), codesOf(3 * side + 1)];
		const rows = rowsWithBoth(truth, predicted, (code) => code >= 0);
		if (rows.length === 0) return null;
		const places = proba === null ? [] : [...codesOf(3 * side + 2)];
		const byClass = classes.map((_, code) => {
			const values = proba?.values[places.indexOf(code)];
			// A class that the model does not know is never likely.
			return values === undefined ? new Float64Array(rows.length) : taken(values, rows);
		});
		const outcomes = {
			truth: gatherCodes(truth, rows),
			predicted: gatherCodes(predicted, rows),
			classes: classes.length,
			positive,
			proba: proba === null ? null : byClass,
			score: proba === null || positive === null ? null : (byClass[positive] as Float64Array),
		};
		return { rows, outcomes };
	});
	return { classes, positive, samples: { reference, current } };
}

function taken(values: Float64Array, rows: Uint32Array): Float64Array {
	return gatherNumbers(values, rows);
}

function fromProbabilities(scored: readonly ScoredRows[]): ScoredRows[] {
	const predictions = scored.flatMap(({ prediction }) => prediction ?? []);
	const targets = scored.flatMap(({ target }) => target ?? []);
	const { classes } = codeClasses(targets);
	const [low, high] = classes;
	if (predictions.length === 0 || low === undefined || high === undefined || classes.length > 2) return [...scored];
	if (!predictions.some(isProbability)) return [...scored];
	return scored.map((one) => {
		if (one.prediction?.kind !== 'number') return one;
		const { name, values } = one.prediction;
		const prediction = stringColumn(
			name,
			Array.from(values, (value) => (Number.isNaN(value) ? null : value >= 0.5 ? high : low)),
		);
		return { ...one, prediction, proba: { classes: [low, high], values: [values.map((value) => 1 - value), values] } };
	});
}

/** Normal rows and anomalies, by the conventions of `readLabels`; of both samples together, as one alone may hold one kind. */
export function codeAnomalySamples({ reference, current }: BothSamples<ScoredRows>): CodedSamples {
	const samples = [reference, current];
	const targets = labelsOf(
		samples.map(({ target }) => target),
		false,
	);
	const answers = labelsOf(
		samples.map(({ prediction }) => prediction),
		true,
	);
	const [first = null, second = null] = samples.map(({ anomalyScore }, side): ClassRows | null => {
		const [truth, predicted] = [targets[side], answers[side]];
		if (truth == null || predicted == null) return null;
		const rows = rowsWithBoth(truth, predicted, (label) => label >= 0);
		if (rows.length === 0) return null;
		const outcomes = {
			truth: gatherCodes(truth, rows),
			predicted: gatherCodes(predicted, rows),
			classes: 2,
			positive: 1,
			proba: null,
			score: anomalyScore === null ? null : taken(anomalyScore, rows),
		};
		return { rows, outcomes };
	});
	return { classes: ['normal', 'anomaly'], positive: 1, samples: { reference: first, current: second } };
}

/** 1 anomaly, 0 normal, −1 unknown. Predictions that are all 1 are normal, as models write it. */
function labelsOf(columns: readonly (Column | null)[], predicted: boolean): (Labels | null)[] {
	const present = columns.filter((column) => column !== null).map((column) => ({ ...column, name: 'label' }));
	if (present.length === 0) return columns.map(() => null);
	const whole = concatTables(present.map((column) => tableOf([column])));
	const [column] = whole.columns;
	const allNormal =
		predicted && column?.kind === 'number' && !column.values.some((value) => value === 0 || value === -1);
	const labels = allNormal ? labelsOfModel(column) : readLabels(whole, 'label');
	let from = 0;
	return columns.map((one) => {
		if (one === null) return null;
		const rows = one.kind === 'number' ? one.values.length : one.codes.length;
		from += rows;
		return labels.slice(from - rows, from);
	});
}

function labelsOfModel({ values }: NumberColumn): Labels {
	return Int8Array.from(values, (value) => (Number.isNaN(value) ? -1 : 0));
}
