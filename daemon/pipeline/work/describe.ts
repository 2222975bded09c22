import { readTable } from '../../data/read.ts';
import type { JobContext } from '../../jobs/runJob.ts';

export interface DescribeInput {
	file: string;
	rows: number;
}

/** First rows and moments of a data file, for a tooltip or a terminal. */
export async function describeWork({ file, rows }: DescribeInput, { progress }: JobContext) {
	progress('Reading the data', 0);
	const table = await readTable(file);
	const { preview } = await import('../../data/frame.ts');
	return {
		file,
		rows: table.rows,
		columns: table.columns.map(({ name, type }) => ({ name, type })),
		...preview(table, rows),
	};
}
