/** A part of a table for what need not see every row: drawn by chance, the same in every run, and named in the report. */
import { type Table, takeRows } from '../../data/table.ts';
import type { DriftReport } from '../../protocol/drift.ts';
import { createRandom } from '../../stats/random.ts';

/** So many rows tell a share to 0.3 % (95 % confidence), and fit any machine. */
export const mostSampledRows = 100_000;
const sampleSeed = 7;

export interface SampledTable {
	table: Table;
	/** The rows of the whole table, ascending, that the sample holds; null for all. */
	rows: Uint32Array | null;
}

/** Up to `most` rows in their order, each set of rows as likely as any other. */
export function sampleRows(table: Table, purpose: string, most = mostSampledRows): SampledTable {
	const rows = sampledRows(table.rows, purpose, most);
	return { table: rows === null ? table : takeRows(table, rows), rows };
}

/** Which rows of so many that takes, ascending; null for all. */
export function sampledRows(of: number, purpose: string, most = mostSampledRows): Uint32Array | null {
	return of <= most ? null : drawRows(of, most, purpose);
}

/** Knuth's algorithm S (The Art of Computer Programming 2, 3.4.2): one pass, ascending. */
export function drawRows(of: number, count: number, purpose: string): Uint32Array {
	const random = createRandom(sampleSeed, 'drift sample', purpose);
	const rows = new Uint32Array(Math.min(of, count));
	for (let row = 0, taken = 0; taken < rows.length; row++) {
		if ((of - row) * random.next() < rows.length - taken) rows[taken++] = row;
	}
	return rows;
}

/** Says in the report how many rows of each side were drawn, where not all were taken. */
export function nameSample(report: DriftReport, reference: SampledTable, current: SampledTable): void {
	if (reference.rows === null && current.rows === null) return;
	const drawn = ({ table, rows }: SampledTable) => (rows === null ? null : table.rows);
	report.sample = { reference: drawn(reference), current: drawn(current), seed: sampleSeed };
}
