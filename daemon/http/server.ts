/** The HTTP server that both ports share: loopback only, default deny, bounded, and silent about its inside. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type FastifyInstance, fastify } from 'fastify';
import { PerchError } from '../protocol/errors.ts';
import { enforceAccess } from './access.ts';
import { foreignCaller } from './localCallers.ts';
import { refusalOf, refuse, sendRefusal } from './refusal.ts';

export interface HttpServerOptions {
	/** Bytes of a body; 16 MiB unless told. */
	bodyLimit?: number;
	/** Hears of errors that are nobody's fault but ours. */
	onUnexpected: (error: unknown, where: string) => void;
}

const loopback = '127.0.0.1';

/** A server without routes yet. Each route needs `config: {access}`, else its registration throws. */
export function createHttpServer({ bodyLimit = 16 * 1024 * 1024, onUnexpected }: HttpServerOptions): FastifyInstance {
	const server = fastify({
		bodyLimit,
		requestTimeout: 30_000,
		forceCloseConnections: 'idle',
		return503OnClosing: false,
		exposeHeadRoutes: false,
		logger: false,
		frameworkErrors: (error, _request, reply) => sendRefusal(reply, refusalOf(error)),
		clientErrorHandler: refuseRaw,
	});
	server.addHook('onRequest', (request, _reply, done) => {
		done(foreignCaller(request.headers, request.socket.localPort ?? 0) ?? undefined);
	});
	enforceAccess(server);
	onlyJson(server);
	server.setErrorHandler((error, request, reply) => {
		const refusal = refusalOf(error);
		if (refusal.unexpected) onUnexpected(error, `${request.method} ${request.routeOptions.url ?? '?'}`);
		return sendRefusal(reply, refusal);
	});
	server.setNotFoundHandler((_request, reply) =>
		sendRefusal(reply, refusalOf(refuse(404, 'not_found', 'There is nothing at this address.'))),
	);
	return server;
}

/** Answers what is no request that HTTP could read, in the same words as any other. */
function refuseRaw({ code }: NodeJS.ErrnoException, socket: Socket): void {
	if (code === 'ECONNRESET' || !socket.writable) {
		socket.destroy();
		return;
	}
	const [status, message] =
		code === 'HPE_HEADER_OVERFLOW'
			? [431, 'The headers are too large.']
			: code === 'ERR_HTTP_REQUEST_TIMEOUT'
				? [408, 'The request took too long to arrive.']
				: [400, 'This is no HTTP request that can be read.'];
	const body = JSON.stringify({ error: { code: 'invalid_arguments', message } });
	const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json; charset=utf-8`;
	socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
}

/** Bodies are JSON and say so: forms and plain text, which a page could send without asking first, are refused. */
function onlyJson(server: FastifyInstance): void {
	server.removeAllContentTypeParsers();
	server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
		try {
			done(null, JSON.parse(body.toString()));
		} catch {
			done(unreadableJson(body.toString()));
		}
	});
}

function unreadableJson(body: string): PerchError {
	if (body.trim() === '') return refuse(400, 'invalid_arguments', 'The body is empty.', { hint: 'Send JSON.' });
	const odd = /[[,:]\s*(NaN|-?Infinity)\b/.exec(body)?.[1];
	return refuse(400, 'invalid_arguments', odd === undefined ? 'The body is not JSON.' : `${odd} is not JSON.`, {
		hint: odd === undefined ? 'Check quotes, commas and brackets.' : 'Send null for a missing number.',
	});
}

/**
 * Listens on the loopback address and returns the port; 0 lets the system choose one.
 * Throws `port_in_use` when another program has it.
 */
export async function listenLocally(server: FastifyInstance, port: number): Promise<number> {
	try {
		await server.listen({ host: loopback, port });
	} catch (error) {
		throw portError(error, port);
	}
	const address = server.server.address();
	if (address === null || typeof address === 'string') throw new PerchError('internal', 'The server has no port.');
	return address.port;
}

function portError(error: unknown, port: number): unknown {
	const code = (error as NodeJS.ErrnoException).code;
	if (code === 'EADDRINUSE') {
		return new PerchError('port_in_use', `Port ${port} is used by another program.`, {
			hint: 'Stop that program, name another port, or name 0 to have a free one chosen.',
		});
	}
	if (code === 'EACCES') {
		return new PerchError('port_in_use', `Port ${port} may not be used by this user.`, {
			hint: 'Name a port from 1024 on, or 0 to have a free one chosen.',
		});
	}
	return error;
}

/** The address that callers use. */
export function localUri(port: number): string {
	return `http://${loopback}:${port}`;
}
