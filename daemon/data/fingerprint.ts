/** Datasets by their content: the same rows have the same digest, whatever file they lie in. */
import { createHash } from 'node:crypto';
import type { ColumnSchema } from '../protocol/datasets.ts';
import type { DatasetRef } from '../protocol/runs.ts';
import { type Column, schemaOf, type Table } from './table.ts';

/** What the catalog keeps of a dataset that a run used. */
export interface Fingerprint extends DatasetRef {
	columns: ColumnSchema[];
}

/**
 * SHA-256 over the schema, the number of rows and a SHA-256 of every column's values in order, first 32 hex digits.
 * `name` and `source` are told with it and do not enter it, nor does the order of a dictionary.
 */
export function fingerprint(table: Table, { name, source }: { name: string; source: string }): Fingerprint {
	const columns = schemaOf(table);
	const digest = tableDigest(columns, table.rows, table.columns.map(columnDigest));
	return { name, source, digest, rows: table.rows, columns };
}

/** The digest of a table by those of its columns, in its order. */
export function tableDigest(columns: readonly ColumnSchema[], rows: number, digests: readonly string[]): string {
	const content = { columns, rows, digests };
	return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
}

/** So many rows are brought to their one form at a time. */
const blockRows = 8192;

/** SHA-256 of a column's values: doubles as little-endian bytes; text by the places of its words and the words used. */
export function columnDigest(column: Column): string {
	const hash = createHash('sha256');
	if (column.kind === 'number') {
		const { values } = column;
		const block = new Float64Array(Math.min(values.length, blockRows));
		for (let from = 0; from < values.length; from += blockRows) {
			const count = Math.min(blockRows, values.length - from);
			for (let row = 0; row < count; row++) {
				const value = values[from + row] as number;
				// Every NaN is null and -0 is 0, whichever bits they came with.
				block[row] = Number.isNaN(value) ? Number.NaN : value + 0;
			}
			hash.update(new Uint8Array(block.buffer, 0, count * block.BYTES_PER_ELEMENT));
		}
		return hash.digest('hex');
	}
	const places = new Int32Array(column.dictionary.length).fill(-1);
	const words: string[] = [];
	const block = new Int32Array(Math.min(column.codes.length, blockRows));
	for (let from = 0; from < column.codes.length; from += blockRows) {
		const count = Math.min(blockRows, column.codes.length - from);
		for (let row = 0; row < count; row++) {
			const code = column.codes[from + row] as number;
			if (code >= 0 && places[code] === -1) places[code] = words.push(column.dictionary[code] as string) - 1;
			block[row] = code < 0 ? -1 : (places[code] as number);
		}
		hash.update(new Uint8Array(block.buffer, 0, count * block.BYTES_PER_ELEMENT));
	}
	return hash.update(JSON.stringify(words)).digest('hex');
}
