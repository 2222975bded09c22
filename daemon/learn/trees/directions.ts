/** Columns along which predictions may not fall, or not rise. */
import { knownColumns, type Table } from '../../data/table.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { ModelSection } from '../../protocol/project/model.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import type { Target } from '../target.ts';
import type { TrainingSpec } from '../training.ts';

export type Directions = Readonly<Record<string, 'increasing' | 'decreasing'>>;

/**
 * By feature: 1 for increasing, −1 for decreasing, 0 for all others; a column that the preparation left out is in none. Of
 * two classes it is the probability of the second. Throws `invalid_config` for three classes or more.
 */
export function directionsOf(
	{ names = [], columns, categories }: FeatureMatrix,
	target: Target,
	asked: Directions,
): Int8Array {
	const directions = new Int8Array(columns.length);
	if (Object.keys(asked).length > 0 && target.task === 'classification' && target.classes.length > 2) {
		throw unfit(
			'params.monotone',
			'three classes or more have no order.',
			'It goes with numbers and with two classes.',
		);
	}
	for (const [column, direction] of Object.entries(asked)) {
		const feature = names.indexOf(column);
		if (feature >= 0 && !categories?.[feature]) directions[feature] = direction === 'increasing' ? 1 : -1;
	}
	return directions;
}

/** Throws `unknown_column`, or `invalid_config` where a column of `monotone` is no number that the model learns from. */
export function checkDirections(table: Table, spec: TrainingSpec): void {
	const { model } = spec;
	check(table, spec, 'params.monotone', model.params);
	for (const [at, member] of (model.models ?? []).entries()) {
		check(table, spec, `models[${at}].params.monotone`, member.params);
	}
}

function check(table: Table, spec: TrainingSpec, field: string, { monotone }: ModelSection['params']): void {
	if (typeof monotone !== 'object') return;
	const { target, key, time, weight, exclude = [], columns, prepare } = spec;
	const apart = new Set([target, key, time, weight, ...exclude]);
	const encoded = new Set(prepare.flatMap((step) => ('encode' in step ? step.encode.columns : [])));
	for (const name of Object.keys(monotone)) {
		const column = table.columns.find((one) => one.name === name);
		if (column === undefined) {
			throw new PerchError('unknown_column', `model.${field}: there is no column ${JSON.stringify(name)}.`, {
				field: `model.${field}`,
				hint: knownColumns(table.columns.map((one) => one.name)),
			});
		}
		const isNumber = column.kind === 'number' && column.type !== 'date' && column.type !== 'timestamp';
		if (apart.has(name) || columns?.includes(name) === false) {
			throw unfit(field, `${JSON.stringify(name)} is none of the columns that the model learns from.`, 'Leave it out.');
		}
		if (isNumber && !encoded.has(name)) continue;
		throw unfit(field, `${JSON.stringify(name)} holds no numbers that rise or fall.`, 'Name columns of numbers alone.');
	}
}

function unfit(field: string, why: string, hint: string): PerchError {
	return new PerchError('invalid_config', `model.${field}: ${why}`, { field: `model.${field}`, hint });
}
