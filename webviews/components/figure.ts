import { h } from './element.ts';
import { absent, formatDigest, formatNumber } from './format.ts';

/**
 * The place of a value in the JSON that the page was given, as a JSON Pointer (RFC 6901):
 * `pointer('versions', 0, 'metrics', 'a/b')` is `/versions/0/metrics/a~1b`.
 */
export function pointer(...path: readonly (string | number)[]): string {
	return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** What stands where a value is missing: a dash for the eye, words for a screen reader. */
export function nothing(): HTMLElement {
	return h(
		'span',
		{ class: 'muted' },
		h('span', { 'aria-hidden': 'true' }, absent),
		h('span', { class: 'spoken' }, 'none'),
	);
}

/**
 * A number as it is read, and as it is: `data-figure` names its place in the JSON, `data-value` holds it unrounded,
 * `null` where there is none.
 */
export function figure(
	place: string,
	value: number | null,
	format: (value: number | null) => string = formatNumber,
): HTMLElement {
	const text = format(value);
	const title = value === null || text === String(value) ? null : String(value);
	return h(
		'span',
		{ class: 'figure', 'data-figure': place, 'data-value': String(value), title },
		text === absent ? nothing() : text,
	);
}

/** The beginning of a digest, an id or a commit, with the whole in `data-value`. */
export function digest(place: string, value: string): HTMLElement {
	return h('span', { class: 'mono', 'data-figure': place, 'data-value': value, title: value }, formatDigest(value));
}
