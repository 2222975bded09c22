/** What the profiles share: two columns of one name in, verdicts out. */
import type { Column } from '../data/table.ts';
import type { DriftColumn } from '../protocol/drift.ts';

export interface ColumnPair {
	name: string;
	/** Of the reference. */
	one: Column;
	/** Of the current data. */
	other: Column;
}

/** What decides over all columns together. */
export interface Judging {
	/** The share of drifted columns from which the whole is called drifted. */
	threshold: number;
	/** A reason to tell nothing; null for none. */
	withheld: string | null;
}

export interface Judgement {
	drift: boolean | null;
	reason: string | null;
	share: number;
	/** Rows a side with which the whole could be told, where these are too few. */
	rowsNeeded?: number | null;
	columns: DriftColumn[];
}

/** A side that holds nothing but nulls has no type to speak of. */
export function typeOfPair(
	one: Column,
	other: Column,
	{ reference }: Pick<DriftColumn, 'reference'>,
): DriftColumn['type'] {
	return reference.nulls === reference.rows ? other.type : one.type;
}
