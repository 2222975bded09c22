/** One run: how far it is while it trains, then its figures, its curves, why it says what it says, what it was made of, and its log. */
import '../components/perch.css';
import '../report/report.css';
import '../report/details.css';
import './run.css';
import { h, setChildren } from '../components/element.ts';
import { formatAge } from '../components/format.ts';
import { notice, openPage, type Page, type Panel } from '../components/frame.ts';
import { button } from '../components/toolkit.ts';
import {
	cancel,
	cloneAndEdit,
	openCard,
	openData,
	openJson,
	openModel,
	openParent,
	openTuning,
	type RunState,
	type RunView,
	register,
	runState,
	show,
} from '../messages/run.ts';
import { createCurves } from './curves.ts';
import { createExplanations } from './explanations.ts';
import { createLog } from './log.ts';
import { foldTable, metricTables } from './metrics.ts';
import { drawOrigin } from './origin.ts';
import { paramTable } from './params.ts';

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
	const registration = button('Register', ask(register));
	const card = button('Model Card', ask(openCard));
	const model = button('Open Registry', ask(openModel));
	const tuning = button('Open Tuning', ask(openTuning));
	const parent = button('Open Tuning', ask(openParent));
	const json = button('Open as JSON', ask(openJson));
	const way = h('div', { class: 'way' });
	const troubles = h('div', { class: 'notices' });
	const rules = h('div', { class: 'notices' });
	const metrics = h('section', { class: 'section' });
	const curves = createCurves();
	const why = createExplanations();
	const params = h('section', { class: 'section' });
	const origin = h('section', { class: 'section' });
	const log = createLog();
	let status: string | undefined;

	return {
		parts: [
			h(
				'div',
				{ class: 'bar' },
				h('div', { class: 'heading' }, title, line),
				h('div', { class: 'bar end' }, stop, clone, tuning, parent, registration, card, model, json),
			),
			way,
			troubles,
			rules,
			metrics,
			curves.element,
			why.element,
			params,
			origin,
			log.element,
		],
		show(view) {
			const { root, readOnly, detail } = view;
			const { run } = detail;
			setChildren(title, h('bdi', {}, run.name));
			setChildren(line, summary(view));
			stop.hidden = readOnly || run.status !== 'RUNNING' || isTrial(view);
			clone.hidden = readOnly || !view.clonable;
			registration.hidden = readOnly || !isRegistrable(view);
			card.hidden = readOnly || run.model === null;
			model.hidden = run.model === null;
			tuning.hidden = run.tags['perch.tuning'] === undefined;
			parent.hidden = !isTrial(view);
			drawWay(way, view);
			setChildren(troubles, ...complaintsOf(view));
			setChildren(rules, ...validationOf(view));
			drawMetrics(metrics, view);
			curves.show(view);
			why.show(view.explanations);
			params.hidden = Object.keys(run.params).length === 0;
			setChildren(params, h('h2', {}, 'Parameters'), paramTable(run.params));
			drawOrigin(origin, view, (index) => page.channel.request(openData, { index }).catch(page.complain));
			log.show(view);
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

/** Why it ended early, in the lines that it was told in, and what is to be doubted. */
function complaintsOf({ detail: { run, warnings } }: RunView): HTMLElement[] {
	const reason = run.tags['perch.reason'];
	const sign = run.status === 'FAILED' ? 'error' : 'warning';
	return [
		...(run.status === 'FINISHED' || reason === undefined ? [] : [notice(sign, h('p', { class: 'told' }, reason))]),
		...warnings.map((text) => notice('warning', h('p', {}, text))),
	];
}

/** A trial of a tuning is cancelled with it. */
function isTrial({ detail: { run } }: RunView): boolean {
	return run.tags['mlflow.parentRunId'] !== undefined;
}

/** Whether it left a model that no version was made of. */
function isRegistrable({ detail: { run, artifacts } }: RunView): boolean {
	return run.model === null && run.status === 'FINISHED' && artifacts.some(({ path }) => path === 'model.onnx');
}

/** What `validate:` asked, and whether it held. */
function validationOf({ detail: { run } }: RunView): HTMLElement[] {
	const told = run.tags['perch.validation'];
	const lines = told === undefined || told === '' ? [] : told.split('\n');
	return lines.map((line) => notice(line.startsWith('Held') ? 'ok' : 'warning', h('p', {}, line)));
}

function drawMetrics(element: HTMLElement, { detail: { run, history } }: RunView): void {
	const folds = foldTable(history);
	const tables = metricTables(run.metrics);
	element.hidden = tables.length === 0 && folds === null;
	setChildren(element, h('h2', {}, 'Metrics'), ...tables, folds && h('h3', {}, 'Folds'), folds);
}

/** How far a run at work is. */
function drawWay(element: HTMLElement, { detail: { run }, log: { progress } }: RunView): void {
	element.hidden = run.status !== 'RUNNING';
	const message = progress?.message ?? 'Starting';
	const bar = h('progress', { 'aria-label': message, max: 1, value: progress?.share ?? null });
	setChildren(element, h('p', {}, message), bar);
}

openPage('Run', runState, show, build);
