/** The comparison panel: two or more runs side by side, only where they differ. */
import '../components/perch.css';
import { lineChart } from '../components/chart.ts';
import { h, setChildren } from '../components/element.ts';
import { formatTime, plural } from '../components/format.ts';
import { openPage, type Page, type Panel } from '../components/frame.ts';
import { swatch } from '../components/icon.ts';
import { button, checkbox } from '../components/toolkit.ts';
import {
	type CompareState,
	type CompareView,
	compareState,
	copy,
	openRun,
	type RunComparison,
	show,
	showAll,
} from '../messages/compare.ts';
import { comparisonBodies } from './rows.ts';

function chartData({ runs, chart }: Pick<RunComparison, 'runs' | 'chart'>) {
	const metric = chart?.metric ?? '';
	return {
		title: `${metric} over the steps of each run`,
		x: 'step',
		y: metric,
		series: (chart?.series ?? []).map((points, index) => ({
			name: runs[index]?.name ?? `run ${index + 1}`,
			points: points.map(({ step, value }) => ({ x: step, y: value })),
		})),
	};
}

function build(page: Page<CompareState>): Panel<CompareView> {
	const title = h('h1');
	const line = h('p', { class: 'muted' });
	const told = h('span', { class: 'muted' });
	let everything = false;
	const all = checkbox('Show lines on which all runs agree', false, (checked) => {
		// The toolkit tells of changes by program, too.
		if (checked === everything) return;
		page.channel.request(showAll, { all: checked }).catch((error) => {
			all.checked = everything;
			page.complain(error);
		});
	});
	const headings = h('tr');
	const table = h(
		'table',
		{ class: 'comparison' },
		h('caption', { class: 'spoken' }, 'Comparison'),
		h('thead', {}, headings),
	);
	const frame = h('div', { class: 'table-frame', role: 'region', tabindex: 0, 'aria-label': 'Comparison' }, table);
	const nothingDiffers = h('p', { class: 'muted' }, 'These runs differ in nothing that Perch keeps.');
	const noChart = h('p', { class: 'muted' }, 'No chart: no metric has a history in two of these runs.');
	const chart = lineChart(chartData({ runs: [], chart: null }));
	const chartSection = h('section', { class: 'section' }, chart.element);

	async function copyAs(format: 'markdown' | 'csv'): Promise<void> {
		try {
			await page.channel.request(copy, { format });
			told.textContent = `Copied as ${format === 'csv' ? 'CSV' : 'Markdown'}.`;
			page.announce(told.textContent);
		} catch (error) {
			page.complain(error);
		}
	}

	function drawTable({ runs, rows }: RunComparison): void {
		setChildren(
			headings,
			h('td', {}),
			...runs.map(({ id, name, start_time, status }, index) =>
				h(
					'th',
					{ scope: 'col' },
					swatch(index),
					' ',
					h(
						'button',
						{
							type: 'button',
							class: 'link',
							'data-focus': `run-${id}`,
							onclick: () => page.channel.request(openRun, { id }).catch(page.complain),
						},
						name,
					),
					h('div', { class: 'under muted' }, `${formatTime(start_time)} · ${status.toLowerCase()}`),
				),
			),
		);
		for (const body of [...table.tBodies]) body.remove();
		table.append(...comparisonBodies(rows, runs.length));
		frame.hidden = runs.length === 0;
		nothingDiffers.hidden = rows.length > 0;
	}

	return {
		parts: [
			h('div', { class: 'heading' }, title, line),
			h(
				'div',
				{ class: 'bar' },
				all,
				h(
					'div',
					{ class: 'bar end' },
					told,
					button('Copy as Markdown', () => void copyAs('markdown')),
					button('Copy as CSV', () => void copyAs('csv')),
				),
			),
			frame,
			nothingDiffers,
			chartSection,
			noChart,
		],
		show({ root, all: asked, comparison }) {
			const { runs, same } = comparison;
			everything = asked;
			setChildren(title, `Comparison of ${plural(runs.length, 'run')}`);
			setChildren(
				line,
				everything
					? 'Every line is shown; those on which all runs agree are faint.'
					: same === 0
						? 'The runs differ in every line.'
						: `${plural(same, 'line')} on which all runs agree ${same === 1 ? 'is' : 'are'} left out.`,
			);
			all.checked = everything;
			told.textContent = '';
			drawTable(comparison);
			chartSection.hidden = comparison.chart === null;
			noChart.hidden = comparison.chart !== null;
			if (comparison.chart !== null) chart.update(chartData(comparison));
			page.keep({ version: 1, root, ids: runs.map(({ id }) => id), all: everything });
		},
	};
}

openPage('Comparison', compareState, show, build);
