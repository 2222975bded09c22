import { svg } from './element.ts';

/** Shapes on a field of 16 by 16. They accompany words and say nothing on their own. */
const shapes = {
	check: 'M6.3 12.6 1.9 8.2l1.1-1 3.3 3.2 6.8-6.9 1 1.1z',
	warning: 'M8 1.5 15.2 14H.8L8 1.5zm0 2.9L3.1 12.6h9.8L8 4.4zM7.3 7h1.4v3H7.3V7zm0 3.8h1.4v1.3H7.3v-1.3z',
	error:
		'M8 1.2a6.8 6.8 0 1 1 0 13.6A6.8 6.8 0 0 1 8 1.2zm0 1.3a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zm2.2 2.4.9.9L8.9 8l2.2 2.2-.9.9L8 8.9l-2.2 2.2-.9-.9L7.1 8 4.9 5.8l.9-.9L8 7.1l2.2-2.2z',
	best: 'm8 1.6 1.9 4 4.4.6-3.2 3.1.8 4.4L8 11.6l-3.9 2.1.8-4.4L1.7 6.2l4.4-.6z',
	ascending: 'M8 4.5 12.5 11h-9z',
	descending: 'M8 11.5 3.5 5h9z',
	filter: 'M1.5 2.5h13L9.7 8.6v4.9l-3.4-1.6V8.6z',
	close: 'm8 7.1 3.6-3.6.9.9L8.9 8l3.6 3.6-.9.9L8 8.9l-3.6 3.6-.9-.9L7.1 8 3.5 4.4l.9-.9z',
} as const;
export type IconName = keyof typeof shapes;

export function icon(name: IconName): SVGElement {
	return svg(
		'svg',
		{
			class: `icon icon-${name}`,
			viewBox: '0 0 16 16',
			width: 16,
			height: 16,
			'aria-hidden': 'true',
			focusable: 'false',
		},
		svg('path', { d: shapes[name], fill: 'currentColor' }),
	);
}

/** The line of a series as its chart draws it: the colour, and dashes in high contrast. perch.css knows six, then they repeat. */
export function swatch(series: number): SVGElement {
	return svg(
		'svg',
		{
			class: `swatch series-${(series % 6) + 1}`,
			viewBox: '0 0 24 8',
			width: 24,
			height: 8,
			'aria-hidden': 'true',
			focusable: 'false',
		},
		svg('line', { x1: 0, y1: 4, x2: 24, y2: 4 }),
	);
}
