/** How well predictions hold, reference against current: the performance section of a report. */
import type { DriftPerformance, PerformanceTask } from '../../protocol/driftPerformance.ts';
import { codeAnomalySamples, codeClassSamples } from './classOutcomes.ts';
import { judgeClassification } from './judgeClassification.ts';
import { judgeRegression } from './judgeRegression.ts';
import { type BothSamples, guessTask, rowsOf, type ScoredRows } from './outcomes.ts';

export interface PerformanceOptions {
	/** As the columns show unless told. */
	task: PerformanceTask | null;
	/** Names of the truth and of what predicts. */
	target: string;
	prediction: string;
	/** Columns by which figures are parted. */
	features: readonly string[];
}

const mostClasses = 100;

/** Throws `invalid_data` where the columns cannot be what the task needs. */
export function judgePerformance(samples: BothSamples<ScoredRows>, options: PerformanceOptions): DriftPerformance {
	const { target, prediction, features } = options;
	const task = options.task ?? guessTask(samples);
	const head = { task, target, prediction };
	const left = (measured: BothSamples<number>) => ({
		left_out: {
			reference: rowsOf(samples.reference) - measured.reference,
			current: rowsOf(samples.current) - measured.current,
		},
		reason: reasonOf(samples, measured),
	});
	if (task === 'regression') {
		const { measured, ...sections } = judgeRegression(samples, features);
		return { ...head, ...left(measured), ...sections };
	}
	const coded = task === 'anomaly' ? codeAnomalySamples(samples) : codeClassSamples(samples);
	const measured = {
		reference: coded.samples.reference?.rows.length ?? 0,
		current: coded.samples.current?.rows.length ?? 0,
	};
	if (coded.classes.length > mostClasses) {
		const reason = `Labels and predictions have ${coded.classes.length} different values; classes are told up to ${mostClasses}.`;
		return { ...head, ...left(measured), reason, features: [] };
	}
	return { ...head, ...left(measured), ...judgeClassification(samples, coded, features) };
}

/** What a reader misses, and why. */
function reasonOf(samples: BothSamples<ScoredRows>, measured: BothSamples<number>): string | null {
	const missing = (['reference', 'current'] as const).flatMap((side) => {
		if (measured[side] > 0) return [];
		const where = side === 'reference' ? 'the reference' : 'the current data';
		const { target, prediction } = samples[side];
		if (target === null) return [`No labels in ${where}.`];
		return prediction === null ? [`No predictions in ${where}.`] : [`No row of ${where} has a label and a prediction.`];
	});
	return missing.length === 0 ? null : missing.join(' ');
}
