import { writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import type { Table } from '../../data/table.ts';
import { writeTable } from '../../data/write.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import { learnsSeries } from '../../learn/estimators.ts';
import { type TrainedModel, type TrainingSpec, trainModel } from '../../learn/trainModel.ts';
import { compareSeries } from '../../learn/validation/compareSeries.ts';
import { compareVersions, isMeasuredTask, type VersionsCompared } from '../../learn/validation/compareVersions.ts';
import { withDerivation } from '../../onnx/derivation.ts';
import { type ModelOrigin, withOrigin } from '../../onnx/origin.ts';
import type { StepFigures } from '../../protocol/core.ts';
import { toPerchError } from '../../protocol/errors.ts';
import type { DataSection } from '../../protocol/project/data.ts';
import type { ModelSection } from '../../protocol/project/model.ts';
import type { PrepareSection } from '../../protocol/project/prepare.ts';
import type { SplitSection } from '../../protocol/project/split.ts';
import { asideNote, type Reading } from '../../protocol/reading.ts';
import { makeGolden } from '../../serve/goldenSet.ts';
import { trainFiles } from '../jobFiles.ts';
import { rowRules } from '../rowRules.ts';
import type { DatasetClaim } from './identify.ts';
import { filteredNote, readProjectRows } from './projectRows.ts';
import { requireColumns, sourceName } from './rows.ts';
import { startTrainingTeam } from './trainingTeam.ts';
import { type EarlierTuning, tuneWork } from './tune.ts';
import { trainingWindows, windowColumns } from './windowed.ts';

export interface TrainInput {
	data: DataSection;
	reading: Reading;
	prepare: PrepareSection;
	model: ModelSection;
	split: SplitSection | undefined;
	/** Where the bundles are. */
	dist: string;
	/** What trains: versions of Perch and of the folder of perch.yaml. */
	code: Pick<ModelOrigin, 'perch' | 'commit'>;
	/** What the daemon knows of the data. */
	datasets: { training: DatasetClaim; test: DatasetClaim };
	/** The version in production, where `validate` asks for metrics not worse than its. */
	production: { file: string; version: number; metrics: string[] } | null;
	/** What a tuning that was stopped came to. */
	earlier: EarlierTuning | null;
}

/** Reads, cuts, trains and checks; writes the graph and the rows as the model saw them. */
export async function trainWork(
	{ data, reading, prepare, model, split, dist, code, datasets, production, earlier }: TrainInput,
	{ dir, progress, tell }: JobContext,
) {
	progress('Reading the data', 0);
	const rules = rowRules(data, prepare);
	const training = await readProjectRows(data.source, datasets.training, reading, rules, data.weight);
	const { table: parsed, unparsed, notes } = training;
	requireColumns(parsed, data);
	const tested =
		data.test === undefined ? undefined : await readProjectRows(data.test, datasets.test, reading, rules, data.weight);
	const test = tested?.table;

	const quarantined = [...training.quarantined, ...(tested?.quarantined ?? [])];
	const aside = quarantined.reduce((sum, { rows }) => sum + rows, 0);

	const after = (from: number, width: number) => (message: string, share?: number, figures?: StepFigures[]) =>
		progress(message, share === undefined ? undefined : from + width * share, figures);
	progress('Preparing', 0.1);
	const isSeries = learnsSeries(model);
	// What is forecast is also what it is forecast from.
	const target = isSeries && model.task !== 'anomaly' ? null : data.target;
	const columns = data.window ? windowColumns(parsed, { ...data, target }) : undefined;
	const cut = (table: Table): Table =>
		data.window && columns && !isSeries
			? trainingWindows(table, { window: data.window, columns, key: data.key, time: data.time, label: data.target })
			: table;
	const rows = cut(parsed);

	const spec: TrainingSpec = {
		model,
		split,
		prepare,
		exclude: data.exclude,
		target: data.target,
		time: data.time,
		key: data.key,
		weight: data.weight,
		...(data.window && columns ? { window: { section: data.window, columns } } : { columns: data.columns }),
		...(test !== undefined && { test: cut(test) }),
		dir,
		golden: (asked) => makeGolden(asked, unparsed),
	};
	const digest = [training, tested].map((read) => read?.identity.version.digest ?? '').join(' ');
	const tuned = model.tune
		? await tuneWork(rows, spec, model.tune, { dist, digest, earlier }, { progress: after(0.1, 0.6), tell })
		: null;
	const from = tuned === null ? 0.15 : 0.7;
	const team = startTrainingTeam(dist, rows);
	const trained = await trainModel(
		rows,
		{ ...spec, model: tuned?.model ?? model },
		({ message, share, figures }) => after(from, 0.85 - from)(message, share, figures),
		team,
	).finally(team.close);

	const compared = production === null ? null : await compareWith(production, trained, data, progress);

	progress('Writing the model', 0.97);
	const identities = { training: training.identity, ...(tested !== undefined && { test: tested.identity }) };
	const params = { ...trained.params, ...tuned?.params, ...dataParams(data) };
	const metrics = { ...tuned?.metrics, ...trained.metrics, ...(aside > 0 && { quarantined_rows: aside }) };
	const versions = Object.entries(identities).map(([part, { version }]) => [part, version]);
	const origin = { ...code, data: Object.fromEntries(versions), params, metrics };
	writeFileSync(join(dir, trainFiles.model), withOrigin(withDerivation(trained.onnx, data.derive), origin));
	await writeTable(trained.trainingInputs, join(dir, trainFiles.reference));
	progress('Explaining the model', 0.94);
	const explained = await trained.explain((share) => progress('Explaining the model', 0.94 + 0.05 * share));
	writeFileSync(join(dir, trainFiles.explanations), JSON.stringify(explained));
	return {
		datasets: identities,
		rows: rows.rows,
		params,
		metrics,
		quarantined,
		history: trained.history,
		warnings: [
			...notes.map(({ text }) => text),
			...quarantined.map(asideNote),
			...[filteredNote(sourceName(data.source), training), tested && filteredNote(data.test ?? '', tested)].filter(
				(note) => typeof note === 'string',
			),
			...(tuned?.warnings ?? []),
			...trained.warnings,
		],
		description: trained.description,
		files: trained.files ?? {},
		environment: environment(),
		compared,
	};
}

/** Both versions on the rows held out, or why that could not be; null where there are no such rows. */
async function compareWith(
	{ file, version, metrics }: NonNullable<TrainInput['production']>,
	{ holdout, heldSeries, onnx, description }: TrainedModel,
	{ target, weight }: Pick<DataSection, 'target' | 'weight'>,
	progress: JobContext['progress'],
): Promise<{ version: number; metrics: Record<string, VersionsCompared>; reason: string | null } | null> {
	progress(`Comparing with version ${version} in production`, 0.9);
	const { task } = description;
	try {
		if (heldSeries !== undefined) {
			return { version, metrics: await compareSeries(heldSeries, onnx, file, metrics), reason: null };
		}
		if (holdout === null || !target || !isMeasuredTask(task)) return null;
		return {
			version,
			metrics: await compareVersions(holdout, target, task, onnx, file, metrics, weight),
			reason: null,
		};
	} catch (error) {
		const { message } = toPerchError(error);
		return { version, metrics: {}, reason: `version ${version} cannot be measured with the rows held out: ${message}` };
	}
}

/** What is said of the data. */
function dataParams({ target, derive, filter }: DataSection): Record<string, string> {
	const derived = Object.entries(derive).map(([name, sql]) => [`data.derive.${name}`, sql]);
	return Object.fromEntries([
		...(typeof target === 'string' ? [['data.target', target]] : []),
		...derived,
		...(filter ? [['data.filter', filter]] : []),
	]);
}

export type TrainOutcome = Awaited<ReturnType<typeof trainWork>>;

/** What a number may depend on besides data and parameters. */
function environment(): Record<string, string> {
	return {
		node: process.versions.node,
		platform: `${process.platform}-${process.arch}`,
		os_release: release(),
		cpu: cpus()[0]?.model.trim() ?? 'unknown',
		cores: String(cpus().length),
	};
}
