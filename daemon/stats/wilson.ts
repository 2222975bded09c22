import { normalQuantile } from './normal.ts';

/**
 * Between which shares does the true one lie, after `successes` of `trials`? The score interval, within 0..1, also where
 * none or all succeeded; no trials give 0..1. wilson(5, 10) is 0.2366 to 0.7634.
 * Source: E. B. Wilson, JASA 22 (1927) 209-212.
 */
export function wilson(successes: number, trials: number, confidence = 0.95): { low: number; high: number } {
	if (trials === 0) return { low: 0, high: 1 };
	const z = normalQuantile(0.5 + confidence / 2);
	const share = successes / trials;
	const weight = 1 / (1 + (z * z) / trials);
	const center = weight * (share + (z * z) / (2 * trials));
	const reach = weight * z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
	return {
		low: successes === 0 ? 0 : Math.max(0, center - reach),
		high: successes === trials ? 1 : Math.min(1, center + reach),
	};
}
