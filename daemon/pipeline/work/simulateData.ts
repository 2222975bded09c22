import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { fingerprint } from '../../data/fingerprint.ts';
import { simulate } from '../../data/simulate.ts';
import { writeTable } from '../../data/write.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import { parse } from '../../protocol/parse.ts';
import { simulateSection } from '../../protocol/project/simulate.ts';

export interface SimulateDataInput {
	spec: string;
	output: string;
}

/** Makes the series that a YAML file describes and writes them. */
export async function simulateDataWork({ spec, output }: SimulateDataInput, { progress }: JobContext) {
	progress('Making the series', 0);
	const section = parse(simulateSection, parseYaml(readFileSync(spec, 'utf8')), 'invalid_config', { file: spec });
	const table = simulate(section);
	progress('Writing', 0.7);
	await writeTable(table, output);
	const { digest } = fingerprint(table, { name: output, source: spec });
	return { output, rows: table.rows, columns: table.columns.map(({ name }) => name), digest };
}
