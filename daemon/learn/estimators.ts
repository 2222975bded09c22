/** The estimators: adding one is a new file and a line here. */

import * as z from 'zod/mini';
import { PerchError } from '../protocol/errors.ts';
import { type Complaint, complaints, fieldPath } from '../protocol/parse.ts';
import type { ModelSection } from '../protocol/project/model.ts';
import '../protocol/schema.ts';
import type { Estimator, Fitted } from './estimator.ts';
import type { FeatureMatrix } from './featureMatrix.ts';
import { isolationForestEstimator } from './isolationEstimator.ts';

/** An estimator whose params were checked, ready to be trained. */
export type ReadyEstimator = Pick<Estimator, 'task'> & {
	fit(matrix: FeatureMatrix, onStep: (message: string, share: number) => void): Fitted;
};

const estimators: Record<ModelSection['type'], (params: ModelSection['params']) => ReadyEstimator> = {
	isolation_forest: ready(isolationForestEstimator),
};

/** The estimator that a model section names, its params checked: throws `invalid_config` with the field. */
export function estimatorOf({ type, params }: ModelSection): ReadyEstimator {
	return estimators[type](params);
}

function ready<S extends z.ZodMiniObject>(estimator: Estimator<S>) {
	return (params: ModelSection['params']): ReadyEstimator => {
		const checked = checkParams(estimator.params, params);
		return { task: estimator.task, fit: (matrix, onStep) => estimator.fit(matrix, checked, onStep) };
	};
}

/** Params as a schema has them; from the command line numbers come as text. */
function checkParams<S extends z.ZodMiniObject>(schema: S, params: ModelSection['params']): z.output<S> {
	const read = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, asNumber(value)]));
	const parsed = z.safeParse(schema, read);
	if (parsed.success) return parsed.data;
	const [first] = complaints(schema, read, () => Object.keys(schema.shape)) as [Complaint];
	const field = `model.params.${fieldPath(first.path)}`;
	throw new PerchError('invalid_config', `${field}: ${first.message}.`, {
		field,
		...(first.hint !== undefined && { hint: first.hint }),
	});
}

function asNumber(value: string | number | boolean): string | number | boolean {
	return typeof value === 'string' && /^\s*[-+]?(\d|\.\d)[\d.]*(e[-+]?\d+)?\s*$/i.test(value) ? Number(value) : value;
}
