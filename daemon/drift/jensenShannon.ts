/**
 * Jensen-Shannon distance of two samples over the same bins or categories: the root of the mean Kullback-Leibler
 * divergence of both from their middle, in natural logarithm. 0 for equal shares, √ln 2 = 0.8326 when nothing is shared.
 * Counts in, both samples not empty.
 *
 * Worked value: 134, 67, 133, 66 against 88, 66, 83, 63 gives 0.0715.
 */
export function jensenShannon(reference: ArrayLike<number>, current: ArrayLike<number>): number {
	let [n, m] = [0, 0];
	for (let bin = 0; bin < reference.length; bin++) {
		n += reference[bin] as number;
		m += current[bin] as number;
	}
	let divergence = 0;
	for (let bin = 0; bin < reference.length; bin++) {
		const [p, q] = [(reference[bin] as number) / n, (current[bin] as number) / m];
		const middle = (p + q) / 2;
		if (p > 0) divergence += p * Math.log(p / middle);
		if (q > 0) divergence += q * Math.log(q / middle);
	}
	return Math.sqrt(Math.max(0, divergence / 2));
}
