/** Datasets by their content: the same rows have the same digest, whatever file they lie in. */
import { createHash } from 'node:crypto';
import type { DatasetColumn } from '../protocol/datasets.ts';
import { columnMoments } from './columnMoments.ts';
import { type Column, schemaOf, type Table } from './table.ts';

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
	const columns = table.columns.map((column) => ({
		name: column.name,
		type: column.type,
		digest: columnDigest(column),
		...columnMoments(column),
	}));
	const content = { columns: schemaOf(table), rows: table.rows, digests: columns.map(({ digest }) => digest) };
	const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
	return { digest, rows: table.rows, columns };
}

/** SHA-256 of a column's values: doubles as little-endian bytes; text by the places of its words and the words used. */
export function columnDigest(column: Column): string {
	const hash = createHash('sha256');
	if (column.kind === 'number') {
		// Every NaN is null and -0 is 0, whichever bits they came with.
		const values = column.values.map((value) => (Number.isNaN(value) ? Number.NaN : value + 0));
		return hash.update(new Uint8Array(values.buffer)).digest('hex');
	}
	const places = new Int32Array(column.dictionary.length).fill(-1);
	const words: string[] = [];
	const codes = column.codes.map((code) => {
		if (code < 0) return -1;
		if (places[code] === -1) places[code] = words.push(column.dictionary[code] as string) - 1;
		return places[code] as number;
	});
	return hash.update(new Uint8Array(codes.buffer)).update(JSON.stringify(words)).digest('hex');
}
