/** The regression sections of a report. */

import type { DriftPerformance } from '../../protocol/driftPerformance.ts';
import { gatherNumbers } from '../../stats/gather.ts';
import { sorted } from '../../stats/sort.ts';
import { numberDistribution } from '../distribution.ts';
import { biasOf, type ErrorGroups, groupErrors } from './biasGroups.ts';
import { figuresByFeature, type MeasuredRows } from './byFeature.ts';
import { type BothSamples, numbersOf, rowsWithBoth, type ScoredRows } from './outcomes.ts';
import { errorsOf, regressionFigures } from './regression.ts';

/** One sample, measured. */
interface Measured extends MeasuredRows {
	errors: Float64Array;
	all: ReturnType<typeof regressionFigures>;
	groups: ErrorGroups;
}

/** Throws `invalid_data` where a label or a prediction is text. */
export function judgeRegression(
	samples: BothSamples<ScoredRows>,
	features: readonly string[],
): Pick<DriftPerformance, 'regression' | 'features'> & { measured: BothSamples<number> } {
	const [reference, current] = [measure(samples.reference), measure(samples.current)];
	const parted = figuresByFeature({ reference, current }, features, ({ mean_error }) => mean_error ?? 0);
	const bias = (sample: Measured | null, name: string) => {
		const column = sample?.table.columns.find((one) => one.name === name);
		return sample === null || column === undefined ? null : biasOf(column, sample.groups);
	};
	const empty = new Float64Array(0);
	return {
		measured: { reference: reference?.all.rows ?? 0, current: current?.all.rows ?? 0 },
		regression: {
			figures: { reference: reference?.all ?? null, current: current?.all ?? null },
			errors: numberDistribution(sorted(reference?.errors ?? empty), sorted(current?.errors ?? empty), false),
		},
		features: parted.map((feature) => ({
			...feature,
			groups: { reference: bias(reference, feature.column), current: bias(current, feature.column) },
		})),
	};
}

function measure({ table, target, prediction }: ScoredRows): Measured | null {
	if (target === null || prediction === null) return null;
	const [truth, predicted] = [numbersOf(target, 'target'), numbersOf(prediction, 'prediction')];
	const rows = rowsWithBoth(truth, predicted, Number.isFinite);
	if (rows.length === 0) return null;
	const outcomes = { truth: gatherNumbers(truth, rows), predicted: gatherNumbers(predicted, rows) };
	const errors = errorsOf(outcomes);
	return {
		table,
		rows,
		errors,
		all: regressionFigures(outcomes),
		groups: groupErrors(errors, rows),
		figures(places) {
			const { mean_error, mae } = regressionFigures({
				truth: gatherNumbers(outcomes.truth, places),
				predicted: gatherNumbers(outcomes.predicted, places),
			});
			return { rows: places.length, mean_error, mae };
		},
	};
}
