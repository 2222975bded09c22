import { openPages, type PageRequest, type Pages } from '../../data/pages/pages.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { Reading } from '../../protocol/reading.ts';
import type { TableColumn, TableFormat } from '../../protocol/table.ts';

export interface TableOpenInput {
	file: string;
	reading: Reading;
}
export interface TableRowsInput extends PageRequest {
	longest: number;
}
export interface TableCopyInput extends PageRequest {
	format: TableFormat;
}

/** The work of a process that holds one open file: it is opened once, then asked for pages. */
export function tableWork() {
	let pages: Pages | undefined;
	const opened = (): Pages => {
		if (pages === undefined) throw new PerchError('internal', 'No file was opened in this process.');
		return pages;
	};
	return {
		async 'table-open'({ file, reading }: TableOpenInput, { dir, progress }: JobContext) {
			progress('Opening the file');
			pages = await openPages(file, dir, reading);
			const columns = pages.file.columns.map(({ name, type, exact }): TableColumn => ({ name, type, exact }));
			return { rows: pages.file.rows, columns, quarantined: pages.file.quarantined };
		},
		'table-rows': ({ longest, ...request }: TableRowsInput, { progress }: JobContext) =>
			opened().rows(request, longest, progress),
		'table-copy': ({ format, ...request }: TableCopyInput, { progress }: JobContext) =>
			opened().copy(request, format, progress),
	};
}
