/** A table of a report that scrolls sideways by itself; its first cells name the rows. */
import { type Child, h } from '../components/element.ts';

export interface TableHead {
	readonly text: string;
	/** Words, which begin where numbers end. */
	readonly words?: boolean;
}

export interface TableRow {
	readonly name: Child;
	readonly cells: readonly Child[];
}

export function framedTable(title: string, head: readonly TableHead[], rows: readonly TableRow[]): HTMLElement {
	const numeric = (at: number) => head[at]?.words !== true && 'numeric';
	return h(
		'div',
		{ class: 'table-frame', role: 'region', tabindex: 0, 'aria-label': title },
		h(
			'table',
			{},
			h('caption', { class: 'spoken' }, title),
			h('thead', {}, h('tr', {}, ...head.map(({ text }, at) => h('th', { scope: 'col', class: numeric(at) }, text)))),
			h(
				'tbody',
				{},
				...rows.map(({ name, cells }) =>
					h(
						'tr',
						{},
						h('th', { scope: 'row', class: numeric(0) || 'wrap' }, name),
						...cells.map((cell, at) => h('td', { class: numeric(at + 1) || 'cell' }, cell)),
					),
				),
			),
		),
	);
}
