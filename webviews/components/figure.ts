import { h } from './element.ts';
import { absent, formatNumber } from './format.ts';

/**
 * A number as it is read, with the number as it is: `path` names its place in the JSON of the same thing
 * (`aa.rollback.share`), `data-value` holds it unrounded, `null` where there is none.
 */
export function figure(
	path: string,
	value: number | null,
	format: (value: number | null) => string = formatNumber,
): HTMLElement {
	const text = format(value);
	return h(
		'span',
		{
			class: 'figure',
			'data-figure': path,
			'data-value': String(value),
			title: value !== null && text !== String(value) && String(value),
		},
		text === absent ? h('span', { class: 'muted' }, absent, h('span', { class: 'spoken' }, 'no value')) : text,
	);
}
