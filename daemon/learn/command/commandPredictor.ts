/** A trainer in any language as a predictor: it gets the prepared rows as Parquet, and leaves an ONNX file. */
import { numberColumn, type Table } from '../../data/table.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { ModelSection } from '../../protocol/project/model.ts';
import { gatherNumbers } from '../../stats/gather.ts';
import type { FittedPredictor, Lesson } from '../predictor.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import { answersOf, type ExternalModel, readExternal } from './externalModel.ts';
import { namesOf, runTrainer } from './runTrainer.ts';

type OnStep = (message: string, share: number) => void;

/** Trains with the command of a section; `dir` is a folder of the job, in which each training gets one of its own. */
export function commandPredictor(section: ModelSection, dir: string) {
	return async (lesson: Lesson, onStep: OnStep): Promise<FittedPredictor> => {
		const { matrix, target, rows } = lesson;
		const names = namesOf(matrix);
		const label = freeName(names);
		const { file, ...left } = await runTrainer(
			section,
			dir,
			{
				table: lessonTable(lesson, names, label),
				env: {
					PERCH_TARGET: label,
					PERCH_TASK: target.task,
					PERCH_CLASSES: JSON.stringify(target.task === 'classification' ? target.classes : []),
				},
			},
			onStep,
		);
		const outputs = target.task === 'regression' ? 1 : target.classes.length;
		const model = readExternal(file, names.length, target.task, outputs);
		await requireAnswers(model, matrix, rows);
		return { ...left, predict: (asked) => answersOf(model, asked), addToGraph: model.addToGraph };
	};
}

/** A name for the target beside those of the features. */
function freeName(names: readonly string[]): string {
	let name = 'target';
	while (names.includes(name)) name += '_';
	return name;
}

/** The rows learned from: the features, and the target as a number (of its class, for classes). */
function lessonTable({ matrix, target, rows }: Lesson, names: readonly string[], label: string): Table {
	const values = (source: ArrayLike<number>) => Float64Array.from(rows, (row) => source[row] as number);
	return {
		rows: rows.length,
		columns: [
			...matrix.columns.map((column, index) => numberColumn(names[index] as string, values(column))),
			target.task === 'regression'
				? numberColumn(label, gatherNumbers(target.values, rows))
				: numberColumn(label, values(target.codes), 'integer'),
		],
	};
}

/** Asks about a few of the rows, so that a graph which does not fit fails here and is named as the trainer's. */
async function requireAnswers(model: ExternalModel, matrix: FeatureMatrix, rows: Uint32Array): Promise<void> {
	const few = rows.subarray(0, 100);
	const columns = matrix.columns.map((column) => Float32Array.from(few, (row) => column[row] as number));
	const said = await answersOf(model, { ...matrix, rows: few.length, columns });
	const { outputs } = model;
	for (let row = 0; row < few.length; row++) {
		const shares = said.subarray(row * outputs, (row + 1) * outputs);
		const sum = shares.reduce((total, share) => total + share, 0);
		if (!shares.every(Number.isFinite)) throw unfit(`says ${shares.join(', ')} of a row that it learned from`);
		if (outputs > 1 && (shares.some((share) => share < -1e-3) || Math.abs(sum - 1) > 1e-3)) {
			throw unfit(`gives a row ${shares.join(', ')}, which are no probabilities of ${outputs} classes`);
		}
	}
}

function unfit(what: string): PerchError {
	return new PerchError('invalid_model', `The model that the command left ${what}.`, {
		field: 'model.run',
		hint: 'Numbers for regression; for classes a probability each, in the order of PERCH_CLASSES.',
	});
}
