import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseDocument } from 'yaml';
import { fingerprint } from '../../data/fingerprint/fingerprint.ts';
import { simulateTable } from '../../data/simulate/simulateTable.ts';
import { writeTable } from '../../data/write.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import { PerchError } from '../../protocol/errors.ts';
import { parse } from '../../protocol/parse.ts';
import { simulateSection } from '../../protocol/project/simulate.ts';

export interface SimulateDataInput {
	spec: string;
	output: string;
}

/** Makes the series that a YAML file describes and writes them. */
export async function simulateDataWork({ spec, output }: SimulateDataInput, { progress }: JobContext) {
	progress('Making the series', 0);
	const document = parseDocument(readFileSync(spec, 'utf8'), { prettyErrors: true });
	const [error] = document.errors;
	if (error !== undefined) {
		const [at] = error.linePos ?? [];
		throw new PerchError('invalid_config', `${spec} is not valid YAML: ${error.message}.`, {
			file: spec,
			...(at !== undefined && { line: at.line }),
		});
	}
	const section = parse(simulateSection, document.toJS(), 'invalid_config', { file: spec });
	const table = await simulateTable(section);
	progress('Writing', 0.7);
	mkdirSync(dirname(output), { recursive: true });
	await writeTable(table, output);
	const { digest } = fingerprint(table);
	return { output, rows: table.rows, columns: table.columns.map(({ name }) => name), digest };
}
