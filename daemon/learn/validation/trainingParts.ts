/** What a model that predicts learns, from which rows, and which are kept to measure with. */
import type { Table } from '../../data/table.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { SplitSection } from '../../protocol/project/split.ts';
import type { ReadyPredictor } from '../estimators.ts';
import { type Parts, splitRows } from '../split.ts';
import { readTarget, type Target } from '../target.ts';
import type { TrainingSpec } from '../training.ts';
import { checkDirections } from '../trees/directions.ts';

export interface TrainingParts extends Parts {
	readonly target: Target;
	/** By time where perch.yaml names it, else as the task asks. */
	readonly by: SplitSection['by'];
}

/** Reads the target and parts the rows. With rows to test on of their own (`spec.test`) all others are learned from. */
export function partTable(table: Table, spec: TrainingSpec, { task }: Pick<ReadyPredictor, 'task'>): TrainingParts {
	const { split, test, time, key, model } = spec;
	if (!spec.target) {
		throw new PerchError('invalid_config', `data.target: ${model.type} learns to predict a column.`, {
			field: 'data.target',
			hint: 'Name the column to predict: data: {target: price}, or --target price.',
		});
	}
	checkDirections(table, spec);
	const target = readTarget(table, spec.target, task, spec.weight);
	const by = split?.by ?? (time ? 'time' : target.task === 'classification' ? 'stratified' : 'random');
	if (test !== undefined) return { target, by, train: target.rows, test: new Uint32Array(0) };
	const parts = splitRows(table, target, { test: split?.test ?? 0.2, seed: split?.seed ?? 7, by }, { time, key });
	return { target, by, ...parts };
}
