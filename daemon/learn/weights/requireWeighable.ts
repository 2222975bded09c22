import { PerchError } from '../../protocol/errors.ts';
import type { AnyReady } from '../estimators.ts';
import type { TrainingSpec } from '../training.ts';

/** Throws `invalid_config` where rows are to count more or less for a model to which all count alike. */
export function requireWeighable({ weight, window, model }: TrainingSpec, kind: AnyReady['kind']): void {
	if (!weight || (kind === 'predictor' && model.type !== 'command' && !window)) return;
	throw new PerchError(
		'invalid_config',
		`data.weight: ${window ? 'windows of a series' : `the rows that ${model.type} learns from`} all count alike.`,
		{
			field: 'data.weight',
			hint: 'Weights go with linear, random_forest, gradient_boosting and an ensemble of them, on single rows.',
		},
	);
}
