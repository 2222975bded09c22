import { checkFile } from '../../data/checkFile.ts';
import { inferChecks } from '../../data/inferChecks.ts';
import { linesIn } from '../../data/rowLines.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import type { CheckReport } from '../../protocol/checks.ts';
import type { Check, ChecksSection } from '../../protocol/project/checks.ts';
import type { DataSection } from '../../protocol/project/data.ts';
import type { Reading } from '../../protocol/reading.ts';
import { oneFile } from './oneFile.ts';
import type { ProfileInput } from './profile.ts';
import { sourceName } from './rows.ts';

export interface CheckInput {
	source: DataSection['source'];
	checks: ChecksSection;
	/** Failing rows to list of each check. */
	examples: number;
	reading: Reading;
}

/** Holds checks against a file, the files of a family, or the rows that a `simulate:` makes. */
export async function checkWork({ source, checks, examples, reading }: CheckInput, { dir, progress }: JobContext) {
	progress('Checking the data', 0);
	const { path, files } = await oneFile(source, dir, reading);
	const report = await checkFile(path, checks, { scratch: dir, examples, now: Date.now(), reading });
	return { ...(files.length === 0 ? report : await inTheirFiles(report, files, reading)), file: sourceName(source) };
}

/** The examples of a family with the file, row and line where each stands. */
async function inTheirFiles(
	report: CheckReport,
	files: readonly { path: string; rows: number }[],
	reading: Reading,
): Promise<CheckReport> {
	const examples = report.checks.flatMap((check) => check.examples);
	let start = 0;
	for (const { path, rows } of files) {
		const end = start + rows;
		const here = examples.filter(({ row, file }) => file === undefined && row > start && row <= end);
		const lines = await linesIn(
			path,
			here.map(({ row }) => row - start - 1),
			reading,
		);
		for (const example of here) {
			example.file = path;
			example.row -= start;
			example.line = lines.get(example.row - 1) ?? null;
		}
		start = end;
	}
	return report;
}

/** Proposes checks for a file, as values and as a section of perch.yaml. */
export async function inferChecksWork({ file, reading }: ProfileInput, { dir, progress }: JobContext) {
	const { path } = await oneFile(file, dir, reading);
	const checks = await inferChecks(path, { scratch: dir, onProgress: progress, reading });
	return { file, checks, yaml: `checks:\n${checks.map(line).join('')}` };
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
