/** Where predicted numbers lie beside the true ones. */
import type { Residuals } from '../../protocol/explanations.ts';
import { quantile } from '../../stats/quantile.ts';
import { sorted } from '../../stats/sort.ts';
import { spreadRows } from '../preparation/featureMatrix.ts';

const mostPoints = 1000;
const bins = 30;

/** Of one row at least. */
export function residualsOf(truth: Float64Array, predicted: Float64Array): Residuals {
	const ordered = sorted(truth.map((value, row) => (predicted[row] as number) - value));
	const at = (share: number) => quantile(ordered, share);
	const [least, most] = [ordered[0] as number, ordered[ordered.length - 1] as number];
	const width = (most - least) / bins;
	const count = width > 0 ? bins : 1;
	const counts = new Array<number>(count).fill(0);
	for (const value of ordered) {
		const bin = Math.min(count - 1, width > 0 ? Math.floor((value - least) / width) : 0);
		counts[bin] = (counts[bin] as number) + 1;
	}
	return {
		points: Array.from(spreadRows(truth.length, mostPoints), (row) => ({
			truth: truth[row] as number,
			predicted: predicted[row] as number,
		})),
		histogram: {
			edges: Array.from({ length: count + 1 }, (_, edge) => (edge === count ? most : least + edge * width)),
			counts,
		},
		quantiles: { p1: at(0.01), p5: at(0.05), p25: at(0.25), p50: at(0.5), p75: at(0.75), p95: at(0.95), p99: at(0.99) },
	};
}
