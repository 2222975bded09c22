import type * as z from 'zod/mini';
import type { ErrorBody } from '../../daemon/protocol/errors.ts';
import { toPerchError } from '../../daemon/protocol/errors.ts';
import { failed, type NotificationType, ready } from '../messages/message.ts';
import { type Child, h, setChildren } from './element.ts';
import { connectHost, type Host } from './host.ts';
import { icon } from './icon.ts';
import { button } from './toolkit.ts';

/** What a panel puts on the page. */
export interface Panel<View> {
	/** The parts of the page, in order; each is placed once and stays. */
	readonly parts: readonly HTMLElement[];
	/** Shows a new picture in the parts that are there. */
	show(view: View): void;
}

/** What a panel is given. */
export interface Page<State> extends Host<State> {
	/** Tells a screen reader, without moving the focus. */
	announce(text: string): void;
	/** Shows an error above the parts until the next picture or the next error; null takes it away. */
	complain(error: unknown): void;
}

/** An error as the editor shows it: what, where, and what to do. */
export function errorText({ message, hint, file, line }: ErrorBody): Child[] {
	const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}`;
	return [
		h('p', {}, message),
		place !== '' && h('p', { class: 'mono' }, place),
		hint !== undefined && h('p', { class: 'muted' }, hint),
	];
}

/** A box with a sign and words. */
export function notice(kind: 'error' | 'warning' | 'ok', ...children: Child[]): HTMLElement {
	const sign = kind === 'ok' ? 'check' : kind;
	return h('div', { class: `notice ${kind}` }, icon(sign), h('div', {}, ...children));
}

/**
 * Opens a page: a skeleton until the first `show`, the panel's parts from then on, and an error with a way to try again
 * when the extension could not fetch what to show.
 */
export function openPage<S extends z.core.$ZodType, V extends z.core.$ZodType>(
	name: string,
	state: S,
	show: NotificationType<V>,
	build: (page: Page<z.output<S>>) => Panel<z.output<V>>,
): void {
	const live = h('div', { class: 'spoken', role: 'status', 'aria-live': 'polite' });
	const errors = h('div', { class: 'alerts', role: 'alert' });
	const skeleton = h('div', { class: 'skeleton', 'aria-hidden': 'true' }, h('span'), h('span'), h('span'), h('span'));
	const waiting = h('h1', { class: 'spoken' }, name);
	const main = h('main', { 'aria-busy': 'true', tabindex: -1 }, errors, waiting, skeleton);
	document.body.append(live, main);

	const complain = (error: unknown) => {
		setChildren(errors, error === null ? null : notice('error', ...errorText(toPerchError(error).toBody())));
	};
	const host = connectHost(state, complain);
	const announce = (text: string) => {
		live.textContent = text;
	};
	const panel = build({ ...host, announce, complain });

	host.channel.onNotification(show, (view) => {
		if (waiting.isConnected) {
			waiting.remove();
			skeleton.remove();
			main.append(...panel.parts);
			main.removeAttribute('aria-busy');
		}
		complain(null);
		panel.show(view);
	});
	host.channel.onNotification(failed, ({ error }) => {
		skeleton.hidden = true;
		const again = button('Try Again', () => {
			skeleton.hidden = false;
			complain(null);
			main.focus();
			host.channel.notify(ready, {});
		});
		setChildren(errors, notice('error', ...errorText(error), h('p', { class: 'retry' }, again)));
	});
	host.channel.notify(ready, {});
}
