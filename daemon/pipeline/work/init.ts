import { existsSync, mkdirSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { stringify } from 'yaml';
import { readTable } from '../../data/read.ts';
import type { Column, Table } from '../../data/table.ts';
import { writeBeside } from '../../data/writeBeside.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import { modelName } from '../../project/modelName.ts';
import { PerchError } from '../../protocol/errors.ts';

export interface InitInput {
	data: string;
	output: string;
	force: boolean;
}

/** Looks at a data file and writes a perch.yaml that trains on it as it stands. */
export async function initWork({ data, output, force }: InitInput, { progress }: JobContext) {
	if (existsSync(output) && !force) {
		throw new PerchError('already_exists', `${output} exists.`, { file: output, hint: 'Pass --force to replace it.' });
	}
	progress('Looking at the data', 0);
	const table = await readTable(data);
	const found = look(table);
	if (found.numbers.length === 0) {
		throw new PerchError('invalid_data', `${data} has no numeric column to learn from.`, { file: data });
	}
	mkdirSync(dirname(output), { recursive: true });
	writeBeside(output, projectText(table, found, relative(dirname(output), data), modelName(data)));
	return { file: output, model: 'isolation_forest', columns: table.columns.length, warnings: found.warnings };
}

interface Findings {
	time: string | null;
	key: string | null;
	label: string | null;
	numbers: string[];
	warnings: string[];
}

const labelNames = /^(label|anomaly|is_anomaly|outlier|target|y|class)$/i;

function look(table: Table): Findings {
	const time = table.columns.find(({ type }) => type === 'timestamp' || type === 'date')?.name ?? null;
	const label = table.columns.find((column) => labelNames.test(column.name) && isBinary(column))?.name ?? null;
	const key = time === null ? null : (table.columns.find((column) => partsSeries(column, table.rows))?.name ?? null);
	const numbers = table.columns
		.filter(
			(column) =>
				column.kind === 'number' && column.name !== label && column.type !== 'timestamp' && column.type !== 'date',
		)
		.map(({ name }) => name);
	const empty = table.columns.filter((column) => isEmpty(column)).map(({ name }) => name);
	return { time, key, label, numbers, warnings: empty.map((name) => `The column ${JSON.stringify(name)} is empty.`) };
}

function isBinary(column: Column): boolean {
	return column.kind === 'number' && new Set(column.values).size === 2;
}

function isEmpty(column: Column): boolean {
	return column.kind === 'number' ? column.values.every(Number.isNaN) : column.dictionary.length === 0;
}

/** A text column with few values, each many times: one series a value. */
function partsSeries(column: Column, rows: number): boolean {
	return column.kind === 'string' && column.dictionary.length > 1 && column.dictionary.length <= rows / 30;
}

function projectText(table: Table, { time, key, label, numbers }: Findings, source: string, name: string): string {
	const value = (text: unknown) => stringify(text, { lineWidth: 0 }).trimEnd();
	const list = (names: string[]) => `[${names.map((column) => value(column)).join(', ')}]`;
	const line = (text: string, present: boolean) => (present ? text : `# ${text}`);
	const duplicates = table.columns.length - numbers.length;
	return `# What Perch knows of this project. Every value can be overridden for one call: perch train --set model.params.trees=200
name: ${value(name)}

data:
  source: ${value(source)}   # ${table.rows} rows, ${table.columns.length} columns
  columns: ${list(numbers)}   # what the model learns from${duplicates > 0 ? `; ${duplicates} others are left out` : ''}
  ${line(`target: ${label === null ? 'is_anomaly' : value(label)}`, label !== null)}   # labels measure an anomaly model, they never train it
  ${line(`time: ${time === null ? 'timestamp' : value(time)}`, time !== null)}   # orders the rows
  ${line(`key: ${key === null ? 'device' : value(key)}`, key !== null)}   # one series a value
  # window: {size: 30, step: 5, features: [mean, std, min, max, slope]}   # learn from windows of a series instead of single rows

model:
  type: isolation_forest
  params: {trees: 100, sample_size: 256, contamination: auto}   # contamination: share of anomalies expected, such as 2%

register: {as: ${value(name)}}   # the first version becomes production, later ones candidate

serve: {port: 0, auth: token}   # port 0: chosen once and kept

canary:
  steps: [{share: 10%}]   # what a candidate gets of the traffic
  guard: [{drift: true}]   # roll it back when live traffic drifts from the training rows

drift: {reference: training, threshold: 50%, every: 500}   # share of drifted columns; requests between two looks
`;
}
