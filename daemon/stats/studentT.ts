import { regularizedBeta } from './beta.ts';

/**
 * How likely is a value at least this far from 0, on either side, in Student's t distribution? 1 down to 0; `freedom` > 0
 * degrees of freedom. studentTails(2.228138851986274, 10) = 0.05. Source: NIST DLMF 8.17, Abramowitz and Stegun 26.7.1.
 */
export function studentTails(t: number, freedom: number): number {
	if (!Number.isFinite(t)) return Number.isNaN(t) ? Number.NaN : 0;
	return regularizedBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}
