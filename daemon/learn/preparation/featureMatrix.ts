/** What estimators see: columns of float32, as the graph gives them to its trees. NaN is a missing value. */
export interface FeatureMatrix {
	rows: number;
	columns: Float32Array[];
	/** Of the columns, where anybody asks for them. */
	names?: readonly string[];
}

/** At most `limit` row numbers spread evenly over all rows, in order. */
export function spreadRows(rows: number, limit: number): Uint32Array {
	const count = Math.min(rows, limit);
	return Uint32Array.from({ length: count }, (_, index) => Math.floor((index * rows) / count));
}

/** The rows with these numbers. */
export function takeMatrixRows(matrix: FeatureMatrix, rows: Uint32Array): FeatureMatrix {
	const columns = matrix.columns.map((column) => {
		const taken = new Float32Array(rows.length);
		for (let at = 0; at < taken.length; at++) taken[at] = column[rows[at] as number] as number;
		return taken;
	});
	return { ...matrix, rows: rows.length, columns };
}
