/** Rows that are read a block at a time, so that memory holds a block and never the file. */
import { isPerchError } from '../protocol/errors.ts';
import type { Quarantined, Reading } from '../protocol/reading.ts';
import { changedMeanwhile, readBlocks } from './chunks.ts';
import { type FamilyFile, filesOf, readFamily } from './read/family.ts';
import { unreadable } from './read/jsonFault.ts';
import { type OpenFile, withSources } from './read/sources.ts';
import { originOf } from './rowLines.ts';
import { selectColumns, sliceRows, type Table } from './table.ts';

export interface RowBlocks {
	readonly rows: number;
	readonly names: readonly string[];
	/** The files in the order of the rows. */
	readonly files: FamilyFile[];
	/** What of the files was set aside. */
	readonly quarantined: Quarantined;
	/** These columns, in blocks of at most so many rows (2,048 or more) in the order of the files. */
	read(names: readonly string[], rowsAtOnce: number): AsyncGenerator<Table>;
}

/**
 * Opens the file or the files that a path means for `work`. Files whose columns differ in name or type become one table
 * first, as `readFamily` makes it, and are in memory as a whole. Throws as `readTable` and `readFamily` do.
 */
export async function withBlocks<T>(
	path: string,
	reading: Reading,
	work: (blocks: RowBlocks) => Promise<T>,
): Promise<T> {
	return await withSources(filesOf(path), reading, async (files) => {
		if (!areAlike(files)) return await work(blocksOfTable(await readFamily(path, reading)));
		return await work({
			rows: files.reduce((sum, { source }) => sum + source.rows, 0),
			names: files[0]?.source.planned.map(({ name }) => name) ?? [],
			files: files.map(({ path: one, source }) => ({ path: one, rows: source.rows, origin: originOf(source) })),
			quarantined: files.flatMap(({ source }) => source.quarantined ?? []),
			async *read(names, rowsAtOnce) {
				for (const file of files) yield* blocksOfFile(file, names, rowsAtOnce);
			},
		});
	});
}

function areAlike(files: readonly OpenFile[]): boolean {
	const [first, ...others] = files.map(
		({ source }) => new Map(source.planned.map(({ name, type }) => [name, type] as const)),
	);
	return others.every(
		(other) => other.size === first?.size && [...other].every(([name, type]) => first.get(name) === type),
	);
}

async function* blocksOfFile(
	{ path, connection, source }: OpenFile,
	names: readonly string[],
	rowsAtOnce: number,
): AsyncGenerator<Table> {
	const plans = new Map(source.planned.map((plan) => [plan.name, plan]));
	const asked = names.flatMap((name) => plans.get(name) ?? []);
	let read = 0;
	try {
		for await (const block of readBlocks(connection, asked, source.from, rowsAtOnce)) {
			read += block.rows;
			yield block;
		}
	} catch (error) {
		throw isPerchError(error) ? error : unreadable(path, error);
	}
	if (read !== source.rows) throw changedMeanwhile(read, source.rows);
}

function blocksOfTable({
	table,
	files,
	quarantined,
}: Pick<RowBlocks, 'files' | 'quarantined'> & { table: Table }): RowBlocks {
	return {
		...{ rows: table.rows, files, quarantined },
		names: table.columns.map(({ name }) => name),
		async *read(names, rowsAtOnce) {
			const selected = selectColumns(table, names);
			for (let start = 0; start < table.rows; start += rowsAtOnce) {
				yield sliceRows(selected, start, Math.min(table.rows, start + rowsAtOnce));
			}
		},
	};
}
