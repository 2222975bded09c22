/** Parallel coordinates: an axis a param and one for the metric, a line a trial. */
import type { Plugin } from 'chart.js';
import type { TunedParam, TunedTrial } from '../../daemon/protocol/tuning.ts';
import { faded, nameAxis, tooltipStyle } from '../components/chartStyle.ts';
import { type ChartText, type ChartView, createChartView } from '../components/chartView.ts';
import { formatNumber } from '../components/format.ts';
import type { Theme } from '../components/theme.ts';
import { type Axis, axesOf, goodness, valueText } from './axes.ts';

export interface ParallelData extends ChartText {
	readonly space: readonly TunedParam[];
	readonly metric: string;
	readonly direction: 'less' | 'more';
	/** Those with a value. */
	readonly trials: readonly TunedTrial[];
	/** The number of the best. */
	readonly best: number | null;
}

/** Good trials are drawn strongly, poor ones faintly, and the best one in a colour of its own. */
export function parallelChart(first: ParallelData): ChartView<ParallelData> {
	let axes: readonly Axis[] = [];
	let ink = { line: '', text: '', halo: '' };
	const plugin: Plugin = {
		id: 'axes',
		afterDraw: (chart) => drawAxes(chart, axes, ink),
	};
	return createChartView(
		first,
		(data, theme) => {
			axes = axesOf(data);
			ink = { line: theme.muted, text: theme.text, halo: theme.background };
			const strength = goodness(data);
			const names = axes.map(({ name }) => name);
			// The last is drawn on top.
			const ordered = [...data.trials].sort(
				(a, b) => Number(b.number === data.best) - Number(a.number === data.best) || strength(b) - strength(a),
			);
			return {
				type: 'line',
				plugins: [plugin],
				data: {
					labels: names,
					datasets: ordered.map((trial, index) => {
						const isBest = trial.number === data.best;
						const color = isBest
							? (theme.series[1] ?? theme.text)
							: faded(theme.series[0] ?? theme.text, 0.15 + 0.65 * strength(trial));
						return {
							label: `Trial ${trial.number}`,
							data: axes.map((axis) => axis.place(trial)),
							borderColor: color,
							pointBackgroundColor: color,
							pointBorderColor: color,
							borderWidth: isBest ? 3 : 1.5,
							borderDash: theme.highContrast && !isBest ? [4, 4] : [],
							pointRadius: isBest ? 3 : 0,
							pointHoverRadius: 4,
							clip: false,
							order: index,
						};
					}),
				},
				options: {
					layout: { padding: { left: 34, right: 34, top: 20, bottom: 4 } },
					interaction: { mode: 'nearest', intersect: false },
					scales: {
						x: namesBelow(theme, names),
						y: { display: false, min: 0, max: 1 },
					},
					plugins: {
						legend: { display: false },
						tooltip: {
							...tooltipStyle(theme),
							callbacks: {
								title: ([item]) => item?.dataset.label ?? '',
								label: ({ dataset }) => {
									const trial = data.trials.find(({ number }) => dataset.label === `Trial ${number}`);
									return trial === undefined ? '' : axes.map((axis) => `${axis.name} ${axis.text(trial)}`);
								},
							},
						},
					},
				},
			};
		},
		({ space, metric, trials }) => ({
			head: ['Trial', ...space.map(({ name }) => name), metric],
			rows: trials.map(({ number, params, value }) => [
				String(number),
				...space.map(({ name }) => valueText(params[name])),
				formatNumber(value),
			]),
		}),
	);
}

/** The names of the axes, below the values at their ends. */
function namesBelow(theme: Theme, names: readonly string[]) {
	const axis = nameAxis(theme, '', names);
	return { ...axis, border: { display: false }, ticks: { ...axis.ticks, padding: 18, maxRotation: 0 } };
}

/** The axes with the values at their ends; text stands on the background, as lines end there. */
function drawAxes(
	{ ctx, scales: { x, y } }: Parameters<NonNullable<Plugin['afterDraw']>>[0],
	axes: readonly Axis[],
	ink: { line: string; text: string; halo: string },
): void {
	if (x === undefined || y === undefined) return;
	ctx.save();
	ctx.textAlign = 'center';
	ctx.lineJoin = 'round';
	for (const [index, { marks }] of axes.entries()) {
		const at = x.getPixelForValue(index);
		ctx.strokeStyle = ink.line;
		ctx.lineWidth = 1;
		ctx.beginPath();
		ctx.moveTo(at, y.top);
		ctx.lineTo(at, y.bottom);
		ctx.stroke();
		for (const { place, text: whole } of marks) {
			const text = whole.length > 22 ? `${whole.slice(0, 21)}…` : whole;
			const middle = y.getPixelForValue(place);
			const height = place === 1 ? middle - 6 : place === 0 ? middle + 14 : middle + 4;
			ctx.strokeStyle = ink.halo;
			ctx.lineWidth = 4;
			ctx.strokeText(text, at, height);
			ctx.fillStyle = ink.text;
			ctx.fillText(text, at, height);
		}
	}
	ctx.restore();
}
