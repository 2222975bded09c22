/** Cells of text that are not of the type of their column. */
import type { ColumnType } from '../../protocol/datasets.ts';
import { commaAsNumber, isoDate, isoTimestamp, noValueList, number, time } from '../read/textCells.ts';

/** A column of which some cells may not be of its type. */
export interface Misfit {
	name: string;
	type: ColumnType;
	/** SQL of the cell as text. */
	cell: string;
	/** SQL that is true where the cell is not of the type. */
	sql: string;
}

/** SQL that is true of a cell that holds something, and nothing of the type; the usual words for nothing hold nothing. */
export function misfit(type: ColumnType, cell: string, decimalComma: boolean): string {
	const wrong = decimalComma ? `${commaAsNumber(cell)} IS NULL` : notOf(type, cell);
	return `(${cell} IS NOT NULL AND ${cell} NOT IN (${noValueList}) AND (${wrong}))`;
}

/** Whether a value is not of a type, in SQL. */
function notOf(type: ColumnType, cell: string): string {
	const value = number(cell);
	const noNumber = `${value} IS NULL OR contains(${cell}, '_')`;
	const noTime = (...patterns: string[]) =>
		`(isfinite(${time(cell)}) AND (${patterns.map((one) => `regexp_full_match(${cell}, '${one}')`).join(' OR ')})) IS NOT TRUE`;
	if (type === 'boolean') return `lower(trim(${cell})) NOT IN ('true', 'false')`;
	if (type === 'date') return noTime(isoDate);
	if (type === 'timestamp') return noTime(isoDate, isoTimestamp);
	if (type !== 'integer') return noNumber;
	const whole = `${value} = trunc(${value}) AND abs(${value}) <= ${Number.MAX_SAFE_INTEGER}`;
	return `${noNumber} OR (isfinite(${value}) AND NOT (${whole}))`;
}
