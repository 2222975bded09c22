/** The head of a column: its name, type, share of nulls and the shape of its values. */
import type { TableColumn, TableSort } from '../../daemon/protocol/table.ts';
import { h, setChildren, svg } from '../components/element.ts';
import { formatShare } from '../components/format.ts';
import { icon } from '../components/icon.ts';
import type { ColumnGlance } from '../messages/table.ts';

export interface HeadState {
	readonly column: TableColumn;
	readonly place: number;
	readonly id: string;
	readonly glance: ColumnGlance | undefined;
	readonly sort: TableSort | null;
	readonly filtered: boolean;
	readonly focused: boolean;
}

/** Fills the cell of a head; the buttons in it are for the mouse, the keys of the grid do the same. */
export function fillHead(cell: HTMLElement, { column, place, id, glance, sort, filtered, focused }: HeadState): void {
	const { name, type, exact } = column;
	const sorted = sort?.column === name ? (sort.descending ? 'descending' : 'ascending') : 'none';
	const nulls = glance === undefined ? '' : `${formatShare(glance.nulls)} null`;
	cell.id = id;
	cell.classList.toggle('focused', focused);
	cell.setAttribute('aria-colindex', String(place + 2));
	cell.setAttribute('aria-sort', sorted);
	cell.title = [`${name}: ${exact}`, glance?.words ?? ''].filter((part) => part !== '').join('\n');
	setChildren(
		cell,
		h(
			'div',
			{ class: 'head-name' },
			h('button', { type: 'button', tabindex: -1, class: 'sort', 'data-act': 'sort' }, name),
			sorted !== 'none' && icon(sorted),
			h(
				'button',
				{
					...{ type: 'button', tabindex: -1, class: filtered ? 'filter on' : 'filter', 'data-act': 'filter' },
					'aria-label': `Filter ${name}`,
				},
				icon('filter'),
			),
		),
		h(
			'div',
			{ class: 'head-facts muted' },
			h('span', {}, type === 'other' ? exact.toLowerCase() : type),
			h('span', {}, nulls),
		),
		bars(glance?.bars ?? []),
		h('span', { class: 'spoken' }, glance?.words ?? ''),
	);
}

const [width, height] = [100, 22];

function bars(shares: readonly number[]): SVGElement {
	const top = Math.max(...shares, Number.MIN_VALUE);
	const room = width / Math.max(1, shares.length);
	const gap = shares.length > 30 ? 0 : room * 0.12;
	return svg(
		'svg',
		{
			...{ class: 'bars', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none' },
			...{ 'aria-hidden': 'true', focusable: 'false' },
		},
		...shares.map((share, at) => {
			const tall = share === 0 ? 0 : Math.max(1, (share / top) * height);
			return svg('rect', { x: at * room, y: height - tall, width: room - gap, height: tall });
		}),
	);
}
