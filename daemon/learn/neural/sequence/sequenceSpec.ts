/** What is asked of a net on series, and what a run and a file keep of it. */
import type { ModelDescription } from '../../../onnx/description.ts';
import type { WindowSection } from '../../../protocol/project/data.ts';
import type { LstmParams } from '../../../protocol/project/neural.ts';
import { parseOf, type TrainingSpec } from '../../training.ts';
import { seriesInputs } from './sequenceGraph.ts';
import type { TrainedSequence } from './sequenceModel.ts';
import type { Channel } from './seriesRows.ts';

/** The rows of the table are raw. */
export interface SequenceSpec {
	readonly spec: TrainingSpec;
	readonly window: WindowSection;
	readonly columns: readonly string[];
	readonly params: LstmParams;
}

/** What every net on series says of itself. */
export function describeSequence(
	{ spec, window, columns }: SequenceSpec,
	channels: readonly Channel[],
): Omit<ModelDescription, 'task' | 'outputs' | 'score' | 'threshold'> {
	return {
		inputs: seriesInputs(channels, window.size),
		classes: [],
		features: [...columns],
		parse: parseOf(columns, spec.prepare),
		window,
		columns: [...columns],
		key: spec.key ?? null,
		time: spec.time ?? null,
	};
}

export function sequenceParams({ window, params }: SequenceSpec): Record<string, string> {
	const all = { 'model.type': 'lstm', ...params, 'window.size': window.size, 'window.step': window.step };
	return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]));
}

export function sequenceMetrics({ epochs, validationLoss, unchangedLoss }: TrainedSequence): Record<string, number> {
	return { epochs, validation_loss: validationLoss, baseline_validation_loss: unchangedLoss };
}

/** The columns of a table that make its series: those of the windows, and what tells series apart and orders them. */
export function seriesColumns({ spec: { key, time }, columns }: SequenceSpec): string[] {
	return [...new Set([...columns, ...[key, time].filter((name) => typeof name === 'string')])];
}
