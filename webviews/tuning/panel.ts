/** A tuning: its trials, the best so far, how params and metric go together, and which params matter. */
import '../components/perch.css';
import './tuning.css';
import { categoryChart, lineChart } from '../components/chart.ts';
import { h, setChildren } from '../components/element.ts';
import { figure, pointer } from '../components/figure.ts';
import { formatNumber, plural } from '../components/format.ts';
import { openPage, type Page, type Panel } from '../components/frame.ts';
import { createTable } from '../components/table.ts';
import { button } from '../components/toolkit.ts';
import {
	cancel,
	openRun,
	show,
	type Tuning,
	type TuningState,
	type TuningView,
	tuningState,
} from '../messages/tuning.ts';
import { bestSoFar, worstShown } from './axes.ts';
import { parallelChart } from './parallel.ts';
import { type TrialEntry, trialColumns } from './trials.ts';

const searches = { random: 'at random', tpe: 'by TPE', halving: 'by successive halving' } as const;

function build(page: Page<TuningState>): Panel<TuningView> {
	let sort = page.kept?.sort;
	let view: TuningView | undefined;
	const open = (id: string) => page.channel.request(openRun, { id }).catch(page.complain);

	const title = h('h1');
	const line = h('p', { class: 'muted', role: 'status' });
	const stop = button('Cancel', () => page.channel.request(cancel, {}).catch(page.complain));
	const own = button('Open Run', () => view !== undefined && open(view.tuning.run.id));
	const course = lineChart({ title: '', x: '', y: '', series: [] });
	const weights = categoryChart({ title: '', x: '', y: '', labels: [], reference: { name: 'Share', shares: [] } });
	const noWeights = h('p', { class: 'muted' }, 'Which params matter is told from ten measured trials on.');
	const parallel = parallelChart({
		title: '',
		x: '',
		y: '',
		space: [],
		metric: '',
		direction: 'less',
		trials: [],
		best: null,
	});
	const charts = h(
		'div',
		{ class: 'tuning-charts' },
		h('section', { class: 'section' }, h('h2', {}, 'Best so far'), course.element),
		h('section', { class: 'section' }, h('h2', {}, 'Importance of params'), weights.element, noWeights),
	);
	const together = h('section', { class: 'section' }, h('h2', {}, 'Params and metric'), parallel.element);
	const trials = createTable<TrialEntry>({
		caption: 'Trials',
		captionHidden: true,
		columns: trialColumns([], null, open),
		key: ({ trial }) => trial.run,
		sort,
		onSort(next) {
			sort = next;
			keep();
		},
		empty: 'No trial has begun.',
	});

	function keep(): void {
		if (view === undefined) return;
		const { id, name } = view.tuning.run;
		page.keep({ version: 1, root: view.root, id, name, ...(sort !== undefined && { sort }) });
	}

	function drawCharts({ trials: all, metric, direction, space, best, importance }: Tuning): void {
		const known = metric ?? 'metric';
		const measured = all.filter(({ value }) => value !== null);
		charts.hidden = measured.length === 0;
		together.hidden = measured.length < 2;
		const { worst, beyond } = worstShown(
			measured.map(({ value }) => Number(value)),
			direction,
		);
		const poor = beyond === 0 ? '' : `; ${beyond} far worse ${beyond === 1 ? 'one lies' : 'ones lie'} outside`;
		const end = worst + (direction === 'less' ? 0.05 : -0.05) * Math.abs(worst);
		course.update({
			title: `${known} of each trial, and the best so far${poor}`,
			...(beyond > 0 && (direction === 'less' ? { yMax: end } : { yMin: end })),
			x: 'trial',
			y: known,
			series: [
				{ name: 'Best so far', points: bestSoFar(all, direction), stepped: true },
				{ name: 'Trial', points: all.map(({ number, value }) => ({ x: number, y: value })), dots: true },
			],
		});
		const shares = Object.entries(importance ?? {}).sort(([, a], [, b]) => b - a);
		weights.element.hidden = shares.length === 0;
		noWeights.hidden = shares.length > 0;
		weights.update({
			title: `Share of the variance of ${known} that each param explains alone (functional ANOVA, Hutter and others 2014)`,
			x: 'param',
			y: 'share of the variance',
			labels: shares.map(([name]) => name),
			reference: { name: 'Share', shares: shares.map(([, share]) => share) },
		});
		parallel.update({
			title: `A line a trial, from its params to its ${known}: the better the stronger, the best in a colour of its own`,
			x: '',
			y: '',
			...{ space, metric: known, direction, trials: measured, best },
		});
	}

	return {
		parts: [
			h(
				'div',
				{ class: 'bar' },
				h('div', { class: 'heading' }, title, line),
				h('div', { class: 'bar end' }, stop, own),
			),
			charts,
			together,
			h('section', { class: 'section' }, h('h2', {}, 'Trials'), trials.element),
		],
		show(next) {
			view = next;
			const { tuning, readOnly } = next;
			const { run, space, metric, best } = tuning;
			setChildren(title, 'Tuning ', h('bdi', {}, run.name), ' of ', h('bdi', {}, run.experiment));
			setChildren(line, ...summary(tuning));
			stop.hidden = readOnly || !tuning.at_work;
			drawCharts(tuning);
			trials.update(
				tuning.trials.map((trial, index) => ({ trial, index, isBest: trial.number === best })),
				trialColumns(space, metric, open),
			);
			keep();
		},
	};
}

function summary(tuning: Tuning): (string | HTMLElement)[] {
	const { run, search, metric, planned, trials, best, at_work } = tuning;
	const count = (status: Tuning['trials'][number]['status']) =>
		trials.filter((trial) => trial.status === status).length;
	const place = trials.findIndex(({ number }) => number === best);
	const told = (['pruned', 'failed', 'running'] as const).flatMap((status) =>
		count(status) === 0 ? [] : [`${count(status)} ${status}`],
	);
	const ended = trials.length - count('running') - count('stopped');
	return [
		`${ended} of ${plural(planned, 'trial')} ${searches[search]}`,
		...(told.length === 0 ? [] : [` (${told.join(', ')})`]),
		...(place < 0
			? []
			: [
					` · best ${metric} `,
					figure(pointer('trials', place, 'value'), trials[place]?.value ?? null, formatNumber),
					` by trial ${best}`,
				]),
		` · ${at_work ? 'at work' : run.status === 'FINISHED' ? 'done' : 'stopped: train again, and it goes on from here'}`,
	];
}

openPage('Tuning', tuningState, show, build);
