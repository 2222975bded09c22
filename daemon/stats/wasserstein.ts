import { distanceArea } from './distanceArea.ts';

/**
 * How far must values be moved, on average, to turn one sample into the other? The Wasserstein-1 (earth mover's)
 * distance: the area between the two empirical distribution functions, in the unit of the values, 0 or more.
 * Both samples ascending and not empty. wasserstein([0, 1, 3], [5, 6, 8]) = 5. Source: facts of scipy.stats, Ramdas et
 * al., Entropy 19 (2017) 47, proposition 1.
 */
export function wasserstein(a: Float64Array, b: Float64Array): number {
	return distanceArea(a, b, Math.abs);
}
