/** The metrics that a training has at several steps, as curves that grow while it is at work. */
import { type ChartView, type LineData, lineChart } from '../components/chart.ts';
import { h } from '../components/element.ts';
import type { RunView } from '../messages/run.ts';
import { isOfFolds } from './metrics.ts';

export interface Curves {
	readonly element: HTMLElement;
	show(view: RunView): void;
}

type Point = { readonly x: number; readonly y: number | null };

/** A metric and the same of other rows stand in one chart: `loss` with `validation_loss`. */
const prefix = /^(validation|test)_/;

export function createCurves(): Curves {
	const grid = h('div', { class: 'curves' });
	const element = h('section', { class: 'section' }, h('h2', {}, 'Curves'), grid);
	const charts = new Map<string, ChartView<LineData>>();

	return {
		element,
		show(view) {
			const groups = new Map<string, { name: string; points: Point[] }[]>();
			for (const [name, points] of seriesOf(view)) {
				const key = name.replace(prefix, '');
				groups.set(key, [...(groups.get(key) ?? []), { name, points }]);
			}
			for (const [key, chart] of charts) {
				if (groups.has(key)) continue;
				chart.element.remove();
				chart.destroy();
				charts.delete(key);
			}
			for (const [key, series] of groups) {
				const data = { title: `${key} by step`, x: 'step', y: key, series };
				const known = charts.get(key);
				const chart = known ?? lineChart(data);
				if (known === undefined) grid.append(chart.element);
				else known.update(data);
				charts.set(key, chart);
			}
			element.hidden = groups.size === 0;
		},
	};
}

/** What is kept, or, of a run at work, what it has told; curves of one point are none, nor is what stands in tables. */
function seriesOf({ detail, log }: RunView): [string, Point[]][] {
	const series = new Map<string, Point[]>();
	const add = (name: string, x: number, y: number | null) => series.set(name, [...(series.get(name) ?? []), { x, y }]);
	if (log.figures.length > 0) {
		for (const { step, values } of log.figures)
			for (const [name, value] of Object.entries(values)) add(name, step, value);
	} else {
		for (const [name, points] of Object.entries(detail.history)) {
			series.set(
				name,
				points.map(({ step, value }) => ({ x: step, y: value })),
			);
		}
	}
	return [...series]
		.filter(([name]) => !isOfFolds(name) && !name.startsWith('importance_'))
		.map(([name, points]): [string, Point[]] => [name, oneEach(points)])
		.filter(([, points]) => points.length > 1);
}

/** The first point of each step: what was measured again at the end stands among the metrics. */
function oneEach(points: readonly Point[]): Point[] {
	const seen = new Set<number>();
	return points.filter(({ x }) => !seen.has(x) && seen.add(x));
}
