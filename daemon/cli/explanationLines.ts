/** Explanations as a terminal shows them. */

import { PerchError } from '../protocol/errors.ts';
import type { Explanations } from '../protocol/explanations.ts';
import type { Params, Result } from '../protocol/methods.ts';
import { figure, table } from './output.ts';

const mostShown = 15;

export function explanationLines(known: Explanations | null): string {
	if (known === null) return 'This run kept no explanations.';
	const { importance, contributions, confusion, learning_curve: curve } = known;
	const where = known.part === 'held_out' ? 'rows that were not learned from' : 'rows learned from';
	return [
		`${known.rows} of ${known.of} ${where}`,
		...(importance === null
			? []
			: [
					`\n${importance.metric} is ${figure(importance.score)} (${importance.rows} rows); without what a column tells it is worse by`,
					table(
						['column', 'mean', 'deviation'],
						importance.columns.slice(0, mostShown).map(({ column, mean, std }) => [column, figure(mean), figure(std)]),
						'',
					),
				]),
		...(contributions?.outputs ?? []).flatMap((output) => [
			`\nWhat columns add to the ${contributions?.unit.replaceAll('_', ' ')}${output.class === null ? '' : ` of ${output.class}`}, from ${figure(output.base)} (${contributions?.rows} rows)`,
			table(
				['column', 'mean absolute', 'mean'],
				output.columns
					.slice(0, mostShown)
					.map(({ column, mean_absolute, mean }) => [column, figure(mean_absolute), figure(mean)]),
				'',
			),
		]),
		...(confusion === null
			? []
			: [
					'\nRows by class, columns by predicted class',
					table(
						['', ...confusion.classes],
						confusion.counts.map((line, code) => [confusion.classes[code] ?? '', ...line.map(String)]),
						'',
					),
				]),
		...(curve === null
			? []
			: [
					`\n${curve.metric} by rows learned from`,
					table(
						['rows', 'training', 'held out'],
						curve.points.map(({ rows, training, held_out }) => [String(rows), figure(training), figure(held_out)]),
						'',
					),
				]),
		...known.notes,
	].join('\n');
}

/** A row as the command line gives it. Throws `invalid_arguments` for what is no JSON object. */
export function readRow(text: string): Params<'models/explain'>['rows'][number] {
	const hint = 'Give one row as a JSON object: --row \'{"size": 80, "town": "Bern"}\'.';
	try {
		const row: unknown = JSON.parse(text);
		if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as ReturnType<typeof readRow>;
	} catch (cause) {
		throw new PerchError('invalid_arguments', `--row is no JSON: ${(cause as Error).message}.`, {
			field: 'row',
			hint,
			cause,
		});
	}
	throw new PerchError('invalid_arguments', '--row is no JSON object.', { field: 'row', hint });
}

export function rowLines({ unit, rows }: Result<'models/explain'>): string {
	return rows
		.flatMap(({ row, outputs }) =>
			outputs.flatMap((output) => [
				`Row ${row}: ${unit.replaceAll('_', ' ')}${output.class === null ? '' : ` of ${output.class}`} ${figure(output.said)}, from ${figure(output.base)}`,
				table(
					['column', 'value', 'contribution'],
					output.columns
						.slice(0, mostShown)
						.map(({ column, value, contribution }) => [column, String(value ?? ''), figure(contribution)]),
					'',
				),
			]),
		)
		.join('\n');
}
