import { toPerchError } from '../../daemon/protocol/errors.ts';
import { h, newId } from '../components/element.ts';
import { errorText, notice } from '../components/frame.ts';
import { button, textField } from '../components/toolkit.ts';

/** A change that wants a reason. */
export interface Question {
	/** `Promote version 4 to production`. */
	readonly title: string;
	/** What will happen. */
	readonly effect: string;
	/** The word on the button. */
	readonly verb: string;
	/** Rejects where the change was refused; the form then stays with the error. */
	readonly submit: (reason: string) => Promise<void>;
}

export interface ReasonForm {
	/** Empty while nothing is asked. */
	readonly element: HTMLElement;
	/** Asks, in place of whatever was asked before; `close` runs when it is answered or given up. */
	ask(question: Question, close: () => void): void;
	/** Gives up what is asked. */
	dismiss(): void;
}

/** The inline form of the registry: no change goes into the audit trail without a reason. */
export function createReasonForm(): ReasonForm {
	const element = h('div', { hidden: true });
	let close = () => {};

	function dismiss(): void {
		element.hidden = true;
		element.replaceChildren();
		const closed = close;
		close = () => {};
		closed();
	}

	return {
		element,
		dismiss,
		ask({ title, effect, verb, submit }, onClose) {
			close = onClose;
			const id = newId('ask');
			const problem = h('div', { class: 'alerts', role: 'alert' });
			const field = textField('Reason', { 'data-focus': 'reason', maxlength: 5000, size: 60 });
			const go = button(verb, () => void send(), { primary: true });
			const stop = button('Cancel', dismiss);

			async function send(): Promise<void> {
				if (go.disabled) return;
				const reason = field.value.trim();
				if (reason === '') {
					problem.replaceChildren(notice('warning', 'Say why: the reason is kept in the audit history.'));
					field.focus();
					return;
				}
				problem.replaceChildren();
				field.focus();
				go.disabled = true;
				try {
					await submit(reason);
					dismiss();
				} catch (error) {
					problem.replaceChildren(notice('error', ...errorText(toPerchError(error).toBody())));
				} finally {
					go.disabled = false;
				}
			}

			function onkeydown(event: Event): void {
				if (!(event instanceof KeyboardEvent)) return;
				if (event.key === 'Escape') dismiss();
				if (event.key === 'Enter' && event.composedPath().includes(field)) {
					event.preventDefault();
					void send();
				}
			}

			element.replaceChildren(
				h(
					'section',
					{ class: 'form', 'aria-labelledby': id, onkeydown },
					h('div', { class: 'heading' }, h('h2', { id }, title), h('p', { class: 'muted' }, effect)),
					field,
					problem,
					h('div', { class: 'bar' }, go, stop),
				),
			);
			element.hidden = false;
			field.focus();
		},
	};
}
