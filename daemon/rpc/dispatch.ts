import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { explainSqliteError } from '../catalog/sqliteError.ts';
import type { CoreMethod, Handlers, PipelineMethod, Request } from '../pipeline/daemon.ts';
import { type ErrorBody, errorCodes, PerchError, toPerchError } from '../protocol/errors.ts';
import { type MethodName, methods } from '../protocol/methods.ts';
import { parse } from '../protocol/parse.ts';

export type HandlerTable = Handlers<CoreMethod | PipelineMethod>;

/** Checks the params, lets the handler answer, and checks what it answers. */
export async function dispatch(
	handlers: HandlerTable,
	method: Exclude<MethodName, 'initialize'>,
	params: unknown,
	request: Request,
	readOnly: boolean,
): Promise<unknown> {
	if (readOnly && !methods[method].readOnly) {
		throw new PerchError('read_only', `${method} is refused: this daemon runs nothing of the folder.`, {
			hint: 'Trust the workspace, or stop this daemon and start it without --read-only.',
		});
	}
	if (Array.isArray(params)) throw new PerchError('invalid_arguments', 'Params are given by name, as an object.');
	const handler = handlers[method] as ((params: unknown, request: Request) => unknown) | undefined;
	if (handler === undefined) throw new PerchError('internal', `${method} has no handler.`);
	const result = await handler(parse(methods[method].params, params ?? {}), request);
	return parse(methods[method].result, result, 'internal');
}

/** An error as it goes over the wire: its number, its message, and the whole body in `data`. */
export function toWire(error: unknown): ResponseError<ErrorBody> {
	const known = toPerchError(explainSqliteError(error));
	const body = known.toBody();
	const isUnknownMethod = known.code === 'not_found' && body.field === 'method';
	return new ResponseError(
		isUnknownMethod ? ErrorCodes.MethodNotFound : errorCodes[known.code].number,
		known.message,
		body,
	);
}
