/** Datasets by their content: the same rows have the same digest, whatever file they lie in. */
import { createHash } from 'node:crypto';
import type { DatasetColumn } from '../../protocol/datasets.ts';
import { columnMoments } from '../profile/columnMoments.ts';
import type { Column, Table } from '../table.ts';

/** What a table holds, without the rows. */
export interface Fingerprint {
	digest: string;
	rows: number;
	columns: DatasetColumn[];
}

/**
 * SHA-256 over the schema, the number of rows and a SHA-256 of every column's values in order, first 32 hex digits. The
 * order of a dictionary does not enter it, nor do the moments that are told with each column.
 */
export function fingerprint(table: Table): Fingerprint {
	return fingerprintOf(table.columns.map(printColumn), table.rows);
}

/** The same by the columns of a table, in its order. */
export function fingerprintOf(columns: DatasetColumn[], rows: number): Fingerprint {
	const schema = columns.map(({ name, type }) => ({ name, type }));
	const content = { columns: schema, rows, digests: columns.map(({ digest }) => digest) };
	const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
	return { digest, rows, columns };
}

/** What is known of a column without its rows. */
export function printColumn(column: Column): DatasetColumn {
	return { name: column.name, type: column.type, digest: columnDigest(column), ...columnMoments(column) };
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
