/** One run: how far it is while it trains, then its figures, its curves, why it says what it says, what it was made of, and its log. */
import '../components/perch.css';
import '../report/report.css';
import '../report/details.css';
import './run.css';
import { h, setChildren } from '../components/element.ts';
import { digest, pointer } from '../components/figure.ts';
import { fileName, formatAge, formatCount, formatTime } from '../components/format.ts';
import { notice, openPage, type Page, type Panel } from '../components/frame.ts';
import { button } from '../components/toolkit.ts';
import {
	cancel,
	cloneAndEdit,
	openData,
	openJson,
	openModel,
	type RunState,
	type RunView,
	runState,
	show,
} from '../messages/run.ts';
import { createCurves } from './curves.ts';
import { createExplanations } from './explanations.ts';
import { keptTable, metricTable } from './tables.ts';

const statusWords = {
	RUNNING: 'at work',
	SCHEDULED: 'waiting',
	FINISHED: 'finished',
	FAILED: 'failed',
	KILLED: 'ended',
} as const;

function build(page: Page<RunState>): Panel<RunView> {
	const ask = (type: typeof cancel) => () => page.channel.request(type, {}).catch(page.complain);
	const title = h('h1');
	const line = h('p', { class: 'muted' });
	const stop = button('Cancel', ask(cancel), { 'data-focus': 'cancel' });
	const clone = button('Clone and Edit', ask(cloneAndEdit));
	const model = button('Open Registry', ask(openModel));
	const json = button('Open as JSON', ask(openJson));
	const way = h('div', { class: 'way' });
	const troubles = h('div', { class: 'notices' });
	const metrics = h('section', { class: 'section' });
	const curves = createCurves();
	const why = createExplanations();
	const params = h('section', { class: 'section' });
	const origin = h('section', { class: 'section' });
	const log = h('section', { class: 'section' });
	let status: string | undefined;

	return {
		parts: [
			h(
				'div',
				{ class: 'bar' },
				h('div', { class: 'heading' }, title, line),
				h('div', { class: 'bar end' }, stop, clone, model, json),
			),
			way,
			troubles,
			metrics,
			curves.element,
			why.element,
			params,
			origin,
			log,
		],
		show(view) {
			const { root, readOnly, detail, project } = view;
			const { run } = detail;
			setChildren(title, h('bdi', {}, run.name));
			setChildren(line, summary(view));
			stop.hidden = readOnly || run.status !== 'RUNNING';
			clone.hidden = readOnly || project === null;
			model.hidden = run.model === null;
			drawWay(way, view);
			setChildren(troubles, ...complaintsOf(view).map((text) => notice('warning', h('p', {}, text))));
			metrics.hidden = Object.keys(run.metrics).length === 0;
			setChildren(metrics, h('h2', {}, 'Metrics'), metricTable(run.metrics));
			curves.show(view);
			why.show(view.explanations);
			params.hidden = Object.keys(run.params).length === 0;
			setChildren(params, h('h2', {}, 'Parameters'), keptTable('Parameters', run.params, ['run', 'params']));
			drawOrigin(origin, view, (index) => page.channel.request(openData, { index }).catch(page.complain));
			log.hidden = view.log.lines.length === 0;
			setChildren(log, h('h2', {}, 'Log'), logText(view.log.lines));
			if (run.status === 'RUNNING') log.querySelector('.log')?.scrollTo({ top: Number.MAX_SAFE_INTEGER });
			if (status !== undefined && status !== run.status) page.announce(`The run ${statusWords[run.status]}.`);
			status = run.status;
			page.keep({ version: 1, root, id: run.id, name: run.name });
		},
	};
}

function summary({ detail: { run } }: RunView): string {
	const { experiment, status, start_time, end_time, model } = run;
	const took = end_time === null ? [] : [`took ${((end_time - start_time) / 1000).toFixed(1)} s`];
	return [
		...(experiment === run.name ? [] : [experiment]),
		statusWords[status],
		`started ${formatAge(start_time)}`,
		...took,
		...(model === null ? [] : [`${model.name} v${model.version}`]),
	].join(' · ');
}

function complaintsOf({ detail: { run, warnings } }: RunView): string[] {
	const reason = run.tags['perch.reason'];
	return [...(run.status === 'FINISHED' || reason === undefined ? [] : [reason]), ...warnings];
}

/** How far a run at work is. */
function drawWay(element: HTMLElement, { detail: { run }, log: { progress } }: RunView): void {
	element.hidden = run.status !== 'RUNNING';
	const message = progress?.message ?? 'Starting';
	const bar = h('progress', { 'aria-label': message, max: 1, value: progress?.share ?? null });
	setChildren(element, h('p', {}, message), bar);
}

function drawOrigin(element: HTMLElement, { detail }: RunView, open: (index: number) => void): void {
	const { run, datasets, environment, artifacts } = detail;
	element.hidden = datasets.length === 0 && run.commit === null && artifacts.length === 0;
	const facts: [string, ...Parameters<typeof h>[2][]][] = [
		...datasets.map(({ context, name, version, rows, source, digest: content }, index): (typeof facts)[number] => [
			`Data, ${context}`,
			h(
				'button',
				{ type: 'button', class: 'link', 'data-focus': `data-${index}`, title: source, onclick: () => open(index) },
				h('bdi', {}, `${name} v${version}`),
			),
			h('span', { class: 'muted' }, ` ${formatCount(rows)} rows of ${fileName(source)} · `),
			digest(pointer('datasets', index, 'digest'), content),
		]),
		...(run.commit === null
			? []
			: [['Commit', digest(pointer('run', 'commit'), run.commit)] as (typeof facts)[number]]),
		...(artifacts.length === 0
			? []
			: [
					[
						'Files',
						artifacts.map(({ path, size }) => `${path} (${formatCount(Math.ceil(size / 1000))} kB)`).join(', '),
					] as (typeof facts)[number],
				]),
		...Object.entries(environment).map(([name, value]): (typeof facts)[number] => [name, value]),
	];
	setChildren(
		element,
		h('h2', {}, 'Data and code'),
		h('dl', { class: 'facts' }, ...facts.flatMap(([name, ...values]) => [h('dt', {}, name), h('dd', {}, ...values)])),
	);
}

function logText(lines: RunView['log']['lines']): HTMLElement {
	const text = lines.map(({ time, message }) => `${formatTime(time)}  ${message}`).join('\n');
	return h('pre', { class: 'log', tabindex: 0, role: 'region', 'aria-label': 'Log' }, text);
}

openPage('Run', runState, show, build);
