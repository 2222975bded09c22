import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readTable } from '../../data/read.ts';
import { selectColumns, type Table } from '../../data/table.ts';
import { writeBeside } from '../../data/writeBeside.ts';
import { detectDrift } from '../../drift/detectDrift.ts';
import { junitReport } from '../../drift/junitReport.ts';
import { markdownReport } from '../../drift/markdownReport.ts';
import { meanIndicators } from '../../drift/meanComparison.ts';
import { renderHtml } from '../../drift/renderHtml.ts';
import { chooseTests } from '../../drift/testChoices.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import { inspectModel } from '../../onnx/model.ts';
import type { DriftReport } from '../../protocol/drift.ts';
import type { DriftTest, JudgedBy } from '../../protocol/driftTests.ts';
import type { DataSection } from '../../protocol/project/data.ts';
import type { DriftSection } from '../../protocol/project/drift.ts';
import type { Reading } from '../../protocol/reading.ts';
import type { DatasetVersion } from '../../protocol/runs.ts';
import { readRequestRows } from '../../serve/requestHistory.ts';
import { driftFiles } from '../jobFiles.ts';
import { noRules, type RowRules } from '../rowRules.ts';
import { explainDrift } from './explainDrift.ts';
import type { DatasetClaim, Identity } from './identify.ts';
import { type ProjectRows, readProjectRows } from './projectRows.ts';
import { sourceName } from './rows.ts';
import { readInSeason, type Season } from './season.ts';
import { rowsForModel } from './windowed.ts';

/** One side of a report. */
export type DriftSource =
	| { kind: 'file'; path: string; dataset: DatasetClaim }
	| { kind: 'source'; source: DataSection['source']; dataset: DatasetClaim }
	/** The rows that a version was trained on, as the model saw them; the model file tells how raw rows become such rows. */
	| { kind: 'training'; file: string; model: string; name: string; dataset: DatasetVersion | null }
	/** Some files of a source, which are no version of it. */
	| { kind: 'part'; path: string }
	/** The logged inputs of a deployment, both arms, since a moment and to before another; `model` says what its rows are. */
	| { kind: 'live'; requests: string; deployment: string; since: number; until: number | null; model: string };

export interface DriftInput {
	reference: DriftSource;
	current: DriftSource;
	/** Which rows of the reference count, by the time of the current ones; null for all. */
	season: Season | null;
	/** Why it is these rows; null where that goes without saying. */
	why: { reference: string | null; current: string | null };
	/** Only these columns; null for all but those left out. */
	columns: readonly string[] | null;
	/** Columns that order, part or label the rows, and say nothing of drift. */
	exclude: readonly string[];
	profile: JudgedBy;
	/** What was asked for in the call, before what the project says of a column. */
	test: 'auto' | DriftTest | null;
	tests: DriftSection['tests'] | null;
	threshold: number;
	/** What the project does to the rows of its files; null without a project. */
	rules: RowRules | null;
	project: string | null;
	deployment: string | null;
	/** One of the looks at live traffic that the daemon takes by itself. */
	look: boolean;
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
	const { reference, current } = await readSides(input, progress);
	const [left, right] = await comparable(input, reference.table, current);
	progress('Testing', 0.5);
	const report = detectDrift(left, right, {
		columns: input.columns ?? comparedColumns(input, left, right),
		profile: input.profile,
		choose: chooseTests(input.profile, input.test ?? undefined, input.tests ?? {}),
		threshold: input.threshold,
		live: input.current.kind === 'live',
		project: input.project,
		deployment: input.deployment,
		referenceSide: { ...explained(reference.side, input.why.reference), rows: left.rows },
		currentSide: { ...explained(current.side, input.why.current), rows: right.rows },
	});
	for (const { column, text } of [...reference.notes, ...current.notes]) {
		report.columns.find((one) => one.column === column)?.notes.push(text);
	}
	if (input.profile === 'mean') Object.assign(report, meanIndicators(report));
	progress('Looking where it drifted', 0.8);
	await explainDrift(report, {
		reference: left,
		current: right,
		origin: right === current.table ? current.origin : noFiles,
	});
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
	return { report, datasets: { reference: reference.identity, current: current.identity } };
}

function writeOutputs(outputs: DriftInput['outputs'], texts: Record<keyof DriftInput['outputs'], () => string>): void {
	for (const format of ['html', 'markdown', 'junit'] as const) {
		const path = outputs[format];
		if (path === null) continue;
		mkdirSync(dirname(path), { recursive: true });
		writeBeside(path, texts[format]());
	}
}

type Side = DriftReport['reference'];

export interface ReadSide extends Pick<ProjectRows, 'table' | 'origin' | 'notes'> {
	side: Side;
	identity: Identity | null;
	/** When each row was logged; files have a column for that. */
	times?: Float64Array;
}

async function readSides(
	input: DriftInput,
	progress: JobContext['progress'],
): Promise<Record<'reference' | 'current', ReadSide>> {
	// Against rows that a model saw, the model says how the current ones are parsed.
	const rules = modelRows(input.reference) ? null : input.rules;
	const read = (source: DriftSource) => readSide(source, input.reading, rules);
	if (input.season !== null) {
		progress('Reading the current data', 0);
		const current = await read(input.current);
		progress('Reading the reference', 0.3);
		return { reference: await readInSeason(input.season, input.reference, current, read), current };
	}
	progress('Reading the reference', 0);
	const reference = await read(input.reference);
	progress('Reading the current data', 0.3);
	return { reference, current: await read(input.current) };
}

/** Whether rows are as a model saw them. */
function modelRows({ kind }: DriftSource): boolean {
	return kind === 'training' || kind === 'live';
}

function explained(side: Side, why: string | null): Side {
	return why === null ? side : { ...side, why };
}

const noFiles: ReadSide['origin'] = { files: [], reading: {} };

/** `rules` are those of the project whose files are compared; null where a model says how rows are parsed, or no project is meant. */
async function readSide(source: DriftSource, reading: Reading, rules: RowRules | null): Promise<ReadSide> {
	switch (source.kind) {
		case 'file':
		case 'source': {
			const from = source.kind === 'file' ? source.path : source.source;
			const { table, origin, notes, identity } = await readProjectRows(from, source.dataset, reading, rules ?? noRules);
			const { version } = identity;
			const side = { name: sourceName(from), rows: table.rows, digest: version.digest, dataset: version };
			return { table, side, origin, notes, identity };
		}
		case 'part': {
			const claim = { name: sourceName(source.path), plain: false, versions: [], last: null };
			const { identity, ...rows } = await readProjectRows(source.path, claim, reading, rules ?? noRules);
			const side = { name: source.path, rows: rows.table.rows, digest: identity.version.digest };
			return { ...rows, side, identity: null };
		}
		case 'training': {
			const { file, name, dataset } = source;
			const table = await readTable(file);
			const side = { name, rows: table.rows, digest: dataset?.digest ?? null, ...(dataset !== null && { dataset }) };
			return { table, side, origin: noFiles, notes: [], identity: null };
		}
		case 'live': {
			const { requests, deployment, since, until } = source;
			const period = { since, until: until ?? undefined };
			const { table, times, from, to } = await readRequestRows(requests, deployment, period);
			const side = { name: 'production', rows: table.rows, digest: null, from, to };
			return { table, times, side, origin: noFiles, notes: [], identity: null };
		}
	}
}

/** All columns of both samples but those left out; a missing or an added one is told as such. */
function comparedColumns({ exclude }: DriftInput, left: Table, right: Table): string[] {
	const names = new Set([...left.columns, ...right.columns].map(({ name }) => name));
	return [...names].filter((name) => !exclude.includes(name));
}

/** Both samples with the columns to be compared; raw rows become windows where the other side holds the rows of a windowed model. */
async function comparable(
	{ reference, current }: DriftInput,
	left: Table,
	{ table: right, origin }: ReadSide,
): Promise<[Table, Table]> {
	if (reference.kind !== 'training' && reference.kind !== 'live') return [left, right];
	const { description } = await inspectModel(reference.model);
	const inputs = description.inputs.map(({ name }) => name);
	return [
		reference.kind === 'live' ? left : selectColumns(left, inputs),
		current.kind === 'live' ? right : await rowsForModel(right, description, origin),
	];
}
