import { readFamily } from '../../data/read/family.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import type { Reading } from '../../protocol/reading.ts';

export interface DescribeInput {
	file: string;
	rows: number;
	reading: Reading;
}

/** First rows and moments of a data file, for a tooltip or a terminal. */
export async function describeWork({ file, rows, reading }: DescribeInput, { progress }: JobContext) {
	progress('Reading the data', 0);
	const { table, quarantined } = await readFamily(file, reading);
	const { preview } = await import('../../data/frame.ts');
	return {
		file,
		rows: table.rows,
		columns: table.columns.map(({ name, type }) => ({ name, type })),
		quarantined,
		...preview(table, rows),
	};
}
