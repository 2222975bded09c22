/** What each type of model does and takes, for whoever explains a perch.yaml; the estimators check the same. */
import type * as z from 'zod/mini';
import '../schema.ts';
import {
	commandParams,
	ensembleParams,
	gradientBoostingParams,
	isolationForestParams,
	linearParams,
	type ModelSection,
	randomForestParams,
	type task,
} from './model.ts';
import { autoencoderParams, lstmParams } from './neural.ts';

export interface ModelType {
	readonly tasks: readonly z.output<typeof task>[];
	readonly params: z.ZodMiniObject;
}

const predicts = ['regression', 'classification'] as const;

export const modelTypes: Record<ModelSection['type'], ModelType> = {
	isolation_forest: { tasks: ['anomaly'], params: isolationForestParams },
	random_forest: { tasks: predicts, params: randomForestParams },
	gradient_boosting: { tasks: predicts, params: gradientBoostingParams },
	linear: { tasks: predicts, params: linearParams },
	autoencoder: { tasks: ['anomaly'], params: autoencoderParams },
	lstm: { tasks: ['forecast', 'anomaly'], params: lstmParams },
	ensemble: { tasks: [...predicts, 'anomaly'], params: ensembleParams },
	command: { tasks: [...predicts, 'anomaly'], params: commandParams },
};

/** The type of this name; null for what is none. */
export function modelTypeOf(name: unknown): ModelType | null {
	return Object.entries(modelTypes).find(([type]) => type === name)?.[1] ?? null;
}
