/** The simulation panel: what the guard would do to a candidate, tried out on traffic of the past. */
import '../components/perch.css';
import { isPerchError } from '../../daemon/protocol/errors.ts';
import { intervalChart } from '../components/chart.ts';
import { h, setChildren } from '../components/element.ts';
import { formatShare } from '../components/format.ts';
import { openPage, type Page, type Panel } from '../components/frame.ts';
import { createTable } from '../components/table.ts';
import {
	cancel,
	progress,
	run,
	type SimulationResult,
	type SimulationState,
	type SimulationView,
	show,
	simulationState,
} from '../messages/simulation.ts';
import { createSettingsForm } from './form.ts';
import { card, type OutcomeRow, outcomeColumns, outcomeRows, rollbackBars, settingsLine } from './outcomes.ts';

const chartText = { title: 'Probability of a roll back, with its 95 % interval', x: 'Traffic', y: 'P(roll back)' };

function build(page: Page<SimulationState>): Panel<SimulationView> {
	let view: SimulationView | undefined;
	let spoken = -1;
	const line = h('p', { class: 'muted' });
	const form = createSettingsForm(
		(settings) => {
			if (view !== undefined) page.keep(stateOf({ ...view, settings }));
			page.complain(null);
			form.progress({ message: 'Starting' });
			page.announce('The simulation runs.');
			page.channel.request(run, { settings }).then(
				() => page.announce(outcome()),
				(error) => ended(error),
			);
		},
		() => page.channel.request(cancel, {}).catch(page.complain),
	);
	const empty = h('p', { class: 'muted' }, 'Run it to see how often the guard would roll a candidate back.');
	const cards = h('div', { class: 'cards' });
	const made = h('p', { class: 'muted' });
	const chart = intervalChart({ ...chartText, bars: [] });
	const table = createTable<OutcomeRow>({
		caption: 'Outcomes',
		captionHidden: true,
		columns: outcomeColumns,
		key: ({ name }) => name,
	});
	const results = h(
		'section',
		{ class: 'section wide' },
		h('h2', {}, 'Result'),
		cards,
		chart.element,
		table.element,
		h(
			'p',
			{ class: 'muted' },
			'Requests: until the roll back, where there was one. Exposure: requests that the candidate answered until then, or to the end.',
		),
		made,
	);
	results.hidden = true;

	function stateOf({ root, deployment, config, settings }: SimulationView): SimulationState {
		return { version: 1, root, deployment, config, settings };
	}

	function outcome(): string {
		const result = view?.result;
		if (result === undefined || result === null) return 'The simulation has ended.';
		return `Done. ${formatShare(result.rollback.share)} rolled back; the A/A twin ${formatShare(result.aa.rollback.share)}.`;
	}

	function ended(error: unknown): void {
		form.progress(null);
		if (isPerchError(error) && error.code === 'cancelled') page.announce('The simulation was cancelled.');
		else page.complain(error);
	}

	function drawResult(result: SimulationResult): void {
		const rows = outcomeRows(result);
		const [traffic, twin] = rows;
		setChildren(
			cards,
			traffic !== undefined && card(traffic, 'The candidate’s traffic as it was recorded or generated.'),
			twin !== undefined && card(twin, 'No difference at all: what rolls back here is a false alarm.'),
		);
		setChildren(made, settingsLine(result));
		chart.update({ ...chartText, bars: rollbackBars(rows) });
		table.update(rows);
	}

	page.channel.onNotification(progress, (now) => {
		form.progress(now);
		const quarter = Math.floor((now.share ?? 0) * 4);
		if (quarter > spoken && quarter > 0 && quarter < 4) page.announce(`${quarter * 25} percent`);
		spoken = quarter;
	});

	return {
		parts: [h('div', { class: 'heading' }, h('h1', {}, 'Canary simulation'), line), form.element, empty, results],
		show(next) {
			const first = view === undefined;
			view = next;
			const { root, deployment, config, result, running, readOnly } = next;
			const name = deployment ?? config?.replace(root, '').replace(/^[/\\]/, '') ?? null;
			setChildren(
				line,
				`${name === null ? '' : `${name} · `}Traffic is replayed in blocks through the guard that decides live, always with an A/A twin beside.`,
			);
			form.restrict(readOnly);
			form.fill((first ? page.kept?.settings : undefined) ?? next.settings);
			form.progress(running);
			empty.hidden = result !== null;
			results.hidden = result === null;
			if (result !== null) drawResult(result);
			page.keep(stateOf(next));
		},
	};
}

openPage('Canary simulation', simulationState, show, build);
