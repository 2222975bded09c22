/** A file opened for reading. */
import type { Quarantined } from '../protocol/reading.ts';
import type { PlannedColumn } from './chunks.ts';
import type { TextFile } from './encoding/textBytes.ts';
import type { Sound } from './quarantine/setAside.ts';
import type { CsvDialect } from './read/csvText.ts';

export type Format = 'csv' | 'json' | 'parquet';

/** A file opened for reading: what to select from, how many rows it has, and how each column is read. */
export interface Source {
	format: Format;
	from: string;
	rows: number;
	planned: PlannedColumn[];
	/** The file as text; null for Parquet. */
	text: TextFile | null;
	/** How a CSV file is written; null for the others, whose columns have types of their own. */
	dialect: CsvDialect | null;
	/** How rows are told from other records of a text some of whose records were set aside; null where all are rows. */
	sound: Sound | null;
	/** Rows that were set aside for a cell, as 0-based numbers among all rows of the file. */
	skipped: readonly number[];
	/** All rows of the file that were set aside, as 0-based numbers in order. */
	missing: readonly number[];
	/** What was set aside of the file. */
	quarantined: Quarantined[number] | null;
}
