/** Both samples of a distribution, drawn. */
import type { Distribution } from '../../daemon/protocol/distribution.ts';
import { type ChartView, categoryChart, histogramChart } from '../components/chart.ts';
import { formatNumber, plural } from '../components/format.ts';

export type AnyChart = Pick<ChartView<never>, 'element' | 'destroy'>;

/** `format` says how a place on the axis of a histogram reads. */
export function distributionChart(
	title: string,
	x: string,
	distribution: Distribution,
	format: (value: number | null) => string = formatNumber,
): AnyChart {
	const text = { title, x, y: 'share of values' };
	const sample = (name: string, shares: readonly number[]) => ({ name, shares });
	if (distribution.kind === 'histogram') {
		const { edges, reference, current } = distribution;
		return histogramChart({
			...text,
			edges,
			format,
			reference: sample('Reference', reference),
			current: sample('Current', current),
		});
	}
	const { labels, reference, current, other } = distribution;
	const rest = other === null ? [] : [plural(other.categories, 'other category', 'other categories')];
	return categoryChart({
		...text,
		labels: [...labels, ...rest],
		reference: sample('Reference', other === null ? reference : [...reference, other.reference]),
		current: sample('Current', other === null ? current : [...current, other.current]),
	});
}
