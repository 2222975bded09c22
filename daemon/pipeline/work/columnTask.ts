/** What is done with one column of both sides, in whichever thread it is. */
import { columnDigest } from '../../data/fingerprint.ts';
import type { Column } from '../../data/table.ts';
import { type Examination, type ExaminedColumn, examineColumn } from '../../drift/examineColumn.ts';

export interface ColumnTask {
	name: string;
	/** The column of each side; null where it has none, or where nothing is asked of it. */
	reference: Column | null;
	current: Column | null;
	/** How the two are held against each other; null where they are not. */
	examination: Examination | null;
	/** Sides whose rows are to be known again. */
	digest: { reference: boolean; current: boolean };
}

export interface ColumnAnswer {
	examined: ExaminedColumn | null;
	digests: { reference: string | null; current: string | null };
}

export function doColumnTask({ name, reference, current, examination, digest }: ColumnTask): ColumnAnswer {
	const examined =
		examination !== null && reference !== null && current !== null
			? examineColumn({ name, one: reference, other: current }, examination)
			: null;
	const digestOf = (asked: boolean, column: Column | null) => (asked && column !== null ? columnDigest(column) : null);
	return {
		examined,
		digests: { reference: digestOf(digest.reference, reference), current: digestOf(digest.current, current) },
	};
}
