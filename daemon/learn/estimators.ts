/** The estimators: adding one is a new file and a line here. */

import * as z from 'zod/mini';
import type { Table } from '../data/table.ts';
import { alone, type Team } from '../kernels/team.ts';
import type { Progress } from '../protocol/core.ts';
import { isPerchError, PerchError } from '../protocol/errors.ts';
import { type Complaint, complaints, fieldPath } from '../protocol/parse.ts';
import { ensembleParams, type MemberSection, type ModelSection } from '../protocol/project/model.ts';
import '../protocol/schema.ts';
import { lstmParams } from '../protocol/project/neural.ts';
import { commandDetector } from './command/commandDetector.ts';
import { commandPredictor } from './command/commandPredictor.ts';
import { fitAnomalyEnsemble } from './ensemble/anomalyEnsemble.ts';
import { fitEnsemble } from './ensemble/ensemblePredictor.ts';
import type { Estimator, OnStep, ReadyEstimator } from './estimator.ts';
import { isolationForestEstimator } from './isolation/isolationEstimator.ts';
import { linearPredictor } from './linear/linearPredictor.ts';
import { autoencoderEstimator } from './neural/autoencoderEstimator.ts';
import { trainOnSeries } from './neural/sequence/sequenceEstimator.ts';
import type { SequenceLearner } from './neural/sequence/sequenceFolds.ts';
import type { FittedPredictor, Lesson, Predictor } from './predictor.ts';
import type { TrainedModel, TrainingSpec } from './training.ts';
import { boostingPredictor } from './trees/boostingPredictor.ts';
import { forestPredictor } from './trees/forestPredictor.ts';

/** A predictor whose params were checked, ready to be trained. */
export interface ReadyPredictor extends Pick<Predictor, 'takesMissing' | 'takesCategories'> {
	readonly kind: 'predictor';
	/** The task that was asked for, if any was. */
	readonly task: 'regression' | 'classification' | undefined;
	fit(lesson: Lesson, onStep: OnStep): FittedPredictor | Promise<FittedPredictor>;
}

/** The same of a net that learns from the rows of series. */
export interface ReadySequence {
	readonly kind: 'sequence';
	readonly learner: SequenceLearner;
	train(table: Table, spec: TrainingSpec, onProgress: (progress: Progress) => void): Promise<TrainedModel>;
}

export type AnyReady = ReadyEstimator | ReadyPredictor | ReadySequence;
/** What a training may work with. */
export interface Means {
	/** Threads that do the work together; this one alone unless told. */
	team: Team;
	/** A folder of the job, for a trainer of a person's own. */
	dir?: string | undefined;
}

type Ready<R> = (section: ModelSection, means: Means) => R;

/** Those that an ensemble may ask too. */
const predictors = {
	random_forest: predictor(forestPredictor),
	gradient_boosting: predictor(boostingPredictor),
	linear: predictor(linearPredictor),
} satisfies Partial<Record<MemberSection['type'], Ready<ReadyPredictor>>>;
const detectors = {
	isolation_forest: estimator(isolationForestEstimator),
	autoencoder: estimator(autoencoderEstimator),
} satisfies Partial<Record<MemberSection['type'], Ready<ReadyEstimator>>>;
const members: Record<MemberSection['type'], Ready<ReadyPredictor | ReadyEstimator>> = { ...predictors, ...detectors };

const estimators: Record<ModelSection['type'], Ready<AnyReady>> = { ...members, lstm: sequence, ensemble, command };

/**
 * The estimator that a model section names, its task and params checked: throws `invalid_config` with the field. It is the
 * same for any number of threads.
 */
export function estimatorOf(section: ModelSection, means: Means = { team: alone }): AnyReady {
	return estimators[section.type](section, means);
}

function ensemble(section: ModelSection, means: Means): ReadyPredictor | ReadyEstimator {
	const { type, models = [] } = section;
	const found = models.every((one) => one.type in detectors) ? 'anomaly' : undefined;
	const task = section.task ?? found;
	if (task === 'forecast') throw wrongTask(type, task, ['regression', 'classification', 'anomaly']);
	const params = checkParams(ensembleParams, section.params);
	const asked = models.map((one, index) => ({
		type: one.type,
		...ready(one, task, means, `model.models[${index}]`),
	}));
	const findAnomalies = asked.filter((one) => one.kind === 'anomaly');
	if (findAnomalies.length > 0) {
		return {
			kind: 'anomaly',
			measuresItself: false,
			fit: (matrix, onStep, labels) => fitAnomalyEnsemble(matrix, findAnomalies, params, onStep, labels),
		};
	}
	const predict = asked.filter((one) => one.kind === 'predictor');
	return {
		kind: 'predictor',
		task: task === 'anomaly' ? undefined : task,
		takesMissing: predict.every(({ takesMissing }) => takesMissing),
		takesCategories: predict.every(({ takesCategories }) => takesCategories),
		fit: (lesson, onStep) => fitEnsemble(lesson, predict, params, onStep),
	};
}

/** A member of an ensemble; what is wrong with it is said of its own place in perch.yaml. */
function ready(
	one: MemberSection,
	task: ModelSection['task'],
	means: Means,
	place: string,
): ReadyPredictor | ReadyEstimator {
	try {
		// Beside models that predict, one of anomalies is refused as it would be alone.
		return members[one.type]({ ...one, task: task ?? (one.type in detectors ? 'regression' : undefined) }, means);
	} catch (error) {
		if (!isPerchError(error) || error.detail.field === undefined) throw error;
		const field = error.detail.field.replace(/^model/, place);
		throw new PerchError(error.code, error.message.replace(error.detail.field, field), { ...error.detail, field });
	}
}

function command(section: ModelSection, { dir }: Means): ReadyPredictor | ReadyEstimator {
	const { type, task } = section;
	if (task === 'forecast') throw wrongTask(type, task, ['regression', 'classification', 'anomaly']);
	if (dir === undefined) throw new PerchError('internal', 'A command has no folder to work in.');
	if (task === 'anomaly') return { kind: 'anomaly', measuresItself: false, fit: commandDetector(section, dir) };
	return { kind: 'predictor', task, takesMissing: false, takesCategories: false, fit: commandPredictor(section, dir) };
}

/** Whether a model is given the raw rows of series, and cuts its windows itself. */
export function learnsSeries({ type }: Pick<ModelSection, 'type'>): boolean {
	return type === 'lstm';
}

function estimator<S extends z.ZodMiniObject>(known: Estimator<S>) {
	return ({ type, task, params }: ModelSection, { team }: Means): ReadyEstimator => {
		if (task !== undefined && task !== known.task) throw wrongTask(type, task, [known.task]);
		const checked = checkParams(known.params, params);
		return {
			kind: 'anomaly',
			measuresItself: known.measuresItself,
			fit: (matrix, onStep, labels) => known.fit(matrix, checked, onStep, labels, team),
		};
	};
}

function predictor<S extends z.ZodMiniObject>(known: Predictor<S>) {
	return ({ type, task, params }: ModelSection, { team }: Means): ReadyPredictor => {
		if (task === 'anomaly' || task === 'forecast') throw wrongTask(type, task, known.tasks);
		const checked = checkParams(known.params, params);
		return {
			kind: 'predictor',
			task,
			takesMissing: known.takesMissing,
			takesCategories: known.takesCategories,
			fit: (lesson, onStep) => known.fit(lesson, checked, onStep, team),
		};
	};
}

function sequence({ type, task = 'forecast', params }: ModelSection): ReadySequence {
	if (task !== 'forecast' && task !== 'anomaly') throw wrongTask(type, task, ['forecast', 'anomaly']);
	const learner = { task, params: checkParams(lstmParams, params) };
	return {
		kind: 'sequence',
		learner,
		train: (table, spec, onProgress) => trainOnSeries(table, spec, learner, onProgress),
	};
}

function wrongTask(type: string, task: string, tasks: readonly string[]): PerchError {
	return new PerchError('invalid_config', `model.task: ${type} does not do ${task}.`, {
		field: 'model.task',
		hint: `It does ${tasks.join(' and ')}.`,
	});
}

/** Params as a schema has them; from the command line numbers and truth values come as text. */
function checkParams<S extends z.ZodMiniObject>(schema: S, params: ModelSection['params']): z.output<S> {
	const read = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, readParam(value)]));
	const parsed = z.safeParse(schema, read);
	if (parsed.success) return parsed.data;
	const [first] = complaints(schema, read, () => Object.keys(schema.shape)) as [Complaint];
	const field = `model.params.${fieldPath(first.path)}`;
	throw new PerchError('invalid_config', `${field}: ${first.message}.`, {
		field,
		...(first.hint !== undefined && { hint: first.hint }),
	});
}

type Written = ModelSection['params'][string];

function readParam(value: Written): Written {
	if (typeof value === 'object') {
		return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, readParam(one) as string | number]));
	}
	if (value === 'true' || value === 'false') return value === 'true';
	return typeof value === 'string' && /^\s*[-+]?(\d|\.\d)[\d.]*(e[-+]?\d+)?\s*$/i.test(value) ? Number(value) : value;
}
