/**
 * Keeps web pages away from a local port: a page of a foreign site must neither read nor write here, not even when its
 * name was made to point at this machine (DNS rebinding). Checked for every request, of every method.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { PerchError } from '../protocol/errors.ts';
import { refuse } from './refusal.ts';

const localNames = ['127.0.0.1', '[::1]', 'localhost'];

/** Why a request with these headers is refused on that port; null when it may pass. */
export function foreignCaller(headers: IncomingHttpHeaders, port: number): PerchError | null {
	const { host, origin } = headers;
	if (!isLocalHost(host, port)) {
		return refuse(403, 'unauthorized', 'The Host header does not name this machine.', {
			hint: `Call http://127.0.0.1:${port}.`,
		});
	}
	if (origin !== undefined && !isOwnOrigin(origin, port)) {
		return refuse(403, 'unauthorized', 'Requests of web pages are not answered.', {
			hint: 'Call from a program, without an Origin header.',
		});
	}
	const site = headers['sec-fetch-site'];
	if (site !== undefined && site !== 'same-origin' && site !== 'none') {
		return refuse(403, 'unauthorized', 'Requests of other sites are not answered.', {
			hint: 'Call from a program, without a Sec-Fetch-Site header.',
		});
	}
	return null;
}

function isLocalHost(host: string | undefined, port: number): boolean {
	const name = host?.toLowerCase();
	return localNames.some((local) => name === `${local}:${port}` || (port === 80 && name === local));
}

function isOwnOrigin(origin: string, port: number): boolean {
	return origin.startsWith('http://') && isLocalHost(origin.slice('http://'.length), port);
}
