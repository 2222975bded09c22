import type { Progress } from '../../daemon/protocol/core.ts';
import { h, newId, setChildren } from '../components/element.ts';
import { formatShare } from '../components/format.ts';
import { icon } from '../components/icon.ts';
import { button, dropdown, setOptions } from '../components/toolkit.ts';
import type { SimulationSettings } from '../messages/simulation.ts';
import { type FieldTexts, fromTexts, toTexts } from './settings.ts';

const traffics = [
	{ value: 'auto', text: 'Automatic' },
	{ value: 'log', text: 'Request log' },
	{ value: 'training', text: 'Training rows' },
	{ value: 'file', text: 'A data file' },
];

interface NumberField {
	readonly name: keyof FieldTexts;
	readonly label: string;
	readonly hint: string;
	readonly min?: number;
	readonly max?: number;
	readonly step?: number | 'any';
}

const numberFields: readonly NumberField[] = [
	{ name: 'repetitions', label: 'Repetitions', hint: 'More of them, narrower intervals.', min: 1, max: 100_000 },
	{ name: 'requests', label: 'Requests', hint: 'In one repetition.', min: 100, max: 1_000_000 },
	{ name: 'block', label: 'Block', hint: 'Rows that stay together; what suits the traffic when empty.', min: 1 },
	{
		name: 'share',
		label: 'Share',
		hint: 'Of the candidate, 0 to 1; empty: as in perch.yaml.',
		min: 0,
		max: 1,
		step: 'any',
	},
	{ name: 'seed', label: 'Seed', hint: 'The same seed, the same result.' },
];

export interface SettingsForm {
	readonly element: HTMLElement;
	/** Fills the fields, unless someone is at them. */
	fill(settings: SimulationSettings): void;
	/** Shows what runs, or that nothing does (null). */
	progress(running: Progress | null): void;
	/** In Restricted Mode nothing is started. */
	restrict(readOnly: boolean): void;
}

/** The form of the simulation. Its fields stay in place whatever happens, and so does the focus. */
export function createSettingsForm(onRun: (settings: SimulationSettings) => void, onCancel: () => void): SettingsForm {
	const inputs = new Map<keyof FieldTexts, HTMLInputElement>();
	const problems = new Map<keyof FieldTexts, HTMLElement>();
	let touched = false;

	function field(name: keyof FieldTexts, label: string, hint: string, attributes: Record<string, string | number>) {
		const id = newId(name);
		const [hintId, problemId] = [`${id}-hint`, `${id}-problem`];
		const input = h('input', { id, name, 'aria-describedby': `${hintId} ${problemId}`, ...attributes });
		const problem = h('span', { id: problemId, class: 'error' });
		inputs.set(name, input);
		problems.set(name, problem);
		return h(
			'div',
			{ class: 'field' },
			h('label', { for: id }, label),
			input,
			h('span', { id: hintId, class: 'hint' }, hint),
			problem,
		);
	}

	const traffic = dropdown('Traffic', traffics, 'auto', () => {
		file.hidden = traffic.value !== 'file';
	});
	const file = field('file', 'Data file', 'A path in the folder.', { type: 'text', spellcheck: 'false' });
	file.hidden = true;
	const numbers = numberFields.map(({ name, label, hint, ...bounds }) =>
		field(name, label, hint, { type: 'number', step: 1, ...bounds }),
	);
	const go = button('Run', run, { primary: true });
	const stop = button('Cancel', onCancel);
	stop.hidden = true;
	const meter = h('progress', { max: 1, 'aria-label': 'Simulation' });
	const told = h('span', { class: 'muted' });
	const running = h('div', { class: 'field' }, meter, told);
	running.hidden = true;
	const restricted = h(
		'span',
		{ class: 'muted', hidden: true },
		'Restricted Mode: trust this folder to run simulations.',
	);

	function texts(): FieldTexts {
		const read = (name: keyof FieldTexts) => inputs.get(name)?.value ?? '';
		return {
			traffic: traffic.value,
			file: read('file'),
			repetitions: read('repetitions'),
			requests: read('requests'),
			block: read('block'),
			share: read('share'),
			seed: read('seed'),
		};
	}

	function run(): void {
		if (!stop.hidden || go.hidden) return;
		const read = fromTexts(texts());
		const wrong = 'problems' in read ? read.problems : new Map<string, string>();
		for (const [name, problem] of problems) {
			const complaint = wrong.get(name);
			setChildren(problem, complaint !== undefined && icon('error'), complaint !== undefined && ` ${complaint}`);
			inputs.get(name)?.setAttribute('aria-invalid', String(wrong.has(name)));
		}
		if ('settings' in read) {
			touched = false;
			onRun(read.settings);
		} else [...inputs].find(([name]) => wrong.has(name))?.[1].focus();
	}

	/** One of two buttons is there; the focus goes from the one that leaves to the one that comes. */
	function exchange(from: HTMLElement, to: HTMLElement): void {
		if (to.hidden === false) return;
		const held = document.activeElement === from;
		to.hidden = false;
		from.hidden = true;
		if (held) to.focus();
	}

	const element = h(
		'form',
		{
			class: 'form',
			'aria-label': 'Settings of the simulation',
			novalidate: true,
			onsubmit: (event) => {
				event.preventDefault();
				run();
			},
			oninput: () => {
				touched = true;
			},
			onkeydown: (event) => {
				if (event instanceof KeyboardEvent && event.key === 'Enter' && event.target instanceof HTMLInputElement) {
					event.preventDefault();
					run();
				}
			},
		},
		h(
			'div',
			{ class: 'fields' },
			h(
				'div',
				{ class: 'field' },
				h('span', { class: 'label', 'aria-hidden': 'true' }, 'Traffic'),
				traffic,
				h('span', { class: 'hint' }, 'Automatic: the log when it holds 100 rows, else training.'),
			),
			file,
			...numbers,
		),
		h('div', { class: 'bar' }, go, stop, restricted),
		running,
	);

	return {
		element,
		fill(settings) {
			if (touched || element.contains(document.activeElement)) return;
			const filled = toTexts(settings);
			for (const [name, input] of inputs) input.value = filled[name];
			setOptions(traffic, traffics, filled.traffic);
			file.hidden = filled.traffic !== 'file';
		},
		progress(now) {
			running.hidden = now === null;
			if (now === null) return exchange(stop, go);
			exchange(go, stop);
			if (now.share === undefined) meter.removeAttribute('value');
			else meter.value = now.share;
			told.textContent = now.share === undefined ? now.message : `${now.message} · ${formatShare(now.share)}`;
		},
		restrict(readOnly) {
			restricted.hidden = !readOnly;
			go.disabled = readOnly;
		},
	};
}
