/** Pages of a data file for an editor that shows its rows: sorted, filtered, every value as the text that it is. */

import * as z from 'zod/mini';
import { longParams } from './core.ts';
import { columnType } from './datasets.ts';
import { method } from './method.ts';
import { relations } from './project/checks.ts';
import { quarantined, reading } from './reading.ts';
import { described } from './schema.ts';

export const tableColumn = z.object({
	name: z.string(),
	type: columnType,
	exact: described(z.string(), 'As the file itself calls the type, such as `DECIMAL(18,3)`.'),
});
export type TableColumn = z.infer<typeof tableColumn>;

export const tableOperator = z.enum([...relations, 'contains', 'is_null', 'not_null']);
export type TableOperator = z.infer<typeof tableOperator>;

export const tableFilter = z.object({
	column: z.string(),
	operator: tableOperator,
	value: described(z._default(z.string(), ''), 'Read as the type of the column is; `contains` ignores case.'),
});
export type TableFilter = z.infer<typeof tableFilter>;

export const tableSort = z.object({ column: z.string(), descending: z._default(z.boolean(), false) });
export type TableSort = z.infer<typeof tableSort>;

/** What is to be seen of a table: nulls come last in either direction, and rows that are equal in the order of the file. */
export const tableView = {
	sort: z._default(z.nullable(tableSort), null),
	filter: z._default(described(z.array(tableFilter).check(z.maxLength(50)), 'All of them hold of a row.'), []),
};

export const tableFormat = z.enum(['csv', 'tsv', 'markdown', 'json']);
export type TableFormat = z.infer<typeof tableFormat>;

const place = {
	table: described(z.string(), 'As `table/open` gave it.'),
	offset: described(z.int().check(z.minimum(0)), 'Of the rows that the filter leaves, in their order.'),
	columns: z.optional(described(z.array(z.string()), 'In this order; all unless told.')),
};

export const tableOpen = method(
	'Opens a data file for paging. A table that nobody asks for is closed after five minutes: it is `not_found` then, and may be opened again.',
	z.object({ file: z.string(), ...reading, ...longParams }),
	z.object({ table: z.string(), file: z.string(), rows: z.number(), columns: z.array(tableColumn), quarantined }),
	{ long: true },
);

export const tableRows = method(
	'Returns a page of an open table. The first page of an order or a filter takes as long as that takes; a newer one ends it as `cancelled`.',
	z.object({
		...place,
		limit: z.int().check(z.minimum(0), z.maximum(1000)),
		...tableView,
		longest: z._default(
			described(
				z.int().check(z.minimum(1), z.maximum(100_000)),
				'Characters of a cell; longer ones are cut and end in `…`.',
			),
			300,
		),
		...longParams,
	}),
	z.object({
		total: described(z.number(), 'Rows that the filter leaves.'),
		numbers: described(z.array(z.number()), 'Where each row stands in the file, from 1.'),
		cells: described(z.array(z.array(z.nullable(z.string()))), 'A list a row.'),
	}),
	{ long: true },
);

/** So much goes on a clipboard. */
export const mostCopiedCells = 1_000_000;

export const tableCopy = method(
	`Returns rows of an open table as text, whole and uncut: up to ${mostCopiedCells.toLocaleString('en-US')} cells.`,
	z.object({ ...place, limit: z.int().check(z.minimum(0)), ...tableView, format: tableFormat, ...longParams }),
	z.object({ text: z.string() }),
	{ long: true },
);

export const tableClose = method(
	'Closes an open table.',
	z.object({ table: z.string() }),
	z.object({ table: z.string() }),
);

export const tableMethods = {
	'table/open': tableOpen,
	'table/rows': tableRows,
	'table/copy': tableCopy,
	'table/close': tableClose,
};
