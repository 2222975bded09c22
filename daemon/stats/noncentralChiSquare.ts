import { normalCdf, normalQuantile } from './normal.ts';

/**
 * P(X <= x) of the non-central chi-square distribution with `freedom` degrees and non-centrality `centrality` >= 0, by
 * Sankaran's transformation to a normal value, good to about 0.001. noncentralChiSquareCdf(10, 4, 5) = 0.6389, exactly 0.6382.
 * Source: Sankaran, Biometrika 50 (1963) 199-204.
 */
export function noncentralChiSquareCdf(x: number, freedom: number, centrality: number): number {
	if (x <= 0) return 0;
	return normalCdf(normalScore(x, freedom, centrality));
}

function normalScore(x: number, freedom: number, centrality: number): number {
	const sum = freedom + centrality;
	const double = freedom + 2 * centrality;
	const h = 1 - (2 * sum * (freedom + 3 * centrality)) / (3 * double ** 2);
	const p = double / sum ** 2;
	const m = (h - 1) * (1 - 3 * h);
	const center = 1 + h * p * (h - 1 - 0.5 * (2 - h) * m * p);
	return ((x / sum) ** h - center) / (h * Math.sqrt(2 * p) * (1 + 0.5 * m * p));
}

/**
 * Which non-centralities fit a chi-square `statistic` with `freedom` degrees? The two-sided confidence interval: both ends
 * leave half of 1 − `confidence` beyond the statistic. 0 where even that is too much.
 * Source: Steiger and Fouladi, in Harlow et al., What If There Were No Significance Tests? (1997) 221-257.
 */
export function centralityInterval(
	statistic: number,
	freedom: number,
	confidence = 0.95,
): { low: number; high: number } {
	const z = normalQuantile(0.5 + confidence / 2);
	return { low: centralityAt(statistic, freedom, z), high: centralityAt(statistic, freedom, -z) };
}

/** The non-centrality at which the statistic has this normal score; the score falls as the non-centrality grows. */
function centralityAt(statistic: number, freedom: number, score: number): number {
	if (statistic <= 0 || normalScore(statistic, freedom, 0) <= score) return 0;
	let [low, high] = [0, statistic + 1];
	while (normalScore(statistic, freedom, high) > score) high *= 2;
	for (let step = 0; step < 60; step++) {
		const middle = (low + high) / 2;
		if (normalScore(statistic, freedom, middle) > score) low = middle;
		else high = middle;
	}
	return (low + high) / 2;
}
