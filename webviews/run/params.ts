/** What a run has as text by name: its params. */
import { h } from '../components/element.ts';
import { pointer } from '../components/figure.ts';
import { framedTable } from '../report/framedTable.ts';

/** The type first, then what the estimator was given, then what was said of data, preparation and split. */
export function orderedParams(params: Readonly<Record<string, string>>): [name: string, value: string][] {
	const rank = (name: string) => (name === 'model.type' ? 0 : name.includes('.') ? 2 : 1);
	return Object.entries(params).sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

export function paramTable(params: Readonly<Record<string, string>>): HTMLElement {
	return framedTable(
		'Parameters',
		[
			{ text: 'Name', words: true },
			{ text: 'Value', words: true },
		],
		orderedParams(params).map(([name, value]) => ({
			name: h('bdi', {}, name),
			cells: [
				h(
					'span',
					{ class: 'kept', 'data-figure': pointer('run', 'params', name), 'data-value': value },
					h('bdi', {}, value),
				),
			],
		})),
	);
}
