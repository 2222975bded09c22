/** The charts of where a model goes wrong: prediction against truth, residuals, calibration, learning curve. */
import type { Explanations, Residuals } from '../../daemon/protocol/explanations.ts';
import { type ChartView, histogramChart, lineChart } from '../components/chart.ts';
import { formatCount } from '../components/format.ts';
import { shownName } from '../report/verdict.ts';

export type ExplanationChart = Pick<ChartView<never>, 'element' | 'destroy'>;

export function explanationCharts({ residuals, calibration, learning_curve }: Explanations): ExplanationChart[] {
	const charts: ExplanationChart[] = [];
	if (residuals !== null) {
		const { edges, counts } = residuals.histogram;
		const total = counts.reduce((sum, count) => sum + count, 0);
		charts.push(
			truthChart(residuals.points),
			histogramChart({
				title: 'Residuals: prediction less truth',
				x: 'residual',
				y: 'share of rows',
				edges,
				reference: { name: 'Rows', shares: counts.map((count) => (total === 0 ? 0 : count / total)) },
			}),
		);
	}
	if (calibration !== null) {
		const ideal = { name: 'Ideal', points: [0, 1].map((x) => ({ x, y: x })), limit: true };
		charts.push(
			lineChart({
				title: 'Calibration: can the probabilities be believed?',
				x: 'predicted probability',
				y: 'share that was of the class',
				series: [
					...calibration.map(({ class: name, bins }) => ({
						name: shownName(name),
						points: bins.map(({ predicted, observed }) => ({ x: predicted, y: observed })),
					})),
					ideal,
				],
			}),
		);
	}
	if (learning_curve !== null) {
		const { metric, points } = learning_curve;
		charts.push(
			lineChart({
				title: `Learning curve: ${metric} by rows learned from`,
				x: 'rows',
				y: metric,
				format: formatCount,
				series: [
					{ name: 'Held out', points: points.map(({ rows, held_out }) => ({ x: rows, y: held_out })) },
					{ name: 'Learned from', points: points.map(({ rows, training }) => ({ x: rows, y: training })) },
				],
			}),
		);
	}
	return charts;
}

/** A dot a row; a prediction that is right lies on the line. */
function truthChart(points: Residuals['points']): ExplanationChart {
	const ordered = [...points].sort((a, b) => a.truth - b.truth);
	const ends = [ordered[0], ordered.at(-1)].flatMap((end) => (end === undefined ? [] : [end.truth]));
	return lineChart({
		title: `Prediction against truth, ${formatCount(points.length)} rows`,
		x: 'truth',
		y: 'prediction',
		series: [
			{ name: 'Row', points: ordered.map(({ truth, predicted }) => ({ x: truth, y: predicted })), dots: true },
			{ name: 'Right', points: ends.map((x) => ({ x, y: x })), limit: true },
		],
	});
}
