import { cellOf } from '../../data/table.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import { openContributions } from '../../learn/explanations/contributions.ts';
import { inspectModel } from '../../onnx/model.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { ParsedParams, Result } from '../../protocol/methods.ts';
import { parseRows, rowForm } from '../../serve/parseRows.ts';

export interface ExplainInput {
	/** Path of the .onnx file, and how the caller named it. */
	file: string;
	model: string;
	rows: ParsedParams<'models/explain'>['rows'];
}

/** What each column adds to what a model says of raw rows. Throws `invalid_arguments` for a model that cannot be explained so. */
export async function explainRowsWork(
	{ file, model, rows }: ExplainInput,
	{ progress }: JobContext,
): Promise<Result<'models/explain'>> {
	progress('Opening the model', 0);
	const opened = await openContributions(file);
	if (typeof opened === 'string') {
		throw new PerchError('invalid_arguments', `${model} cannot be explained row by row. ${opened}`, {
			field: 'model',
			hint: 'Forests, boosting, isolation forests and autoencoders that Perch trained can; train again a version that an older Perch made.',
		});
	}
	const { description } = await inspectModel(file);
	const { table, origin } = parseRows(rows, rowForm(description));
	const { method, unit, classes, columns, base } = opened;
	progress('Explaining the rows', 0.3);
	const values = await opened.explain(table);
	const cells = new Map(table.columns.map((column) => [column.name, column]));
	return {
		model,
		method,
		unit,
		rows: Array.from({ length: table.rows }, (_, row) => ({
			row: (origin?.[row] ?? row) + 1,
			outputs: classes.map((name, output) => {
				const from = (row * classes.length + output) * columns.length;
				const start = base[output] as number;
				const own = values.subarray(from, from + columns.length);
				return {
					class: name,
					base: start,
					said: own.reduce((sum, value) => sum + value, start),
					columns: columns
						.map((column, at) => {
							const known = cells.get(column);
							return { column, value: known ? cellOf(known, row) : null, contribution: own[at] as number };
						})
						.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
				};
			}),
		})),
	};
}
