import { Chart, type ChartConfiguration } from 'chart.js';
import { type Child, h, setChildren } from './element.ts';
import { onThemeChange, readTheme, type Theme } from './theme.ts';

/** A chart on a page: place `element`, call `update` with whole new data, and `destroy` when it goes. */
export interface ChartView<Data> {
	readonly element: HTMLElement;
	update(data: Data): void;
	destroy(): void;
}

/** What every chart says of itself. */
export interface ChartText {
	/** What it shows, in one sentence: its caption, and its name for a screen reader. */
	readonly title: string;
	/** Titles of the axes. */
	readonly x: string;
	readonly y: string;
}

/** The numbers of a chart as a table: the first cell of a row names it. */
export interface Numbers {
	readonly head: readonly string[];
	readonly rows: readonly (readonly Child[])[];
}

function numberTable({ head, rows }: Numbers, caption: string): HTMLElement {
	return h(
		'table',
		{},
		h('caption', { class: 'spoken' }, caption),
		h(
			'thead',
			{},
			h('tr', {}, ...head.map((title, index) => h('th', { scope: 'col', class: index > 0 && 'numeric' }, title))),
		),
		h(
			'tbody',
			{},
			...rows.map(([first, ...rest]) =>
				h('tr', {}, h('th', { scope: 'row' }, first), ...rest.map((cell) => h('td', { class: 'numeric' }, cell))),
			),
		),
	);
}

/**
 * A figure with a canvas. It is drawn when it first comes near the visible part of the page, redrawn in the colours of
 * every new theme, and its table of numbers is built when it is opened.
 */
export function createChartView<Data extends ChartText>(
	first: Data,
	configure: (data: Data, theme: Theme) => ChartConfiguration,
	numbers: (data: Data) => Numbers,
): ChartView<Data> {
	let data = first;
	let near = false;
	let chart: Chart | undefined;
	const canvas = h('canvas', { role: 'img' });
	const caption = h('figcaption');
	const frame = h('div', { class: 'table-frame', role: 'region', tabindex: 0 });
	const details = h('details', { class: 'numbers', ontoggle: list }, h('summary', {}, 'Show the numbers'), frame);
	const element = h('figure', { class: 'chart' }, caption, h('div', { class: 'chart-area' }, canvas), details);

	function list(): void {
		if (details.open) setChildren(frame, numberTable(numbers(data), data.title));
	}

	function draw(theme: Theme): void {
		if (!near) return;
		Chart.defaults.font.family = theme.fontFamily;
		Chart.defaults.font.size = theme.fontSize - 1;
		Chart.defaults.color = theme.text;
		const next = configure(data, theme);
		if (chart === undefined) chart = new Chart(canvas, next);
		else {
			chart.data = next.data;
			chart.options = next.options ?? {};
			chart.update('none');
		}
	}

	function show(): void {
		caption.textContent = data.title;
		canvas.setAttribute('aria-label', `${data.title}. The numbers follow in a table.`);
		frame.setAttribute('aria-label', `Numbers: ${data.title}`);
		list();
		draw(readTheme());
	}

	const approach = new IntersectionObserver(
		(entries) => {
			if (near || !entries.some((entry) => entry.isIntersecting)) return;
			near = true;
			draw(readTheme());
		},
		{ rootMargin: '100%' },
	);
	approach.observe(element);
	const forget = onThemeChange(draw);
	show();
	return {
		element,
		update(next) {
			data = next;
			show();
		},
		destroy() {
			approach.disconnect();
			forget();
			chart?.destroy();
		},
	};
}
