/** What stands apart from the columns of a drift report: the labels, the predictions, and how well these hold. */
import { type Column, knownColumns, type Table, tableOf } from '../../data/table.ts';
import { type DriftOptions, detectDrift } from '../../drift/detectDrift.ts';
import { judgePerformance } from '../../drift/performance/judgePerformance.ts';
import { nameSample } from '../../drift/segments/sampleRows.ts';
import { openModel } from '../../onnx/model.ts';
import type { DriftPredictions, DriftReport } from '../../protocol/drift.ts';
import type { PerformanceTask } from '../../protocol/driftPerformance.ts';
import { isPerchError, PerchError } from '../../protocol/errors.ts';
import type { Importance } from '../../protocol/explanations.ts';
import {
	isBesidePredictions,
	type ReadSide,
	type ScoredSide,
	type Side,
	sampleOf,
	scoreFromColumn,
	scoreWithModel,
} from './scoredRows.ts';

export { isBesidePredictions, type ReadSide } from './scoredRows.ts';

export interface JudgedApart {
	target: string | null;
	/** The target was named in the call, and must be there. */
	targetAsked: boolean;
	prediction: string | null;
	task: PerformanceTask | null;
	/** Not asked for: the production version of the project, without which the report goes on. */
	model: { file: string; name: string; asked: boolean; importance: Importance | null } | null;
}

/** Both sides as they were read. */
interface Samples {
	reference: ReadSide;
	current: ReadSide;
}

interface ScoredSides {
	reference: ScoredSide;
	current: ScoredSide;
	from: string;
	task: PerformanceTask | null;
	/** Not where a model says what is still to come, which is not what stands beside it in its row. */
	isMeasured: boolean;
}

type Rules = Pick<DriftOptions, 'profile' | 'choose' | 'threshold' | 'live'>;

/**
 * Adds `target`, `predictions` and `performance` to a report, as far as there is something to tell. Throws `unknown_column`
 * for a column of predictions that neither side has, and what scoring with a model that was asked for throws.
 */
export async function judgeApart(
	report: DriftReport,
	samples: Samples,
	judged: JudgedApart,
	rules: Rules,
): Promise<void> {
	const { target } = judged;
	const [before, after] = [
		await labelsOf(samples.reference, 'reference', target),
		await labelsOf(samples.current, 'current', target),
	];
	if (judged.targetAsked && before === undefined && after === undefined) throw unknownColumn(samples, target, 'target');
	const judge = (reference: Column[], current: Column[]) =>
		detectDrift(tableOf(reference), tableOf(current), {
			...rules,
			referenceSide: report.reference,
			currentSide: report.current,
		});
	if (before !== undefined && after !== undefined) {
		const [column] = judge([before], [after]).columns;
		if (column !== undefined) report.target = column;
		nameSample(report, await sampleOf(samples.reference, 'reference'), await sampleOf(samples.current, 'current'));
	}
	const scored = await score(samples, judged).catch((error: unknown): DriftPredictions => {
		if (judged.model === null || judged.model.asked || !isPerchError(error)) throw error;
		return {
			from: judged.model.name,
			drift: null,
			reason: `The model cannot score these rows: ${error.message}`,
			columns: [],
		};
	});
	if (scored === null) return;
	if ('columns' in scored) {
		report.predictions = scored;
		return;
	}
	const { reference, current, from } = scored;
	const { drift, reason, columns } = judge(reference.said, current.said);
	const any = columns.some((column) => column.drift === true)
		? true
		: columns.length > 0 && drift !== null
			? false
			: null;
	report.predictions = { from, drift: any, reason, columns };
	nameSample(report, reference.sample, current.sample);
	if (target === null || !scored.isMeasured || (before === undefined && after === undefined)) return;
	report.performance = judgePerformance(
		{ reference: reference.rows, current: current.rows },
		{
			task: scored.task,
			target,
			prediction: from,
			features: featuresOf(reference.sample.table, current.sample.table, report, [target, judged.prediction]),
		},
	);
}

async function labelsOf(read: ReadSide, side: Side, target: string | null): Promise<Column | undefined> {
	if (target === null || !read.source.names.includes(target)) return undefined;
	return columnNamed((await sampleOf(read, side)).table, target);
}

function columnNamed({ columns }: Table, name: string | null): Column | undefined {
	return columns.find((column) => column.name === name);
}

async function score({ reference, current }: Samples, judged: JudgedApart): Promise<ScoredSides | null> {
	const { target, prediction, model, task } = judged;
	if (prediction !== null) {
		if (!reference.source.names.includes(prediction) && !current.source.names.includes(prediction)) {
			throw unknownColumn({ reference, current }, prediction, 'prediction');
		}
		return {
			reference: await scoreFromColumn(reference, 'reference', prediction, target),
			current: await scoreFromColumn(current, 'current', prediction, target),
			from: prediction,
			task,
			isMeasured: true,
		};
	}
	if (model === null) return null;
	const opened = await openModel(model.file, { threads: 2 });
	const isForecast = opened.description.task === 'forecast';
	const label = isForecast ? null : target;
	try {
		return {
			reference: await scoreWithModel(opened, reference, 'reference', label),
			current: await scoreWithModel(opened, current, 'current', label),
			from: model.name,
			task: task ?? (opened.description.task === 'forecast' ? null : opened.description.task),
			isMeasured: !isForecast,
		};
	} finally {
		await opened.close();
	}
}

function unknownColumn({ current }: Samples, name: string | null, field: string): PerchError {
	return new PerchError('unknown_column', `Neither sample has a column ${JSON.stringify(name)}.`, {
		field,
		hint: knownColumns(current.source.names),
	});
}

/** The columns that were compared, else (windows of a series) those that the model was given. */
function featuresOf(
	reference: Table,
	current: Table,
	{ columns }: DriftReport,
	except: readonly (string | null)[],
): string[] {
	const compared = new Set(columns.map(({ column }) => column));
	const names = current.columns.map(({ name }) => name).filter((name) => columnNamed(reference, name) !== undefined);
	const known = names.filter((name) => compared.has(name));
	return (known.length > 0 ? known : names).filter((name) => !except.includes(name) && !isBesidePredictions(name));
}
