import { join } from 'node:path';
import { checkFile } from '../../data/check/checkFile.ts';
import { inferChecks } from '../../data/check/inferChecks.ts';
import { checkDerivation, type Derivation, derivesNothing } from '../../data/derive/derive.ts';
import { writeTable } from '../../data/write.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import type { CheckReport } from '../../protocol/checks.ts';
import type { Check, ChecksSection } from '../../protocol/project/checks.ts';
import type { DataSection } from '../../protocol/project/data.ts';
import type { Reading } from '../../protocol/reading.ts';
import { oneFile } from './oneFile.ts';
import type { ProfileInput } from './profile.ts';
import { deriveRows } from './projectRows.ts';
import { type Origin, placesOfRows } from './rowPlaces.ts';
import { readRows, sourceName } from './rows.ts';

export interface CheckInput {
	source: DataSection['source'];
	checks: ChecksSection;
	/** What the project computes and leaves out before. */
	derivation: Derivation;
	/** Failing rows to list of each check. */
	examples: number;
	reading: Reading;
}

/** Holds checks against a file, the files of a family, or the rows that a `simulate:` makes. */
export async function checkWork(input: CheckInput, { dir, progress }: JobContext): Promise<CheckReport> {
	const { source, checks, derivation, examples, reading } = input;
	progress('Checking the data', 0);
	if (derivesNothing(derivation)) {
		const { path, files, quarantined } = await oneFile(source, dir, reading);
		const report = await checkFile(path, checks, { scratch: dir, examples, now: Date.now(), reading });
		if (files.length > 0) await placeExamples(report, { files });
		return { ...report, file: sourceName(source), quarantined: [...quarantined, ...report.quarantined] };
	}
	await checkDerivation(derivation);
	const { table: raw, files, quarantined } = await readRows(source, reading);
	const { table, origin, filtered } = await deriveRows(raw, { files }, derivation);
	const copy = join(dir, 'derived.parquet');
	await writeTable(table, copy);
	const report = await checkFile(copy, checks, { scratch: dir, examples, now: Date.now(), reading: {} });
	await placeExamples(report, origin);
	return { ...report, filtered, file: sourceName(source), quarantined };
}

/** Gives the examples the row and line where each stands, and the file where there are several. */
async function placeExamples({ checks }: CheckReport, origin: Origin): Promise<void> {
	const examples = checks.flatMap((check) => check.examples);
	const places = await placesOfRows(
		examples.map(({ row }) => row - 1),
		origin,
	);
	for (const example of examples) {
		const place = places.get(example.row - 1);
		if (place === undefined) continue;
		if (place.file !== null && origin.files.length > 1) example.file = place.file;
		example.row = place.row + 1;
		example.line = place.line;
	}
}

/** Proposes checks for a file, as values and as a section of perch.yaml. */
export async function inferChecksWork({ file, reading }: ProfileInput, { dir, progress }: JobContext) {
	const { path, quarantined } = await oneFile(file, dir, reading);
	const found = await inferChecks(path, { scratch: dir, onProgress: progress, reading });
	const yaml = `checks:\n${found.checks.map(line).join('')}`;
	return { file, checks: found.checks, yaml, quarantined: [...quarantined, ...found.quarantined] };
}

/** One check a line, as perch.yaml has them; failing is what a check does unless told. */
function line({ severity, ...rest }: Check): string {
	return `  - ${flow(severity === 'fail' ? rest : { ...rest, severity })}\n`;
}

/** A value in YAML's flow style, in one line however long it is. */
function flow(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
	if (typeof value === 'object' && value !== null) {
		return `{${Object.entries(value)
			.map(([key, one]) => `${key}: ${flow(one)}`)
			.join(', ')}}`;
	}
	const plain = /^[a-z_]\w*$/i.test(String(value)) && !/^(null|true|false)$/i.test(String(value));
	return typeof value === 'string' && plain ? value : JSON.stringify(value);
}
