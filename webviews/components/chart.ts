/** Every chart of Perch: a function a kind. Coloured by the theme, never animated, with its numbers in a table behind it. */
import {
	BarController,
	BarElement,
	CategoryScale,
	Chart,
	type ChartDataset,
	Decimation,
	Filler,
	Legend,
	LinearScale,
	LineController,
	LineElement,
	type Plugin,
	PointElement,
	Tooltip,
} from 'chart.js';
import { barStyle, legendStyle, lineStyle, nameAxis, numberAxis, tooltipStyle } from './chartStyle.ts';
import { type ChartText, type ChartView, createChartView } from './chartView.ts';
import { figure, pointer } from './figure.ts';
import { formatNumber, formatPercent, formatShare } from './format.ts';

export type { ChartView };

Chart.register(
	BarController,
	BarElement,
	CategoryScale,
	Decimation,
	Filler,
	Legend,
	LinearScale,
	LineController,
	LineElement,
	PointElement,
	Tooltip,
);
Chart.defaults.animation = false;
Chart.defaults.maintainAspectRatio = false;

export interface LineData extends ChartText {
	readonly series: readonly {
		readonly name: string;
		/** In ascending order of x. */
		readonly points: readonly { readonly x: number; readonly y: number | null }[];
		/** A line that others are held against: dashed. */
		readonly limit?: boolean;
		/** Holds its value until the next point. */
		readonly stepped?: boolean;
		/** Values that do not follow from one another: marked, and not joined. */
		readonly dots?: boolean;
		/** Among the numbers alone, and not drawn. */
		readonly tableOnly?: boolean;
		/** How its values read; numbers unless told. */
		readonly format?: (value: number | null) => string;
	}[];
	/** How a place on the x axis reads; a number unless told. */
	readonly format?: (value: number) => string;
	/** How a place reads below the x axis, where it has less room; as `format` unless told. */
	readonly tick?: (value: number) => string;
	/** For a small place among others of its kind: no legend and no titles of axes. */
	readonly compact?: boolean;
	/** How a place on the y axis reads; a number unless told. */
	readonly yFormat?: (value: number) => string;
	/** Where the y axis begins. */
	readonly yMin?: number;
	/** Where it ends. */
	readonly yMax?: number;
}

/** Values over steps, a line for each run. Over 500 points a line is thinned so that its shape stays (LTTB). */
export function lineChart(first: LineData): ChartView<LineData> {
	return createChartView(
		first,
		({ x, y, series, format, tick = format, compact = false, yFormat, yMin, yMax }, theme) => ({
			type: 'line',
			data: {
				datasets: series
					.filter(({ tableOnly = false }) => !tableOnly)
					.map(({ name, points, limit = false, stepped = false, dots = false }, index) => ({
						label: name,
						data: points.map((point) => ({ x: point.x, y: point.y ?? Number.NaN })),
						...lineStyle(theme, index, points.length),
						...(limit && { borderDash: [6, 4], pointRadius: 0 }),
						...(stepped && { stepped: 'before' as const, pointRadius: 0 }),
						...(dots && { showLine: false, pointRadius: points.length > 200 ? 1.5 : 3 }),
					})),
			},
			options: {
				parsing: false,
				interaction: { mode: 'nearest', axis: 'x', intersect: false },
				scales: {
					x: {
						...numberAxis(theme, compact ? '' : x, { ...(tick && { format: tick }), ...(compact && { ticks: 3 }) }),
						bounds: 'data',
					},
					y: numberAxis(theme, compact ? '' : y, {
						...(yFormat && { format: yFormat }),
						...(yMin !== undefined && { min: yMin }),
						...(yMax !== undefined && { max: yMax }),
						...(compact && { ticks: 4 }),
					}),
				},
				plugins: {
					legend: legendStyle(theme, series.length > 1 && !compact),
					tooltip: {
						...tooltipStyle(theme),
						...(format !== undefined && { callbacks: { title: ([item]) => format(item?.parsed.x ?? 0) } }),
					},
					decimation: { enabled: true, algorithm: 'lttb', samples: 500 },
				},
			},
		}),
		({ x, series, format = formatNumber }) => {
			const steps = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))].sort((a, b) => a - b);
			const byStep = series.map(({ points }) => new Map(points.map((point) => [point.x, point.y])));
			return {
				head: [x, ...series.map(({ name }) => name)],
				rows: steps.map((step) => [
					format(step),
					...byStep.map((values, index) => (series[index]?.format ?? formatNumber)(values.get(step) ?? null)),
				]),
			};
		},
	);
}

/** One sample of a drift chart: the share of its rows (0 to 1) in each bin or category. */
export interface Sample {
	readonly name: string;
	readonly shares: readonly number[];
}

export interface HistogramData extends ChartText {
	/** In ascending order, one more than there are bins; bins may differ in width. */
	readonly edges: readonly number[];
	/** How a place on the axis reads; a number unless told. */
	readonly format?: (value: number) => string;
	readonly reference: Sample;
	readonly current?: Sample;
}

/** The samples that a chart shows. */
function samplesOf({ reference, current }: Pick<HistogramData, 'reference' | 'current'>): readonly Sample[] {
	return current === undefined ? [reference] : [reference, current];
}

/** One sample of numbers, or two: the current one as a line over the filled reference. */
export function histogramChart(first: HistogramData): ChartView<HistogramData> {
	return createChartView(
		first,
		({ x, y, edges, format, ...samples }, theme) => ({
			type: 'line',
			data: {
				datasets: samplesOf(samples).map(({ name, shares }, index) => ({
					label: name,
					data: edges.map((edge, bin) => ({ x: edge, y: shares[Math.min(bin, shares.length - 1)] ?? 0 })),
					...lineStyle(theme, index, Number.POSITIVE_INFINITY, [theme.reference, theme.current]),
					stepped: 'before' as const,
					fill: index === 0 ? 'origin' : false,
				})),
			},
			options: {
				parsing: false,
				interaction: { mode: 'index', intersect: false },
				scales: {
					x: numberAxis(theme, x, { min: edges[0], max: edges.at(-1), grid: false, ...(format && { format }) }),
					y: numberAxis(theme, y, { min: 0, format: formatPercent }),
				},
				plugins: {
					legend: legendStyle(theme, samples.current !== undefined),
					tooltip: {
						...tooltipStyle(theme),
						callbacks: {
							title: ([item]) => binText(edges, item?.dataIndex ?? 0, format),
							label: ({ dataset, parsed }) => `${dataset.label}: ${formatShare(parsed.y)}`,
						},
					},
				},
			},
		}),
		({ x, edges, format, ...samples }) => ({
			head: [x, ...samplesOf(samples).map(({ name }) => name)],
			rows: edges
				.slice(0, -1)
				.map((_, bin) => [
					binText(edges, bin, format),
					...samplesOf(samples).map(({ shares }) => formatShare(shares[bin] ?? null)),
				]),
		}),
	);
}

/** `1.5 to 2`; the last edge belongs to the last bin. */
function binText(edges: readonly number[], at: number, format: (value: number) => string = formatNumber): string {
	const bin = Math.min(at, edges.length - 2);
	return `${format(edges[bin] ?? 0)} to ${format(edges[bin + 1] ?? 0)}`;
}

export interface CategoryData extends ChartText {
	readonly labels: readonly string[];
	readonly reference: Sample;
	readonly current?: Sample;
}

/** One sample of categories, or two side by side. */
export function categoryChart(first: CategoryData): ChartView<CategoryData> {
	return createChartView(
		first,
		({ x, y, labels, ...samples }, theme) => ({
			type: 'bar',
			data: {
				labels: [...labels],
				datasets: samplesOf(samples).map(({ name, shares }, index) => ({
					label: name,
					data: [...shares],
					...barStyle(theme, index, [theme.reference, theme.current]),
				})),
			},
			options: {
				interaction: { mode: 'index', intersect: false },
				scales: { x: nameAxis(theme, x, labels), y: numberAxis(theme, y, { min: 0, format: formatPercent }) },
				plugins: {
					legend: legendStyle(theme, samples.current !== undefined, false),
					tooltip: {
						...tooltipStyle(theme),
						callbacks: { label: ({ dataset, parsed }) => `${dataset.label}: ${formatShare(parsed.y)}` },
					},
				},
			},
		}),
		({ x, labels, ...samples }) => ({
			head: [x, ...samplesOf(samples).map(({ name }) => name)],
			rows: labels.map((label, index) => [
				label,
				...samplesOf(samples).map(({ shares }) => formatShare(shares[index] ?? null)),
			]),
		}),
	);
}

/** A share of 0 to 1 with the interval around it. */
export interface Interval {
	readonly label: string;
	/** Where the bar stands in the JSON, such as `['aa', 'rollback']`. */
	readonly path: readonly (string | number)[];
	readonly share: number;
	readonly low: number;
	readonly high: number;
	/** The bar to hold the others against. */
	readonly twin: boolean;
}

export interface IntervalData extends ChartText {
	readonly bars: readonly Interval[];
}

/** Draws the interval of each bar as a whisker. */
function whiskers(bars: () => readonly Interval[], color: () => string): Plugin {
	return {
		id: 'whiskers',
		afterDatasetsDraw(chart) {
			const { ctx } = chart;
			const y = chart.scales['y'];
			const meta = chart.getDatasetMeta(0);
			if (y === undefined) return;
			ctx.save();
			ctx.strokeStyle = color();
			ctx.lineWidth = 1.5;
			for (const [index, { low, high }] of bars().entries()) {
				const x = meta.data[index]?.x;
				if (x === undefined) continue;
				const top = y.getPixelForValue(high);
				const bottom = y.getPixelForValue(low);
				ctx.beginPath();
				ctx.moveTo(x - 6, top);
				ctx.lineTo(x + 6, top);
				ctx.moveTo(x, top);
				ctx.lineTo(x, bottom);
				ctx.moveTo(x - 6, bottom);
				ctx.lineTo(x + 6, bottom);
				ctx.stroke();
			}
			ctx.restore();
		},
	};
}

/** Shares as bars with their intervals; the twin in another colour, and hatched in high contrast. */
export function intervalChart(first: IntervalData): ChartView<IntervalData> {
	let shown: readonly Interval[] = first.bars;
	let ink = '';
	const plugin = whiskers(
		() => shown,
		() => ink,
	);
	return createChartView(
		first,
		({ x, y, bars }, theme) => {
			shown = bars;
			ink = theme.text;
			const [bar, twin] = [0, 1].map((index) => barStyle(theme, index));
			const styles = bars.map((one) => (one.twin ? twin : bar));
			return {
				type: 'bar',
				plugins: [plugin],
				data: {
					labels: bars.map(({ label }) => label),
					datasets: [
						{
							data: bars.map(({ share }) => share),
							backgroundColor: styles.map((style) => style?.backgroundColor ?? ink),
							borderColor: styles.map((style) => style?.borderColor ?? ink),
							borderWidth: 1,
							maxBarThickness: 64,
						} satisfies ChartDataset<'bar'>,
					],
				},
				options: {
					scales: {
						x: nameAxis(
							theme,
							x,
							bars.map(({ label }) => label),
						),
						y: numberAxis(theme, y, { min: 0, max: 1, format: formatPercent }),
					},
					plugins: {
						legend: legendStyle(theme, false),
						tooltip: {
							...tooltipStyle(theme),
							callbacks: {
								label: ({ dataIndex }) => {
									const at = bars[dataIndex];
									return at === undefined
										? ''
										: `${formatShare(at.share)} (${formatShare(at.low)} to ${formatShare(at.high)})`;
								},
							},
						},
					},
				},
			};
		},
		({ x, y, bars }) => ({
			head: [x, y, 'Low', 'High'],
			rows: bars.map(({ label, path, share, low, high }) => [
				label,
				figure(pointer(...path, 'share'), share, formatShare),
				figure(pointer(...path, 'low'), low, formatShare),
				figure(pointer(...path, 'high'), high, formatShare),
			]),
		}),
	);
}
