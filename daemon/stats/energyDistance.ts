import { distanceArea } from './distanceArea.ts';

/**
 * How far apart are two distributions, in the root of the unit of the values? The energy distance
 * √(2 ∫ (F − G)² dx) of the empirical distribution functions F and G, 0 or more; it is not scaled, so its size depends on
 * the unit. Both samples ascending, finite and not empty.
 *
 * Worked value: [0, 1, 3] against [5, 6, 8] gives 2.7080. Source: Székely and Rizzo, Journal of Statistical Planning and
 * Inference 143 (2013) 1249-1272; in SciPy's form, which takes the root.
 */
export function energyDistance(a: Float64Array, b: Float64Array): number {
	return Math.sqrt(2 * distanceArea(a, b, (difference) => difference ** 2));
}
