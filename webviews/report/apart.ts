/** The sections below the columns: labels, predictions, and how well these hold. */
import type { DriftReport } from '../../daemon/protocol/drift.ts';
import { type Child, h } from '../components/element.ts';
import { cellKindsOf, type ReportRow } from './cells.ts';
import { type ColumnTable, createColumnTable } from './columnTable.ts';
import { createDetails } from './details.ts';
import type { AnyChart } from './distributionChart.ts';
import { multivariateParts } from './multivariate.ts';
import { performanceSection } from './performance.ts';
import { shownName } from './verdict.ts';

export interface Apart {
	readonly element: HTMLElement;
	/** Draws the sections of another report. */
	show(report: DriftReport): void;
}

export function createApart(): Apart {
	const element = h('div', { class: 'apart' });
	let tables: ColumnTable<ReportRow['column']>[] = [];
	let charts: readonly AnyChart[] = [];

	function tableOf(label: string, rows: readonly ReportRow[], profile: DriftReport['profile']): HTMLElement {
		const table = createColumnTable<ReportRow['column']>({
			caption: `${label} with their verdicts.`,
			label,
			details: createDetails,
			sort: { column: 'effect', descending: true },
			open: [],
			onSort() {},
			onOpen() {},
		});
		table.update(rows, cellKindsOf(profile));
		tables.push(table);
		return table.element;
	}

	return {
		element,
		show({ target, predictions, multivariate, performance, profile, sample }) {
			for (const table of tables) table.clear();
			for (const chart of charts) chart.destroy();
			tables = [];
			const measured = performance === undefined ? null : performanceSection(performance);
			charts = measured?.charts ?? [];
			element.replaceChildren();
			if (multivariate !== undefined)
				element.append(section('All columns together', ...multivariateParts(multivariate)));
			if (predictions !== undefined) {
				const rows = predictions.columns.map((column, index) => ({ column, place: ['predictions', 'columns', index] }));
				element.append(
					section(
						'Predictions',
						h(
							'p',
							{ class: 'muted' },
							'Said by ',
							h('bdi', { class: 'mono' }, shownName(predictions.from)),
							'; not among the columns.',
						),
						rows.length > 0
							? tableOf('Predictions', rows, profile)
							: h('p', { class: 'side-note' }, predictions.reason ?? ''),
					),
				);
			}
			if (target !== undefined) {
				element.append(section('Labels', tableOf('Labels', [{ column: target, place: ['target'] }], profile)));
			}
			if (measured !== null)
				element.append(section('Performance', h('div', { class: 'section wide' }, ...measured.parts)));
			if (sample !== undefined) element.append(h('p', { class: 'muted' }, sampleSentence(sample)));
		},
	};
}

function section(title: string, ...content: Child[]): HTMLElement {
	return h('section', { class: 'section' }, h('h2', {}, title), ...content);
}

function sampleSentence({ reference, current, seed }: NonNullable<DriftReport['sample']>): string {
	const drawn = [
		...(reference === null ? [] : [`${reference.toLocaleString('en')} rows of the reference`]),
		...(current === null ? [] : [`${current.toLocaleString('en')} rows of the current data`]),
	];
	return `Segments, example rows, labels, predictions and performance are told from ${drawn.join(' and ')}, drawn by chance (seed ${seed}).`;
}
