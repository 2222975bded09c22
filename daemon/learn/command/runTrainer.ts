/** Runs a trainer of a person's own on prepared rows, and takes what it left. */
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Table } from '../../data/table.ts';
import { writeTable } from '../../data/write.ts';
import { runCommand } from '../../jobs/command/runCommand.ts';
import { type CheckedFile, checkModelFile } from '../../onnx/checkFile.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { ModelSection } from '../../protocol/project/model.ts';
import type { History } from '../estimator.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import { reportReader } from './trainerReport.ts';

/** What a trainer learns, and what the environment says of it beside what it says to all. */
export interface TrainerLesson {
	readonly table: Table;
	readonly env: Readonly<Record<'PERCH_TARGET' | 'PERCH_TASK' | 'PERCH_CLASSES', string>>;
}

export interface TrainerResult {
	readonly file: CheckedFile;
	/** Params as they were used. */
	readonly params: Record<string, string | number>;
	readonly history: History;
	readonly metrics: Record<string, number>;
	/** Files that it left, by the name that the run keeps them under. */
	readonly files: Record<string, string>;
}

const longest = 3600;
const mostFiles = 1000;

/** `dir` is a folder of the job, in which each training gets one of its own. */
export async function runTrainer(
	section: ModelSection,
	dir: string,
	{ table, env }: TrainerLesson,
	onStep: (message: string, share: number) => void,
): Promise<TrainerResult> {
	const place = mkdtempSync(join(dir, 'training-'));
	const artifacts = join(place, 'artifacts');
	mkdirSync(artifacts, { recursive: true });
	const paths = {
		train: join(place, 'train.parquet'),
		model: join(place, 'model.onnx'),
		log: join(place, 'trainer.log'),
	};
	await writeTable(table, paths.train);
	const report = reportReader(onStep);
	onStep(`Running ${section.run}`, 0);
	await runCommand({
		...{ run: section.run ?? '', folder: section.folder ?? '.', timeout: section.timeout ?? longest },
		...{ secrets: section.secrets ?? [], dir, log: paths.log, onLine: report.take },
		env: {
			...Object.fromEntries(Object.entries(section.env ?? {}).map(([name, value]) => [name, String(value)])),
			PERCH_TRAIN: paths.train,
			...env,
			PERCH_PARAMS: JSON.stringify(section.params),
			PERCH_MODEL: paths.model,
			PERCH_ARTIFACTS: artifacts,
		},
	});
	const file = await takeModel(paths.model);
	const files = Object.fromEntries([
		['trainer.log', paths.log],
		...filesIn(artifacts).map((path) => [`artifacts/${relative(artifacts, path).replaceAll('\\', '/')}`, path]),
	]);
	return {
		file,
		params: { run: section.run ?? '', ...textOf(section.params) },
		...{ history: report.history, metrics: report.metrics, files },
	};
}

/** The names of the features, in their order. */
export function namesOf({ columns, names }: FeatureMatrix): readonly string[] {
	return names ?? columns.map((_, index) => `feature_${index}`);
}

async function takeModel(path: string): Promise<CheckedFile> {
	if (existsSync(path)) return checkModelFile(path);
	throw new PerchError('invalid_model', 'The command ended well, and left no model.', {
		field: 'model.run',
		hint: 'It writes the ONNX file to the path in the environment variable PERCH_MODEL.',
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
