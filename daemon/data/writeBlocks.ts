/** Files that are written a block at a time: whole or not at all, and never held in memory. */
import { constants } from 'node:fs';
import { copyFile, type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PerchError } from '../protocol/errors.ts';
import { connectDuckdb, quotePath, quoteText, throwIfDiskFull } from './duckdb.ts';
import { cellOf, type Table } from './table.ts';
import { appendTable, csvHeader, csvRows, loadTable } from './write.ts';
import { naming } from './writeBeside.ts';

/** Takes tables with the same columns, one below the other. */
export interface BlockWriter {
	write(block: Table): Promise<void>;
	/** Puts the whole file in the place of what was there. */
	finish(): Promise<void>;
	/** Lets go of what was written. */
	close(): Promise<void>;
}

type Part = Omit<BlockWriter, 'finish'> & { end(): Promise<void> };

const kinds: Record<string, (file: string) => Promise<Part>> = {
	csv: (file) => textPart(file, csvRows, csvHeader),
	jsonl: (file) => textPart(file, jsonRows),
	ndjson: (file) => textPart(file, jsonRows),
	parquet: parquetPart,
};

/**
 * Opens a `.csv`, `.jsonl`, `.ndjson` or `.parquet` file for writing. Until it is finished it grows in the folder
 * `scratch`, so that a process that is ended leaves nothing beside the target. Throws `unsupported_format`, what the
 * system says of a target that cannot be written, and `disk_full`.
 */
export async function openBlockWriter(path: string, scratch: string): Promise<BlockWriter> {
	const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
	const kind = Object.hasOwn(kinds, ending) ? kinds[ending] : undefined;
	if (kind === undefined) {
		throw new PerchError('unsupported_format', `${path} is not of a kind that Perch writes.`, {
			file: path,
			hint: 'Name a .csv, .jsonl or .parquet file.',
		});
	}
	const beside = `${path}.${process.pid}.part`;
	const told = async <T>(work: () => Promise<T>): Promise<T> => {
		try {
			return await work();
		} catch (error) {
			throwIfDiskFull(error, path);
			throw naming(path, error);
		}
	};
	return await told(async () => {
		await mkdir(dirname(path), { recursive: true });
		// Whether the target can be written is asked before the work, not after it.
		await (await open(beside, 'w')).close();
		await rm(beside, { force: true });
		const grown = join(scratch, basename(path));
		const part = await kind(grown);
		return {
			write: (block) => told(() => part.write(block)),
			finish: () =>
				told(async () => {
					await part.end();
					await moveTo(grown, path, beside);
				}),
			close: () => part.close(),
		};
	});
}

/** Between two disks a file is copied beside the target first. */
async function moveTo(file: string, path: string, beside: string): Promise<void> {
	try {
		await rename(file, path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
		try {
			await copyFile(file, beside, constants.COPYFILE_FICLONE);
			await rename(beside, path);
		} finally {
			await rm(beside, { force: true });
		}
	}
}

async function textPart(
	path: string,
	rows: (block: Table) => Iterable<string>,
	header?: (block: Table) => string,
): Promise<Part> {
	const file: FileHandle = await open(path, 'w');
	let begun = false;
	return {
		async write(block) {
			if (!begun && header !== undefined) await file.write(header(block));
			begun = true;
			for (const text of rows(block)) await file.write(text);
		},
		end: () => file.close(),
		close: () => file.close(),
	};
}

const rowsAtOnce = 8192;

/** One object a line; an empty cell is null. */
function* jsonRows({ rows, columns }: Table): Generator<string> {
	const names = columns.map(({ name }) => JSON.stringify(name));
	for (let start = 0; start < rows; start += rowsAtOnce) {
		let text = '';
		for (let row = start; row < Math.min(rows, start + rowsAtOnce); row++) {
			const cells = columns.map((column, index) => `${names[index]}:${JSON.stringify(cellOf(column, row))}`);
			text += `{${cells.join(',')}}\n`;
		}
		yield text;
	}
}

/** Rows that DuckDB holds before they become a file. */
const rowsOfPart = 1_000_000;
const heldRows = 'held';

/** DuckDB writes a file in one statement: so many rows become a file of their own, and these one in the end. */
async function parquetPart(path: string): Promise<Part> {
	const connection = await connectDuckdb();
	const parts: string[] = [];
	let held = 0;
	let select = '';
	const flush = async () => {
		const part = `${path}.${parts.length}`;
		parts.push(part);
		await connection.run(`COPY (${select}) TO ${quoteText(part)} (FORMAT parquet)`);
		await connection.run(`DROP TABLE ${heldRows}`);
		held = 0;
	};
	return {
		async write(block) {
			if (held > 0) await appendTable(connection, heldRows, block);
			else select = await loadTable(connection, heldRows, block);
			held += block.rows;
			if (held >= rowsOfPart) await flush();
		},
		async end() {
			if (held > 0) await flush();
			const [only] = parts;
			if (parts.length === 1 && only !== undefined) return await rename(only, path);
			const all = parts.map(quotePath).join(', ');
			await connection.run(`COPY (FROM read_parquet([${all}])) TO ${quoteText(path)} (FORMAT parquet)`);
			await Promise.all(parts.map((part) => rm(part, { force: true })));
		},
		async close() {
			connection.closeSync();
		},
	};
}
