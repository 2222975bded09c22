import type { Team } from '../../kernels/team.ts';

/** What estimators see: columns of float32, as the graph gives them to its trees. NaN is a missing value. */
export interface FeatureMatrix {
	rows: number;
	columns: Float32Array[];
	/** Of the columns, where anybody asks for them. */
	names?: readonly string[];
	/** Of each column: how many categories it has, whose codes from 0 it holds; 0 for numbers, which all are unless told. */
	categories?: readonly number[];
}

/** A column of zeros in memory that threads can share. */
export function sharedColumn(rows: number): Float32Array {
	return new Float32Array(new SharedArrayBuffer(4 * rows));
}

/** The matrix in memory that the threads of a team share; the same where it lies there already. */
export function shareMatrix({ rows, columns }: FeatureMatrix, { threads }: Pick<Team, 'threads'>): FeatureMatrix {
	const shared = columns.map((column) => {
		if (threads === 1 || column.buffer instanceof SharedArrayBuffer) return column;
		const copy = sharedColumn(column.length);
		copy.set(column);
		return copy;
	});
	return { rows, columns: shared };
}

/** At most `limit` row numbers spread evenly over all rows, in order. */
export function spreadRows(rows: number, limit: number): Uint32Array {
	const count = Math.min(rows, limit);
	return Uint32Array.from({ length: count }, (_, index) => Math.floor((index * rows) / count));
}

/** The rows with these numbers. */
export function takeMatrixRows(matrix: FeatureMatrix, rows: Uint32Array): FeatureMatrix {
	const columns = matrix.columns.map((column) => {
		const taken = sharedColumn(rows.length);
		for (let at = 0; at < taken.length; at++) taken[at] = column[rows[at] as number] as number;
		return taken;
	});
	return { ...matrix, rows: rows.length, columns };
}
