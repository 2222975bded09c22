/** The table of the reports that a history was read from. */
import { h } from '../components/element.ts';
import { figure, pointer } from '../components/figure.ts';
import { fileName, formatAge, formatPercent, formatShare, formatTime } from '../components/format.ts';
import type { TableColumn } from '../components/table.ts';
import type { HistoryView } from '../messages/history.ts';
import { verdictCell, verdictWord } from './columns.ts';

/** A report, and where it stands in the answer of drift/history. */
export interface ReportEntry {
	readonly report: HistoryView['history']['reports'][number];
	readonly index: number;
}

export function reportColumns(open: (id: string) => void): readonly TableColumn<ReportEntry>[] {
	const file = (name: string) => h('bdi', { title: name }, fileName(name));
	return [
		{
			id: 'time',
			title: 'Report',
			header: true,
			value: ({ report }) => report.created_at,
			cell: ({ report: { id, created_at } }) =>
				h(
					'button',
					{
						type: 'button',
						class: 'link',
						'data-focus': `report-${id}`,
						title: `Open the report of ${formatAge(created_at)}`,
						onclick: () => open(id),
					},
					formatTime(created_at),
				),
		},
		{
			id: 'verdict',
			title: 'Verdict',
			value: ({ report }) => verdictWord(report.drift),
			cell: ({ report }) => verdictCell(report.drift),
		},
		{
			id: 'share',
			title: 'Drifted columns',
			numeric: true,
			value: ({ report }) => report.share,
			cell: ({ report, index }) => figure(pointer('reports', index, 'share'), report.share, formatShare),
		},
		{
			id: 'threshold',
			title: 'Threshold',
			numeric: true,
			value: ({ report }) => report.threshold,
			cell: ({ report, index }) =>
				figure(pointer('reports', index, 'threshold'), report.threshold, (value) => formatPercent(value ?? 0)),
		},
		{
			id: 'reference',
			title: 'Reference',
			value: ({ report }) => fileName(report.reference),
			cell: ({ report }) => file(report.reference),
		},
		{
			id: 'current',
			title: 'Current',
			value: ({ report }) => fileName(report.current),
			cell: ({ report }) => file(report.current),
		},
	];
}
