import { upperGamma } from './gamma.ts';

/**
 * How likely is a sum of squares at least this large, if only chance made it? The survival function of the chi-square
 * distribution, 1 down to 0; `statistic` >= 0, `freedom` degrees of freedom > 0.
 * chiSquareTail(3.841458820694124, 1) = 0.05. Source: NIST/SEMATECH handbook 1.3.6.6.6.
 */
export function chiSquareTail(statistic: number, freedom: number): number {
	return upperGamma(freedom / 2, statistic / 2);
}
