/** The classification sections of a report, of anomalies too. */

import { accuracyOf, macroAverage, scoresByClass } from '../../learn/metrics/classScores.ts';
import { calibrationOf, confusionOf } from '../../learn/metrics/confusion.ts';
import type { DriftPerformance } from '../../protocol/driftPerformance.ts';
import { gatherCodes } from '../../stats/gather.ts';
import { shortened } from '../report/wording.ts';
import { figuresByFeature, type MeasuredRows } from './byFeature.ts';
import { classificationFigures } from './classification.ts';
import type { ClassRows, CodedSamples } from './classOutcomes.ts';
import type { BothSamples, ScoredRows } from './outcomes.ts';

type Section = NonNullable<DriftPerformance['classification']>;
type Confusion = number[][];

const mostShown = 20;

/** `coded` are the classes of the rows of `samples`. */
export function judgeClassification(
	samples: BothSamples<ScoredRows>,
	{ classes, positive, samples: { reference, current } }: CodedSamples,
	features: readonly string[],
): { classification: Section } & Pick<DriftPerformance, 'features'> {
	const confusions = { reference: matrix(reference), current: matrix(current) };
	const order = byRows(classes.length, [confusions.reference, confusions.current]);
	const shown = order.slice(0, mostShown).sort((a, b) => a - b);
	const rest = order.slice(mostShown);
	const scores = { reference: scored(confusions.reference), current: scored(confusions.current) };
	const measured = (rows: ClassRows | null, { table }: ScoredRows) => (rows === null ? null : measure(rows, table));
	const parted = figuresByFeature(
		{ reference: measured(reference, samples.reference), current: measured(current, samples.current) },
		features,
		({ accuracy }) => accuracy ?? 0,
	);
	return {
		features: parted,
		classification: {
			classes: shown.map((code) => shortened(classes[code] as string)),
			others: rest.length,
			positive: positive === null ? null : shortened(classes[positive] as string),
			figures: { reference: figures(reference, confusions.reference), current: figures(current, confusions.current) },
			by_class: shown.map((code) => ({
				class: shortened(classes[code] as string),
				reference: scores.reference?.[code] ?? null,
				current: scores.current?.[code] ?? null,
			})),
			confusion: {
				reference: gathered(confusions.reference, shown, rest),
				current: gathered(confusions.current, shown, rest),
			},
			calibration:
				reference?.outcomes.proba == null && current?.outcomes.proba == null
					? null
					: positive === null
						? null
						: { reference: calibration(reference, positive), current: calibration(current, positive) },
		},
	};
}

function matrix(rows: ClassRows | null): Confusion | null {
	return rows === null ? null : confusionOf(rows.outcomes.truth, rows.outcomes.predicted, rows.outcomes.classes);
}

function figures(rows: ClassRows | null, confusion: Confusion | null): Section['figures']['reference'] {
	return rows === null || confusion === null ? null : classificationFigures(rows.outcomes, confusion);
}

function scored(confusion: Confusion | null): Section['by_class'][number]['reference'][] | null {
	return confusion === null
		? null
		: scoresByClass(confusion).map(({ rows, precision, recall, f1 }) => ({ rows, precision, recall, f1 }));
}

function calibration(rows: ClassRows | null, positive: number) {
	const proba = rows?.outcomes.proba?.[positive];
	return rows === null || proba === undefined ? null : calibrationOf(proba, rows.outcomes.truth, positive);
}

/** Classes, those with the most rows of both samples first. */
function byRows(classes: number, confusions: readonly (Confusion | null)[]): number[] {
	const rows = Array.from({ length: classes }, (_, code) =>
		confusions.reduce((sum, confusion) => sum + (confusion?.[code]?.reduce((all, count) => all + count, 0) ?? 0), 0),
	);
	return [...rows.keys()].sort((a, b) => (rows[b] as number) - (rows[a] as number) || a - b);
}

/** The confusion of the classes shown, with a line and a column for the rest where there is any. */
function gathered(confusion: Confusion | null, shown: readonly number[], rest: readonly number[]): Confusion | null {
	if (confusion === null) return null;
	const groups = [...shown.map((code) => [code]), ...(rest.length > 0 ? [rest] : [])];
	return groups.map((down) =>
		groups.map((across) =>
			down.reduce((sum, one) => sum + across.reduce((all, other) => all + (confusion[one]?.[other] ?? 0), 0), 0),
		),
	);
}

function measure({ rows, outcomes }: ClassRows, table: ScoredRows['table']): MeasuredRows {
	return {
		table,
		rows,
		figures(places) {
			const [truth, predicted] = [gatherCodes(outcomes.truth, places), gatherCodes(outcomes.predicted, places)];
			const confusion = confusionOf(truth, predicted, outcomes.classes);
			const scores = scoresByClass(confusion);
			const { positive } = outcomes;
			const own = positive === null ? null : scores[positive];
			const f1 = own == null ? macroAverage(scores, 'f1') : own.seen === 0 ? null : own.f1;
			return { rows: places.length, accuracy: accuracyOf(confusion), f1 };
		},
	};
}
