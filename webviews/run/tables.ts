/** What a run has by name: metrics and params. */
import { h } from '../components/element.ts';
import { figure, pointer } from '../components/figure.ts';

type Row = readonly [name: string, cell: HTMLElement | string];

function nameTable(caption: string, head: string, rows: readonly Row[], numeric: boolean): HTMLElement {
	return h(
		'div',
		{ class: 'table-frame', role: 'region', tabindex: 0, 'aria-label': caption },
		h(
			'table',
			{},
			h('caption', { class: 'spoken' }, caption),
			h(
				'thead',
				{},
				h('tr', {}, h('th', { scope: 'col' }, head), h('th', { scope: 'col', class: numeric && 'numeric' }, 'Value')),
			),
			h(
				'tbody',
				{},
				...rows.map(([name, cell]) =>
					h(
						'tr',
						{},
						h('th', { scope: 'row' }, h('bdi', {}, name)),
						h('td', { class: numeric ? 'numeric' : 'wrap' }, cell),
					),
				),
			),
		),
	);
}

export function metricTable(metrics: Readonly<Record<string, number | null>>): HTMLElement {
	const rows = Object.entries(metrics).map(
		([name, value]): Row => [name, figure(pointer('run', 'metrics', name), value)],
	);
	return nameTable('Metrics', 'Metric', rows, true);
}

/** Text by name; `path` is where it stands in the JSON. */
export function keptTable(
	caption: string,
	values: Readonly<Record<string, string>>,
	path: readonly string[],
): HTMLElement {
	const rows = Object.entries(values).map(
		([name, value]): Row => [
			name,
			h('span', { 'data-figure': pointer(...path, name), 'data-value': value }, h('bdi', {}, value)),
		],
	);
	return nameTable(caption, 'Name', rows, false);
}
