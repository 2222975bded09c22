/** How a check looks at the cells of a column: as text, as numbers, as times. */
import type { ColumnType } from '../../protocol/datasets.ts';
import { isText, type PlannedColumn } from '../chunks.ts';
import { isTime } from '../profile/moments.ts';
import { commaAsNumber, isoDate, isoTimestamp, milliseconds, noValueList } from '../read/textCells.ts';
import type { Cell } from '../table.ts';
import { shownNumber } from '../table.ts';

/** SQL expressions over one row. `nothing` is true where the cell holds no value for a column of the type. */
export interface CheckedColumn {
	name: string;
	/** The type that the whole file gives the column. */
	type: ColumnType;
	/** The cells are text of a file, so that each can be judged by itself. */
	isText: boolean;
	text: string;
	number: string;
	time: string;
	value: string;
	nothing(type: ColumnType): string;
	shown(found: unknown): Cell;
}

/** A column of a CSV file, whose cells are looked at one by one. */
export function textCells({ name, type, sql }: PlannedColumn, cell: string, decimalComma: boolean): CheckedColumn {
	const plain = `CASE WHEN NOT contains(${cell}, '_') THEN TRY_CAST(${cell} AS DOUBLE) END`;
	// What the column as a whole is read by holds for its cells; of text among numbers each is read by itself.
	const byItself = decimalComma
		? `CASE WHEN contains(${cell}, ',') THEN ${commaAsNumber(cell)} ELSE ${plain} END`
		: plain;
	const number = type === 'double' ? sql : byItself;
	const iso = `regexp_full_match(${cell}, '${isoTimestamp}') OR regexp_full_match(${cell}, '${isoDate}')`;
	return {
		name,
		type,
		isText: true,
		text: cell,
		number,
		time: `CASE WHEN ${iso} THEN ${milliseconds(`TRY_CAST(${cell} AS TIMESTAMPTZ)`)} END`,
		value: sql,
		nothing: (as) =>
			isText(as) ? `${cell} IS NULL` : `(${cell} IS NULL OR ${cell} IN (${noValueList}) OR isnan(${number}) IS TRUE)`,
		shown(found) {
			if (found === null) return null;
			const value = Number(found);
			return isText(type) || type === 'boolean' || isTime(type) || !Number.isFinite(value) ? String(found) : value;
		},
	};
}

/** A column of a file that has types of its own. */
export function typedCells({ name, type, sql }: PlannedColumn): CheckedColumn {
	const whole = type === 'integer' ? `CAST(CAST(${sql} AS BIGINT) AS VARCHAR)` : `CAST(${sql} AS VARCHAR)`;
	const text = type === 'boolean' ? `CASE ${sql} WHEN 0 THEN 'false' WHEN 1 THEN 'true' END` : whole;
	const nothing = type === 'double' ? `(${sql} IS NULL OR isnan(${sql}))` : `${sql} IS NULL`;
	return {
		name,
		type,
		isText: false,
		text: isText(type) ? sql : text,
		number: isText(type) ? `TRY_CAST(${sql} AS DOUBLE)` : sql,
		time: isTime(type) ? sql : 'NULL::DOUBLE',
		value: sql,
		nothing: () => nothing,
		shown(found) {
			if (found === null || isText(type)) return found === null ? null : String(found);
			const value = Number(found);
			// JSON has no other word for them.
			return Number.isFinite(value) ? shownNumber(type, value) : String(value);
		},
	};
}
