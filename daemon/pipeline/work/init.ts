import { existsSync, mkdirSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { stringify } from 'yaml';
import { readFamily } from '../../data/read/family.ts';
import type { Column, Table } from '../../data/table.ts';
import { writeBeside } from '../../data/writeBeside.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import { readLabels } from '../../learn/labels.ts';
import { fitPreparation, inputColumns } from '../../learn/preparation/preparation.ts';
import { modelName } from '../../project/modelName.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { Reading } from '../../protocol/reading.ts';
import { inFile } from '../inFile.ts';

export interface InitInput {
	data: string;
	output: string;
	force: boolean;
	reading: Reading;
}

/** Looks at a data file and writes a perch.yaml that trains on it as it stands. */
export async function initWork({ data, output, force, reading }: InitInput, { progress }: JobContext) {
	if (existsSync(output) && !force) {
		throw new PerchError('already_exists', `${output} exists.`, { file: output, hint: 'Pass --force to replace it.' });
	}
	progress('Looking at the data', 0);
	const { table, quarantined } = await readFamily(data, reading);
	const found = look(table, data);
	mkdirSync(dirname(output), { recursive: true });
	writeBeside(
		output,
		projectText(table, found, { path: relative(dirname(output), data), ...reading }, modelName(data)),
	);
	return {
		file: output,
		model: 'isolation_forest',
		columns: table.columns.length,
		warnings: found.warnings,
		quarantined,
	};
}

interface Findings {
	time: string | null;
	key: string | null;
	label: string | null;
	/** What the preparation takes when nothing is said, in the order of the file. */
	inputs: string[];
	warnings: string[];
}

const labelNames = /^(label|anomaly|is_anomaly|outlier|target|y|class)$/i;

function look(table: Table, file: string): Findings {
	const time = table.columns.find(({ type }) => type === 'timestamp' || type === 'date')?.name ?? null;
	const label = table.columns.find(({ name }) => labelNames.test(name) && tellsAnomalies(table, name))?.name ?? null;
	const key = time === null ? null : (table.columns.find((column) => partsSeries(column, table.rows))?.name ?? null);
	try {
		const { preparation, warnings } = fitPreparation(table, { prepare: [], target: label, time, key });
		const taken = new Set(inputColumns(preparation));
		const inputs = table.columns.map(({ name }) => name).filter((name) => taken.has(name));
		return { time, key, label, inputs, warnings };
	} catch (error) {
		throw inFile(error, file);
	}
}

/** Whether a column holds labels of both kinds, as training reads them. */
function tellsAnomalies(table: Table, name: string): boolean {
	try {
		const labels = readLabels(table, name);
		return labels.includes(0) && labels.includes(1);
	} catch {
		return false;
	}
}

const keyWords =
	/(^|[^\p{L}])(id|key|name|device|sensor|patient|machine|station|site|unit|series|host|user|customer|meter|asset)s?([^\p{L}]|$)/iu;

/** `user_id`, `device`, `deviceName`, `Patient key`. */
const namesThings = (name: string) => keyWords.test(name) || /\p{Ll}(Id|ID|Key|Name)$/u.test(name);

/** A text column with the name of a thing and few values, each many times: one series a value. */
function partsSeries(column: Column, rows: number): boolean {
	return (
		namesThings(column.name) &&
		column.kind === 'string' &&
		column.dictionary.length > 1 &&
		column.dictionary.length <= rows / 30
	);
}

/** A text as a plain scalar where it can be none other, else in quotes, which hold anything in a list of YAML too. */
function scalar(text: string): string {
	const plain = /^[\p{L}_][\p{L}\p{N}_./ -]*$/u.test(text) && stringify(text, { lineWidth: 0 }) === `${text}\n`;
	return plain ? text : JSON.stringify(text);
}

function projectText(
	table: Table,
	{ time, key, label, inputs }: Findings,
	{ path, ...reading }: Reading & { path: string },
	name: string,
): string {
	const line = (text: string, present: boolean) => (present ? text : `# ${text}`);
	const left = table.columns.length - inputs.length;
	return `# What Perch knows of this project. Every value can be overridden for one call: perch train --set model.params.trees=200
name: ${scalar(name)}

data:
  source: ${scalar(path)}   # ${table.rows} rows, ${table.columns.length} columns
${Object.entries(reading)
	.map(([field, value]) => `  ${field}: ${value}\n`)
	.join(
		'',
	)}  columns: [${inputs.map(scalar).join(', ')}]   # what the model learns from${left > 0 ? `; ${left} of the file left out` : ''}
  ${line(`target: ${label === null ? 'is_anomaly' : scalar(label)}`, label !== null)}   # labels measure an anomaly model, they never train it
  ${line(`time: ${time === null ? 'timestamp' : scalar(time)}`, time !== null)}   # orders the rows
  ${line(`key: ${key === null ? 'device' : scalar(key)}`, key !== null)}   # one series a value
  # window: {size: 30, step: 5, features: [mean, std, min, max, slope]}   # learn from windows of a series instead of single rows

model:
  type: isolation_forest
  params: {trees: 100, sample_size: 256, contamination: auto}   # contamination: share of anomalies expected, such as 2%

register: {as: ${scalar(name)}}   # the first version becomes production, later ones candidate

serve: {port: 0, auth: token}   # port 0: chosen once and kept

canary:
  steps: [{share: 10%}]   # what a candidate gets of the traffic
  guard: [{drift: true}]   # roll it back when live traffic drifts from the training rows

drift: {reference: training, threshold: 50%, every: 500}   # share of drifted columns; requests between two looks
`;
}
