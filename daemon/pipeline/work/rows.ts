/** The rows that a project's data section names, read or simulated. */
import { type Family, readFamily } from '../../data/read/family.ts';
import { simulateTable } from '../../data/simulate/simulateTable.ts';
import type { Table } from '../../data/table.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { DataSection } from '../../protocol/project/data.ts';
import { type Reading, readingOf } from '../../protocol/reading.ts';

/**
 * Reads a file or the files of a family, or makes the series that a `simulate:` describes. `notes` say how the columns of
 * a family differ.
 */
export async function readRows(source: DataSection['source'], reading: Reading): Promise<Family> {
	return typeof source === 'string'
		? await readFamily(source, readingOf(reading))
		: { table: await simulateTable(source.simulate), files: [], notes: [], quarantined: [] };
}

/** What a dataset is called in lists: its path, or the word for made data. */
export function sourceName(source: DataSection['source']): string {
	return typeof source === 'string' ? source : 'simulated';
}

/** Refuses names that a table lacks, saying which field of perch.yaml asked for them. */
export function requireColumns(
	table: Table,
	data: Pick<DataSection, 'columns' | 'exclude' | 'target' | 'time' | 'key' | 'weight'>,
): void {
	const asked: [string, readonly string[]][] = [
		['data.columns', data.columns ?? []],
		['data.exclude', data.exclude],
		['data.target', data.target ? [data.target] : []],
		['data.time', data.time ? [data.time] : []],
		['data.key', data.key ? [data.key] : []],
		['data.weight', data.weight ? [data.weight] : []],
	];
	for (const [field, names] of asked) for (const name of names) requireColumn(table, name, field);
}

/** Refuses a name that a table lacks; `field` says who asked for it. */
export function requireColumn(table: Table, name: string, field: string): void {
	if (table.columns.some((column) => column.name === name)) return;
	throw new PerchError('unknown_column', `${field}: the data have no column ${JSON.stringify(name)}.`, {
		field,
		hint: `Columns: ${table.columns.map((column) => column.name).join(', ')}.`,
	});
}
