/** What a training told of its way. It stays at its end while lines are added, unless somebody reads further up. */
import { h } from '../components/element.ts';
import { formatTime } from '../components/format.ts';
import type { RunView } from '../messages/run.ts';

export interface LogView {
	readonly element: HTMLElement;
	show(view: RunView): void;
}

export function createLog(): LogView {
	const text = h('pre', { class: 'log', tabindex: 0, role: 'region', 'aria-label': 'Log' });
	const element = h('section', { class: 'section' }, h('h2', {}, 'Log'), text);

	return {
		element,
		show({ detail: { run }, log: { lines } }) {
			element.hidden = lines.length === 0;
			const next = lines.map(({ time, message }) => `${timeOfDay(time)}  ${message}`).join('\n');
			if (next === text.textContent) return;
			const isAtEnd = text.scrollHeight - text.scrollTop - text.clientHeight < 4;
			text.textContent = next;
			if (run.status === 'RUNNING' && isAtEnd) text.scrollTop = text.scrollHeight;
		},
	};
}

/** `2026-03-01 14:05:09`. */
function timeOfDay(time: number): string {
	return `${formatTime(time)}:${String(new Date(time).getSeconds()).padStart(2, '0')}`;
}
