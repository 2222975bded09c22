/** A trainer in any language as a predictor: it gets the prepared rows as Parquet, and leaves an ONNX file. */
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { numberColumn, type Table } from '../../data/table.ts';
import { writeTable } from '../../data/write.ts';
import { runCommand } from '../../jobs/command/runCommand.ts';
import { type CheckedFile, checkModelFile } from '../../onnx/checkFile.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { ModelSection } from '../../protocol/project/model.ts';
import { gatherNumbers } from '../../stats/gather.ts';
import type { FittedPredictor, Lesson } from '../predictor.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import { answersOf, type ExternalModel, readExternal } from './externalModel.ts';
import { reportReader } from './trainerReport.ts';

type OnStep = (message: string, share: number) => void;

const longest = 3600;
const mostFiles = 1000;

/** Trains with the command of a section; `dir` is a folder of the job, in which each training gets one of its own. */
export function commandPredictor(section: ModelSection, dir: string) {
	return async (lesson: Lesson, onStep: OnStep): Promise<FittedPredictor> => {
		const place = mkdtempSync(join(dir, 'training-'));
		const artifacts = join(place, 'artifacts');
		mkdirSync(artifacts, { recursive: true });
		const paths = {
			train: join(place, 'train.parquet'),
			model: join(place, 'model.onnx'),
			log: join(place, 'trainer.log'),
		};
		const { matrix, target, rows } = lesson;
		const names = namesOf(matrix);
		const label = freeName(names);
		await writeTable(lessonTable(lesson, names, label), paths.train);
		const report = reportReader(onStep);
		onStep(`Running ${section.run}`, 0);
		await runCommand({
			...{ run: section.run ?? '', folder: section.folder ?? '.', timeout: section.timeout ?? longest },
			...{ secrets: section.secrets ?? [], dir, log: paths.log, onLine: report.take },
			env: {
				...Object.fromEntries(Object.entries(section.env ?? {}).map(([name, value]) => [name, String(value)])),
				PERCH_TRAIN: paths.train,
				PERCH_TARGET: label,
				PERCH_TASK: target.task,
				PERCH_CLASSES: JSON.stringify(target.task === 'classification' ? target.classes : []),
				PERCH_PARAMS: JSON.stringify(section.params),
				PERCH_MODEL: paths.model,
				PERCH_ARTIFACTS: artifacts,
			},
		});
		const file = await takeModel(paths.model);
		const outputs = target.task === 'regression' ? 1 : target.classes.length;
		const model = readExternal(file, names.length, target.task, outputs);
		await requireAnswers(model, matrix, rows);
		const files = Object.fromEntries([
			['trainer.log', paths.log],
			...filesIn(artifacts).map((path) => [`artifacts/${relative(artifacts, path).replaceAll('\\', '/')}`, path]),
		]);
		return {
			params: { run: section.run ?? '', ...textOf(section.params) },
			...{ history: report.history, metrics: report.metrics, files },
			predict: (asked) => answersOf(model, asked),
			addToGraph: model.addToGraph,
		};
	};
}

function namesOf({ columns, names }: FeatureMatrix): readonly string[] {
	return names ?? columns.map((_, index) => `feature_${index}`);
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

async function takeModel(path: string): Promise<CheckedFile> {
	if (existsSync(path)) return checkModelFile(path);
	throw new PerchError('invalid_model', 'The command ended well, and left no model.', {
		field: 'model.run',
		hint: 'It writes the ONNX file to the path in the environment variable PERCH_MODEL.',
	});
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

/** Regular files alone: a link may lead anywhere. */
function filesIn(folder: string): string[] {
	const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
	const files = entries.filter((path) => lstatSync(path).isFile());
	if (files.length <= mostFiles) return files.sort();
	throw new PerchError('job_failed', `The command left ${files.length} artifacts; at most ${mostFiles} are kept.`, {
		field: 'model.run',
		hint: 'Pack them into one file.',
	});
}

function textOf(params: ModelSection['params']): Record<string, string | number> {
	return Object.fromEntries(
		Object.entries(params).map(([name, value]) => [name, typeof value === 'number' ? value : String(value)]),
	);
}
