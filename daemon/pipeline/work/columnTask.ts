/** What is done with one column of both sides, in whichever thread it is. */
import { printColumn } from '../../data/fingerprint.ts';
import type { Column } from '../../data/table.ts';
import { type Examination, type ExaminedColumn, examineColumn } from '../../drift/examineColumn.ts';
import type { DatasetColumn } from '../../protocol/datasets.ts';

export interface ColumnTask {
	name: string;
	/** The column of each side; null where it has none, or where nothing is asked of it. */
	reference: Column | null;
	current: Column | null;
	/** How the two are held against each other; null where they are not. */
	examination: Examination | null;
	/** Sides whose rows are to be known again. */
	print: { reference: boolean; current: boolean };
}

export interface ColumnAnswer {
	examined: ExaminedColumn | null;
	prints: { reference: DatasetColumn | null; current: DatasetColumn | null };
}

export function doColumnTask({ name, reference, current, examination, print }: ColumnTask): ColumnAnswer {
	const examined =
		examination !== null && reference !== null && current !== null
			? examineColumn({ name, one: reference, other: current }, examination)
			: null;
	const printOf = (asked: boolean, column: Column | null) => (asked && column !== null ? printColumn(column) : null);
	return {
		examined,
		prints: { reference: printOf(print.reference, reference), current: printOf(print.current, current) },
	};
}
