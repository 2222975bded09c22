import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ColumnSource, readWhole, selectedSource, tableSource } from '../../data/columnSource.ts';
import { type Fingerprint, fingerprint } from '../../data/fingerprint/fingerprint.ts';
import { writeBeside } from '../../data/writeBeside.ts';
import { chunksOf } from '../../drift/chunks/chunkColumn.ts';
import { type ChunkPlan, planChunks, withReference } from '../../drift/chunks/planChunks.ts';
import { assembleReport, matchColumns } from '../../drift/detectDrift.ts';
import { meanIndicators } from '../../drift/meanComparison.ts';
import { junitReport } from '../../drift/report/junitReport.ts';
import { markdownReport } from '../../drift/report/markdownReport.ts';
import { renderHtml } from '../../drift/report/renderHtml.ts';
import type { SampledTable } from '../../drift/segments/sampleRows.ts';
import { findMultivariate } from '../../drift/sound/multivariate.ts';
import { asTheyCame, orderBy, type RowOrders } from '../../drift/sound/rowOrder.ts';
import { chooseTests } from '../../drift/testChoices.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import { inspectModel } from '../../onnx/model.ts';
import type { DriftReport } from '../../protocol/drift.ts';
import type { DriftTest, JudgedBy } from '../../protocol/driftTests.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { ChunkSize } from '../../protocol/project/chunks.ts';
import type { DriftSection } from '../../protocol/project/drift.ts';
import type { Reading } from '../../protocol/reading.ts';
import { driftFiles } from '../jobFiles.ts';
import { noRules, type RowRules } from '../rowRules.ts';
import { type DriftSource, type OpenSide, originOf, withSide } from './driftSides.ts';
import { examineSides } from './examineSides.ts';
import { explainDrift } from './explainDrift.ts';
import type { Identity } from './identify.ts';
import { isBesidePredictions, type JudgedApart, judgeApart, type ReadSide } from './judgeApart.ts';
import { type OpenOne, type Season, timesOf, withSeason } from './season.ts';
import { rowsToCompare, takesSeries } from './windowed.ts';

export type { DriftSource } from './driftSides.ts';

export interface DriftInput {
	reference: DriftSource;
	current: DriftSource;
	/** Which rows of the reference count, by the time of the current ones; null for all. */
	season: Season | null;
	/** Why it is these rows; null where that goes without saying. */
	why: { reference: string | null; current: string | null };
	/** How the current rows are cut into chunks; null for not at all. */
	chunks: ChunkSize | null;
	/** Only these columns; null for all but those left out. */
	columns: readonly string[] | null;
	/** Columns that order, part or label the rows, and say nothing of drift. */
	exclude: readonly string[];
	/** The column that orders the rows in time, as the project says; null where it does not. */
	time: string | null;
	profile: JudgedBy;
	/** What was asked for in the call, before what the project says of a column. */
	test: 'auto' | DriftTest | null;
	tests: DriftSection['tests'] | null;
	threshold: number;
	/** What the project does to the rows of its files. */
	rules?: RowRules;
	project: string | null;
	deployment: string | null;
	/** One of the looks at live traffic that the daemon takes by itself. */
	look: boolean;
	/** Labels and predictions, which are judged apart. */
	judged: JudgedApart;
	/** Where the report goes besides the kept one, by its format; null for nowhere. */
	outputs: Record<'html' | 'markdown' | 'junit', string | null>;
	/** How files are read. */
	reading: Reading;
	/** Folder of the bundles, which the report is inlined from. */
	dist: string;
}

export interface DriftOutcome {
	report: DriftReport;
	/** What the sides were found to be, for the daemon to record. */
	datasets: { reference: Identity | null; current: Identity | null };
}

/** Holds two samples against each other and writes the report as JSON and HTML. */
export async function driftWork(input: DriftInput, { dir, progress }: JobContext): Promise<DriftOutcome> {
	progress('Reading', 0);
	const outcome = await withSides(input, async (reference, current) => {
		const byTime = input.chunks?.by === 'time' && (current.times !== undefined || input.time !== null);
		const timesIn = async (side: OpenSide) =>
			byTime && (side.times !== undefined || (input.time !== null && side.source.names.includes(input.time)))
				? await timesOf(side, input.time)
				: null;
		const times = { reference: await timesIn(reference), current: await timesIn(current) };
		return await compare(input, [reference, current], await comparable(input, reference, current), times, progress);
	});
	const { report } = outcome;
	progress('Writing the report', 0.9);
	const html = renderHtml(report, {
		script: readFileSync(join(input.dist, 'report.js'), 'utf8'),
		style: readFileSync(join(input.dist, 'report.css'), 'utf8'),
	});
	writeFileSync(join(dir, driftFiles.json), JSON.stringify(report));
	writeFileSync(join(dir, driftFiles.html), html);
	writeOutputs(input.outputs, {
		html: () => html,
		markdown: () => markdownReport(report),
		junit: () => junitReport(report),
	});
	return outcome;
}

/** Opens both sides; of a reference that goes by the time of the current rows, those are opened first. */
async function withSides<T>(
	{ reference, current, season, rules: given = noRules, ...input }: DriftInput,
	work: (reference: OpenSide, current: OpenSide) => Promise<T>,
): Promise<T> {
	// Against rows that a model saw, the model says how the current ones are parsed.
	const rules = reference.kind === 'training' || reference.kind === 'live' ? { ...given, prepare: [] } : given;
	const open: OpenOne = (source, then) => withSide(source, input.reading, rules, then);
	if (season === null) return await open(reference, (one) => open(current, (other) => work(one, other)));
	return await open(current, (other) => withSeason(season, reference, other, open, (one) => work(one, other)));
}

function writeOutputs(outputs: DriftInput['outputs'], texts: Record<keyof DriftInput['outputs'], () => string>): void {
	for (const format of ['html', 'markdown', 'junit'] as const) {
		const path = outputs[format];
		if (path === null) continue;
		mkdirSync(dirname(path), { recursive: true });
		writeBeside(path, texts[format]());
	}
}

/** Says of each column that the model takes how much the model needs it. */
function addImportance({ columns }: DriftReport, model: JudgedApart['model']): void {
	const { importance, name = '' } = model ?? {};
	if (!importance) return;
	const { metric, score } = importance;
	const means = new Map(importance.columns.map(({ column, mean }) => [column, mean]));
	for (const column of columns) {
		const mean = means.get(column.column);
		if (mean !== undefined) column.importance = { model: name, metric, score, mean };
	}
}

/** `raw` are the sides as they were opened, the others as their rows are compared. */
async function compare(
	input: DriftInput,
	raw: [OpenSide, OpenSide],
	[reference, current]: [OpenSide, OpenSide],
	times: Record<'reference' | 'current', Float64Array | null>,
	progress: JobContext['progress'],
): Promise<DriftOutcome> {
	const [before, after] = [reference.source.names, current.source.names];
	const asked = input.columns ?? [...new Set([...before, ...after])].filter((name) => !standsApart(name, input));
	const matched = matchColumns(before, after, asked);
	const live = input.current.kind === 'live';
	const choose = chooseTests(input.profile, input.test ?? undefined, input.tests ?? {});
	const order =
		live || input.profile !== 'sound' ? asTheyCame : await orderOf(reference.source, current.source, input.time);
	const chunks = input.chunks === null ? null : planOf(input.chunks, [reference, current], times);
	const { examined, chunked, sides } = await examineSides(
		{ source: reference.source, printed: reference.identify !== null },
		{ source: current.source, printed: current.identify !== null },
		{
			common: matched.common,
			chunks,
			examinationOf: (name) => ({ profile: input.profile, choice: choose(name), live, order }),
			entry: join(input.dist, 'columnThread.cjs'),
			onColumn: (done, of) => progress('Testing', (0.8 * done) / of),
		},
	);
	const first = await identified(reference, sides.reference.print);
	const second = await identified(current, sides.current.print);
	const report = assembleReport(examined, matched, {
		profile: input.profile,
		threshold: input.threshold,
		live,
		orderedBy: order.column,
		project: input.project,
		deployment: input.deployment,
		referenceSide: explained(first.side, input.why.reference),
		currentSide: explained(second.side, input.why.current),
	});
	for (const { column, text } of [...reference.source.notes, ...current.source.notes]) {
		report.columns.find((one) => one.column === column)?.notes.push(text);
	}
	if (chunks !== null) report.chunks = chunksOf(chunks, chunked);
	addImportance(report, input.judged.model);
	progress('Looking where it drifted', 0.8);
	await explainDrift(report, {
		reference: sides.reference.sample,
		current: sides.current.sample,
		origin: originOf(current),
	});
	if (input.profile === 'sound' && !live) {
		const together = findMultivariate(
			matched.common,
			sides.reference.sample.table,
			sides.current.sample.table,
			order.column,
		);
		if (together !== null) report.multivariate = together;
	}
	progress('Judging predictions', 0.85);
	const readSide = (place: 0 | 1, compared: OpenSide, sample: SampledTable): ReadSide => {
		const side = raw[place];
		return { source: side.source, origin: originOf(side), sample: side.source === compared.source ? sample : null };
	};
	await judgeApart(
		report,
		{ reference: readSide(0, reference, sides.reference.sample), current: readSide(1, current, sides.current.sample) },
		input.judged,
		{ profile: input.profile, choose, threshold: input.threshold, live },
	);
	if (input.profile === 'mean') Object.assign(report, meanIndicators(report));
	return { report, datasets: { reference: first.identity, current: second.identity } };
}

function planOf(
	size: ChunkSize,
	[reference, { source }]: readonly [OpenSide, OpenSide],
	times: Record<'reference' | 'current', Float64Array | null>,
): ChunkPlan {
	if (times.current === null || times.current.length === source.rows) {
		const plan = planChunks(size, source.rows, times.current);
		return times.reference?.length === reference.source.rows ? withReference(plan, size, times.reference) : plan;
	}
	throw new PerchError('invalid_arguments', 'The rows are windows of a series: they have no times of their own.', {
		field: 'drift.chunks',
		hint: 'Cut by rows: --chunks 1000.',
	});
}

function explained(side: DriftReport['reference'], why: string | null): DriftReport['reference'] {
	return why === null ? side : { ...side, why };
}

function standsApart(name: string, { exclude, judged: { target, prediction } }: DriftInput): boolean {
	return [...exclude, target, prediction].includes(name) || (prediction !== null && isBesidePredictions(name));
}

/** The order of time that both sides have. */
async function orderOf(reference: ColumnSource, current: ColumnSource, told: string | null): Promise<RowOrders> {
	const [before, after] = [reference, current].map(({ names, times }) => (told === null ? times : names));
	const name = before?.find((time) => after?.includes(time) && (told === null || time === told));
	if (name === undefined) return asTheyCame;
	const [one, other] = [(await reference.read([name]))[0], (await current.read([name]))[0]];
	return one?.kind === 'number' && other?.kind === 'number' ? orderBy(name, one.values, other.values) : asTheyCame;
}

/** A side with what its rows were found to be. */
async function identified(
	{ side, source, identity, identify }: OpenSide,
	print: Fingerprint | null,
): Promise<{ side: DriftReport['reference']; identity: Identity | null }> {
	const found = identify === null || print === null ? identity : await identify(print);
	const version = found === null ? {} : { digest: found.version.digest, dataset: found.version };
	const { rows, quarantined } = source;
	return { side: { ...side, rows, quarantined: [...quarantined], ...version }, identity: found };
}

/** Both samples with the columns to be compared; raw rows become those of the model where the other side holds such. */
async function comparable(input: DriftInput, reference: OpenSide, current: OpenSide): Promise<[OpenSide, OpenSide]> {
	const { kind } = input.reference;
	if (kind !== 'training' && kind !== 'live') return [reference, current];
	const { description } = await inspectModel(input.reference.model);
	const inputs = description.inputs.map(({ name }) => name);
	const left = kind === 'live' ? reference : { ...reference, source: selectedSource(reference.source, inputs) };
	const isCut = description.window !== null && !takesSeries(description);
	const ready = !isCut ? description.parse.length === 0 : inputs.every((name) => current.source.names.includes(name));
	if (input.current.kind === 'live' || ready) return [left, current];
	const { files, notes, quarantined } = current.source;
	const raw = await readWhole(current.source);
	const identity = current.identify === null ? current.identity : await current.identify(fingerprint(raw));
	const rows = await rowsToCompare(raw, description, originOf(current));
	// Windows are no rows of the files.
	const source = tableSource(rows, { files: isCut ? [] : files, notes, quarantined });
	return [left, { ...current, source, identity, identify: null }];
}
