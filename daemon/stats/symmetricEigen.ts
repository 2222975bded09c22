/**
 * Eigenvalues and eigenvectors (as columns) of a small symmetric matrix, by Jacobi's rotations, in no order.
 * symmetricEigen([[2, 1], [1, 2]]) has the values 1 and 3. Source: Golub and Van Loan, Matrix Computations, 8.5.
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): { values: number[]; vectors: number[][] } {
	const size = matrix.length;
	const a = matrix.map((row) => Float64Array.from(row));
	const v = matrix.map((_, i) => Float64Array.from(matrix, (_row, j) => (i === j ? 1 : 0)));
	const at = (rows: Float64Array[], i: number, j: number) => (rows[i] as Float64Array)[j] as number;
	const turn = (rows: Float64Array[], columns: boolean, p: number, q: number, cos: number, sin: number) => {
		for (let k = 0; k < size; k++) {
			const [pi, pj, qi, qj] = columns ? [k, p, k, q] : [p, k, q, k];
			const [x, y] = [at(rows, pi, pj), at(rows, qi, qj)];
			(rows[pi] as Float64Array)[pj] = cos * x - sin * y;
			(rows[qi] as Float64Array)[qj] = sin * x + cos * y;
		}
	};
	for (let sweep = 0; sweep < 60; sweep++) {
		let turned = false;
		for (let p = 0; p < size; p++) {
			for (let q = p + 1; q < size; q++) {
				const off = at(a, p, q);
				if (Math.abs(off) <= 1e-18 * Math.sqrt(Math.abs(at(a, p, p) * at(a, q, q)))) continue;
				turned = true;
				const theta = (at(a, q, q) - at(a, p, p)) / (2 * off);
				const tan = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
				const cos = 1 / Math.hypot(tan, 1);
				turn(a, true, p, q, cos, tan * cos);
				turn(a, false, p, q, cos, tan * cos);
				turn(v, true, p, q, cos, tan * cos);
			}
		}
		if (!turned) break;
	}
	return { values: a.map((row, i) => row[i] as number), vectors: v.map((row) => [...row]) };
}
