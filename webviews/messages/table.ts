/** The table: the rows of a data file, a page at a time. */

import * as z from 'zod/mini';
import '../../daemon/protocol/schema.ts';
import { tableColumn, type tableCopy, tableFormat, tableRows, tableView } from '../../daemon/protocol/table.ts';
import { done, notification, request, shown } from './message.ts';

/** Extension to webview: what the file is. Rows are asked for with `rows`. */
export const show = notification(
	'show',
	z.object({
		...shown,
		file: z.string(),
		name: z.string(),
		rows: z.number(),
		columns: z.array(tableColumn),
		/** What the lens line above a text file says; `act` runs an entry by its place. */
		line: z.array(z.object({ title: z.string(), tooltip: z.string() })),
	}),
);
export type TableShow = z.infer<typeof show.params>;

/** What the head of a column says of its values. */
export const columnGlance = z.object({
	column: z.string(),
	/** 0 to 1. */
	nulls: z.number(),
	distinct: z.number(),
	/** Heights of the bars of a histogram, or of the most frequent values; empty where there is nothing to draw. */
	bars: z.array(z.number()),
	/** Figures for a tooltip and a screen reader. */
	words: z.string(),
});
export type ColumnGlance = z.infer<typeof columnGlance>;

/** Extension to webview: the profile, which comes later than the rows. */
export const glances = notification('glances', z.object({ columns: z.array(columnGlance) }));

/** Extension to webview: how far an order or a copy has come; `share` is 0 to 1, absent while unknown. */
export const progress = notification('progress', z.object({ message: z.string(), share: z.optional(z.number()) }));

const place = { offset: z.int().check(z.minimum(0)), limit: z.int().check(z.minimum(0)), columns: z.array(z.string()) };

export const rows = request('rows', z.object({ ...place, ...tableView }), tableRows.result);
export type TablePage = z.infer<typeof tableRows.result>;

/** Webview to extension: puts the selected cells on the clipboard. */
export const copy = request('copy', z.object({ ...place, ...tableView, format: tableFormat }), done);
export type CopyFormat = z.infer<typeof tableCopy.params>['format'];

/** Webview to extension: runs an entry of the line. */
export const act = request('act', z.object({ entry: z.int() }), done);

export const viewOfTable = z.object(tableView);
export type ViewOfTable = z.infer<typeof viewOfTable>;

/** What the page keeps over a reload. */
export const tableState = z.object({
	version: z.literal(1),
	root: z.string(),
	file: z.string(),
	view: viewOfTable,
	/** The first row that is seen. */
	top: z.number(),
});
export type TableState = z.infer<typeof tableState>;
