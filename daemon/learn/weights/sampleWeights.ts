/** The column that says how much each row counts. */
import type { Misfit } from '../../data/parse/parseColumns.ts';
import { type Column, columnOf, type Table } from '../../data/table.ts';
import { PerchError } from '../../protocol/errors.ts';

const reason = 'a weight must be a number that is not negative';

/** The cells of a column of weights that are none. Throws `unknown_column`. */
export function unfitWeights(table: Table, name: string): Misfit[] {
	const column = columnOf(table, name);
	const cell = cellOf(column);
	const misfits: Misfit[] = [];
	for (let row = 0; row < table.rows; row++) {
		const value = cell(row);
		if (value >= 0 && value < Number.POSITIVE_INFINITY) continue;
		const text = column.kind === 'string' ? (column.dictionary[column.codes[row] as number] ?? '') : String(value);
		misfits.push({ row, column: name, text: text === 'NaN' ? '' : text, reason });
	}
	return misfits;
}

/** By row of the table. Throws `unknown_column`, and `invalid_data` for a cell that is no weight or where all are 0. */
export function readWeights(table: Table, name: string): Float64Array {
	const [bad] = unfitWeights(table, name);
	if (bad !== undefined) throw noWeights(`Row ${bad.row + 1} of ${name} is ${JSON.stringify(bad.text)}: ${reason}.`);
	const cell = cellOf(columnOf(table, name));
	const weights = new Float64Array(table.rows);
	for (let row = 0; row < weights.length; row++) weights[row] = cell(row);
	if (weights.every((weight) => weight === 0)) throw noWeights(`The weights in ${name} are 0 in every row.`);
	return weights;
}

function cellOf(column: Column): (row: number) => number {
	if (column.kind === 'number') {
		const { values } = column;
		const isTime = column.type === 'date' || column.type === 'timestamp';
		return isTime ? () => Number.NaN : (row) => values[row] as number;
	}
	const numbers = column.dictionary.map((word) => (word.trim() === '' ? Number.NaN : Number(word)));
	return (row) => numbers[column.codes[row] as number] ?? Number.NaN;
}

function noWeights(message: string): PerchError {
	return new PerchError('invalid_data', message, {
		field: 'data.weight',
		hint: 'data.weight names a column that says how much each row counts: 0 is not at all, 2 is as two rows.',
	});
}
