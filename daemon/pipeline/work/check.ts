import { join } from 'node:path';
import { checkFile } from '../../data/checkFile.ts';
import { inferChecks } from '../../data/inferChecks.ts';
import { simulate } from '../../data/simulate.ts';
import { writeTable } from '../../data/write.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import type { CheckReport } from '../../protocol/checks.ts';
import type { Check, ChecksSection } from '../../protocol/project/checks.ts';
import type { DataSection } from '../../protocol/project/data.ts';
import { sourceName } from './rows.ts';

export interface CheckInput {
	source: DataSection['source'];
	checks: ChecksSection;
	/** Failing rows to list of each check. */
	examples: number;
}

/** Holds checks against a file, or against the rows that a `simulate:` makes. */
export async function checkWork({ source, checks, examples }: CheckInput, { dir, progress }: JobContext) {
	progress('Checking the data', 0);
	const options = { scratch: dir, examples, now: Date.now() };
	if (typeof source === 'string') return await checkFile(source, checks, options);
	const made = join(dir, 'simulated.parquet');
	await writeTable(simulate(source.simulate), made);
	return { ...(await checkFile(made, checks, options)), file: sourceName(source) } satisfies CheckReport;
}

/** Proposes checks for a file, as values and as a section of perch.yaml. */
export async function inferChecksWork({ file }: { file: string }, { dir, progress }: JobContext) {
	const checks = await inferChecks(file, { scratch: dir, onProgress: progress });
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
