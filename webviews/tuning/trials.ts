/** The table of the trials of a tuning. */
import type { TunedParam, TunedTrial } from '../../daemon/protocol/tuning.ts';
import { h } from '../components/element.ts';
import { figure, nothing, pointer } from '../components/figure.ts';
import { formatNumber } from '../components/format.ts';
import { icon } from '../components/icon.ts';
import type { TableColumn } from '../components/table.ts';
import { valueText } from './axes.ts';

/** A trial, and where it stands in the answer of runs/tuning. */
export interface TrialEntry {
	readonly trial: TunedTrial;
	readonly index: number;
	readonly isBest: boolean;
}

export function trialColumns(
	space: readonly TunedParam[],
	metric: string | null,
	open: (id: string) => void,
): readonly TableColumn<TrialEntry>[] {
	return [
		{
			id: 'number',
			title: 'Trial',
			header: true,
			value: ({ trial }) => trial.number,
			cell: ({ trial: { number, run }, isBest }) => [
				h(
					'button',
					{
						type: 'button',
						class: 'link',
						'data-focus': `trial-${number}`,
						title: `Open the run of trial ${number}`,
						onclick: () => open(run),
					},
					String(number),
				),
				...(isBest ? [' ', icon('best'), h('span', { class: 'spoken' }, 'the best')] : []),
			],
		},
		{
			id: 'status',
			title: 'Status',
			value: ({ trial }) => trial.status,
			cell: ({ trial: { status, reason } }) =>
				h(
					'span',
					{ class: `trial-${status}`, title: reason },
					status,
					reason === null ? '' : h('span', { class: 'spoken' }, `: ${reason}`),
				),
		},
		{
			id: 'value',
			title: metric ?? 'Metric',
			numeric: true,
			value: ({ trial }) => trial.value,
			cell: ({ trial, index }) => figure(pointer('trials', index, 'value'), trial.value, formatNumber),
		},
		{
			id: 'spread',
			title: 'Spread',
			numeric: true,
			value: ({ trial }) => trial.spread,
			cell: ({ trial, index }) => figure(pointer('trials', index, 'spread'), trial.spread, formatNumber),
		},
		...space.map(
			({ name, kind }): TableColumn<TrialEntry> => ({
				id: `param-${name}`,
				title: name,
				numeric: kind !== 'choice',
				value: ({ trial }) => {
					const value = trial.params[name];
					return typeof value === 'boolean' ? String(value) : (value ?? null);
				},
				cell: ({ trial }) => h('bdi', { class: 'figure' }, valueText(trial.params[name])),
			}),
		),
		{
			id: 'steps',
			title: 'Measured',
			numeric: true,
			value: ({ trial }) => trial.steps.length,
			cell: ({ trial }) => String(trial.steps.length),
		},
		{
			id: 'seconds',
			title: 'Seconds',
			numeric: true,
			value: ({ trial }) => trial.seconds,
			cell: ({ trial }) => (trial.seconds === null ? nothing() : trial.seconds.toFixed(1)),
		},
	];
}
