import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readWhole, selectedSource, tableSource } from '../../data/columnSource.ts';
import { fingerprint } from '../../data/fingerprint.ts';
import { writeBeside } from '../../data/writeBeside.ts';
import { assembleReport, matchColumns } from '../../drift/detectDrift.ts';
import { renderHtml } from '../../drift/renderHtml.ts';
import { chooseTests } from '../../drift/testChoices.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import { inspectModel } from '../../onnx/model.ts';
import type { DriftReport } from '../../protocol/drift.ts';
import type { DriftProfile, DriftTest } from '../../protocol/driftTests.ts';
import type { DriftSection } from '../../protocol/project/drift.ts';
import type { Reading } from '../../protocol/reading.ts';
import { driftFiles } from '../jobFiles.ts';
import { type DriftSource, type OpenSide, withSide } from './driftSides.ts';
import { examineSides } from './examineSides.ts';
import { rowsForModel } from './windowed.ts';

export type { DriftSource } from './driftSides.ts';

export interface DriftInput {
	reference: DriftSource;
	current: DriftSource;
	/** Only these columns; null for all but those left out. */
	columns: readonly string[] | null;
	/** Columns that order, part or label the rows, and say nothing of drift. */
	exclude: readonly string[];
	profile: DriftProfile;
	/** What was asked for in the call, before what the project says of a column. */
	test: 'auto' | DriftTest | null;
	tests: DriftSection['tests'] | null;
	threshold: number;
	project: string | null;
	deployment: string | null;
	/** Where the HTML goes besides the kept report; null for nowhere. */
	html: string | null;
	/** How files are read. */
	reading: Reading;
	/** Folder of the bundles, which the report is inlined from. */
	dist: string;
}

/** Holds two samples against each other and writes the report as JSON and HTML. */
export async function driftWork(input: DriftInput, { dir, progress }: JobContext): Promise<DriftReport> {
	progress('Reading', 0);
	const report = await withSide(input.reference, input.reading, (reference) =>
		withSide(input.current, input.reading, async (current) =>
			compare(input, await comparable(input, reference, current), progress),
		),
	);
	progress('Writing the report', 0.9);
	const html = renderHtml(report, {
		script: readFileSync(join(input.dist, 'report.js'), 'utf8'),
		style: readFileSync(join(input.dist, 'report.css'), 'utf8'),
	});
	writeFileSync(join(dir, driftFiles.json), JSON.stringify(report));
	writeFileSync(join(dir, driftFiles.html), html);
	if (input.html !== null) {
		mkdirSync(dirname(input.html), { recursive: true });
		writeBeside(input.html, html);
	}
	return report;
}

async function compare(
	input: DriftInput,
	[reference, current]: [OpenSide, OpenSide],
	progress: JobContext['progress'],
): Promise<DriftReport> {
	const [before, after] = [reference.source.names, current.source.names];
	const asked = input.columns ?? [...new Set([...before, ...after])].filter((name) => !input.exclude.includes(name));
	const matched = matchColumns(before, after, asked);
	const live = input.current.kind === 'live';
	const choose = chooseTests(input.profile, input.test ?? undefined, input.tests ?? {});
	const { examined, digests } = await examineSides(reference, current, {
		common: matched.common,
		examinationOf: (name) => ({ profile: input.profile, choice: choose(name), live }),
		entry: join(input.dist, 'columnThread.cjs'),
		onColumn: (done, of) => progress('Testing', (0.9 * done) / of),
	});
	const sideOf = ({ side, source: { rows } }: OpenSide, digest: string | null) => ({
		...side,
		rows,
		...(digest !== null && { digest }),
	});
	const report = assembleReport(examined, matched, {
		profile: input.profile,
		threshold: input.threshold,
		live,
		project: input.project,
		deployment: input.deployment,
		referenceSide: sideOf(reference, digests.reference),
		currentSide: sideOf(current, digests.current),
	});
	for (const { column, text } of [...reference.source.notes, ...current.source.notes]) {
		report.columns.find((one) => one.column === column)?.notes.push(text);
	}
	return report;
}

/** Both samples with the columns to be compared; raw rows become windows where the other side holds the rows of a windowed model. */
async function comparable(input: DriftInput, reference: OpenSide, current: OpenSide): Promise<[OpenSide, OpenSide]> {
	if (input.reference.kind !== 'training') return [reference, current];
	const { description } = await inspectModel(input.reference.model);
	const inputs = description.inputs.map(({ name }) => name);
	const left = { ...reference, source: selectedSource(reference.source, inputs) };
	const ready = inputs.every((name) => current.source.names.includes(name));
	if (input.current.kind === 'live' || description.window === null || ready) return [left, current];
	const raw = await readWhole(current.source);
	const { name } = current.side;
	const digest = current.digested ? fingerprint(raw, { name, source: name }).digest : current.side.digest;
	const windows = tableSource(rowsForModel(raw, description), current.source.notes);
	return [left, { source: windows, side: { ...current.side, digest }, digested: false }];
}
