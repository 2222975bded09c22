/**
 * P-values of many tests, raised so that rejecting those below alpha keeps the expected share of false rejections among
 * all rejections below alpha: p(i) becomes the least m p(j) / j over j >= i, at most 1. Same order and length as given.
 * [0.01, 0.02, 0.03] becomes [0.03, 0.03, 0.03]. Source: Benjamini and Hochberg, JRSS B 57 (1995) 289-300.
 */
export function adjustPValues(pValues: readonly number[]): number[] {
	const order = pValues.map((_, index) => index).sort((a, b) => (pValues[a] as number) - (pValues[b] as number));
	const adjusted = new Array<number>(pValues.length);
	let least = 1;
	for (let rank = order.length; rank > 0; rank--) {
		const index = order[rank - 1] as number;
		least = Math.min(least, ((pValues[index] as number) * pValues.length) / rank);
		adjusted[index] = least;
	}
	return adjusted;
}
