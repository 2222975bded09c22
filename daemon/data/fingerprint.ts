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
	const content = { columns, rows: table.rows, digests: table.columns.map(columnDigest) };
	const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
	return { name, source, digest, rows: table.rows, columns };
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
