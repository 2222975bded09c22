/** What is done with one column of both sides, in whichever thread it is. */
import { printColumn } from '../../data/fingerprint/fingerprint.ts';
import type { Column } from '../../data/table.ts';
import { chunkColumn } from '../../drift/chunks/chunkColumn.ts';
import type { ChunkPlan } from '../../drift/chunks/planChunks.ts';
import { type Examination, type ExaminedColumn, examineColumn } from '../../drift/examineColumn.ts';
import type { DatasetColumn } from '../../protocol/datasets.ts';
import type { ColumnChunks } from '../../protocol/driftChunks.ts';

export interface ColumnTask {
	name: string;
	/** The column of each side; null where it has none, or where nothing is asked of it. */
	reference: Column | null;
	current: Column | null;
	/** How the two are held against each other; null where they are not. */
	examination: Examination | null;
	/** How the current rows are cut into chunks; null where no trend is asked for. */
	chunks: ChunkPlan | null;
	/** Sides whose rows are to be known again. */
	print: { reference: boolean; current: boolean };
}

export interface ColumnAnswer {
	examined: ExaminedColumn | null;
	chunks: ColumnChunks | null;
	prints: { reference: DatasetColumn | null; current: DatasetColumn | null };
}

export function doColumnTask({ name, reference, current, examination, chunks, print }: ColumnTask): ColumnAnswer {
	const pair =
		examination !== null && reference !== null && current !== null ? { name, one: reference, other: current } : null;
	const examined = pair === null || examination === null ? null : examineColumn(pair, examination);
	const trend = pair === null || chunks === null ? null : chunkColumn(chunks, name, pair.one, pair.other);
	const printOf = (asked: boolean, column: Column | null) => (asked && column !== null ? printColumn(column) : null);
	return {
		examined,
		chunks: trend,
		prints: { reference: printOf(print.reference, reference), current: printOf(print.current, current) },
	};
}
