/** How well predictions hold, reference against current: figures, and what tells where they fail. */
import type { DriftPerformance } from '../../daemon/protocol/driftPerformance.ts';
import { type Child, h } from '../components/element.ts';
import { figure, pointer } from '../components/figure.ts';
import { formatCount, formatNumber, formatShare } from '../components/format.ts';
import { calibrationChart, classTable, confusionTables } from './classes.ts';
import { type AnyChart, distributionChart } from './distributionChart.ts';
import { featureParts } from './featureParts.ts';
import { framedTable } from './framedTable.ts';
import { shownName } from './verdict.ts';

export interface Section {
	readonly parts: readonly Child[];
	readonly charts: readonly AnyChart[];
}

type Format = (value: number | null) => string;

const titles: Record<string, readonly [string, Format]> = {
	rows: ['Rows', formatCount],
	mean_error: ['Mean error (ME)', formatNumber],
	error_std: ['Deviation of the errors', formatNumber],
	mae: ['Mean absolute error (MAE)', formatNumber],
	rmse: ['Root mean square error (RMSE)', formatNumber],
	mape: ['Mean absolute percentage error (MAPE)', formatShare],
	r2: ['R²', formatNumber],
	max_error: ['Largest error', formatNumber],
	accuracy: ['Accuracy', formatShare],
	precision: ['Precision', formatShare],
	recall: ['Recall', formatShare],
	f1: ['F1', formatNumber],
	precision_macro: ['Precision, macro', formatShare],
	recall_macro: ['Recall, macro', formatShare],
	f1_macro: ['F1, macro', formatNumber],
	precision_weighted: ['Precision, weighted', formatShare],
	recall_weighted: ['Recall, weighted', formatShare],
	f1_weighted: ['F1, weighted', formatNumber],
	roc_auc: ['ROC AUC', formatNumber],
	log_loss: ['Log loss', formatNumber],
	brier: ['Brier score', formatNumber],
};

export function performanceSection(performance: DriftPerformance): Section {
	const { regression, classification, target, prediction, task, reason, left_out } = performance;
	const left = left_out.reference + left_out.current;
	const intro = h(
		'p',
		{ class: 'muted' },
		`${task === 'regression' ? 'Errors are the prediction less the truth: ' : ''}`,
		h('bdi', { class: 'mono' }, shownName(prediction)),
		' against ',
		h('bdi', { class: 'mono' }, shownName(target)),
		classification?.positive == null ? '.' : `; positive is ${classification.positive}.`,
		left > 0 && ` ${formatCount(left)} rows without a label or a prediction are left out.`,
	);
	const why = reason !== null && h('p', { class: 'side-note' }, reason);
	const features = featureParts(performance);
	if (regression !== undefined) {
		const { figures, errors } = regression;
		const chart = errors === null ? null : distributionChart('Errors', 'prediction less truth', errors);
		return {
			parts: [intro, why, pair(figuresTable(figures, 'regression'), chart?.element), features],
			charts: chart === null ? [] : [chart],
		};
	}
	if (classification === undefined) return { parts: [intro, why], charts: [] };
	const chart = calibrationChart(classification);
	return {
		parts: [
			intro,
			why,
			pair(figuresTable(classification.figures, 'classification'), chart?.element ?? classTable(classification)),
			confusionTables(classification),
			chart !== null && classTable(classification),
			features,
		],
		charts: chart === null ? [] : [chart],
	};
}

function pair(...parts: Child[]): HTMLElement {
	return h('div', { class: 'pair' }, ...parts);
}

type Sides = { reference: object | null; current: object | null };

/** A line for each figure that either side has. */
function figuresTable({ reference, current }: Sides, kind: string): HTMLElement {
	const of = (side: object | null, name: string) => ((side ?? {}) as Record<string, number | null>)[name] ?? null;
	const rows = Object.entries(titles).flatMap(([name, [title, format]]) => {
		const [before, after] = [of(reference, name), of(current, name)];
		if (before === null && after === null) return [];
		const at = (side: string, known: object | null) =>
			known === null
				? pointer('performance', kind, 'figures', side)
				: pointer('performance', kind, 'figures', side, name);
		return [
			{
				name: title,
				cells: [figure(at('reference', reference), before, format), figure(at('current', current), after, format)],
			},
		];
	});
	return framedTable(
		'Performance',
		[{ text: 'Figure', words: true }, { text: 'Reference' }, { text: 'Current' }],
		rows,
	);
}
