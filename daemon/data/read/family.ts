/** Files of one family, read as one table: those that a pattern finds, or one a month. */
import { existsSync, globSync } from 'node:fs';
import { PerchError } from '../../protocol/errors.ts';
import type { Quarantined, Reading } from '../../protocol/reading.ts';
import { isQuarantine } from '../quarantine/quarantine.ts';
import type { RowOrigin } from '../rowLines.ts';
import { concatTables, type Table } from '../table.ts';
import { readWithOrigin } from './read.ts';
import { type ColumnNote, unifyColumns } from './unifyColumns.ts';

const monthRange = /\{(\d{4})-(0[1-9]|1[0-2])\.\.(\d{4})-(0[1-9]|1[0-2])\}/;
const mostMonths = 1200;

/**
 * The files that a path means: itself where it is there, one a month for `trips_{2021-01..2021-03}.parquet`, those that
 * match `*`, `?` and `[...]`, by name. Throws `file_not_found` where nothing matches, `invalid_arguments` for months that
 * run backwards; of months, each must be there when it is read.
 */
export function filesOf(path: string): string[] {
	if (existsSync(path)) return [path];
	const range = monthRange.exec(path);
	if (range !== null) return monthsOf(path, range).map((month) => path.replace(monthRange, () => month));
	if (!/[*?[]/.test(path)) return [path];
	const found = globSync(path)
		.filter((one) => !isQuarantine(one) || isQuarantine(path))
		.sort();
	if (found.length > 0) return found;
	throw new PerchError('file_not_found', `No file matches ${path}.`, {
		file: path,
		hint: 'Check the folder and the pattern.',
	});
}

function monthsOf(path: string, [text, ...digits]: RegExpExecArray): string[] {
	const [fromYear = 0, fromMonth = 0, toYear = 0, toMonth = 0] = digits.map(Number);
	const [first, last] = [fromYear * 12 + fromMonth - 1, toYear * 12 + toMonth - 1];
	if (last < first || last - first >= mostMonths) {
		throw new PerchError('invalid_arguments', `${path}: ${text} is no range of months.`, {
			file: path,
			hint: 'Name the earlier month first, such as {2021-01..2021-03}.',
		});
	}
	return Array.from({ length: last - first + 1 }, (_, index) => {
		const [year, month] = [Math.floor((first + index) / 12), ((first + index) % 12) + 1];
		return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
	});
}

export interface FamilyFile {
	path: string;
	rows: number;
	origin: RowOrigin;
}

export interface Family {
	table: Table;
	/** The files in their order, with their rows. */
	files: FamilyFile[];
	notes: ColumnNote[];
	quarantined: Quarantined;
}

/**
 * Reads the files that a path means, below one another. Columns are those of all files, in the order in which they are
 * first met. Throws as `readTable` does, and `invalid_data` naming the column and the files where its types cannot be
 * unified without a loss.
 */
export async function readFamily(path: string, reading: Reading = {}): Promise<Family> {
	const paths = filesOf(path);
	const tables: Table[] = [];
	const files: Family['files'] = [];
	const quarantined: Quarantined = [];
	for (const one of paths) {
		const read = await readWithOrigin(one, reading);
		tables.push(read.table);
		files.push({ path: one, rows: read.table.rows, origin: read.origin });
		quarantined.push(...read.quarantined);
	}
	const [only] = tables;
	if (tables.length === 1 && only !== undefined) return { table: only, files, notes: [], quarantined };
	const { tables: unified, notes } = unifyColumns(tables, paths);
	return { table: concatTables(unified), files, notes, quarantined };
}
