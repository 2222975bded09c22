/** The one way to everything that runs or changes something: it asks for trust first. */
import { workspace } from 'vscode';
import type { RequestOptions } from '../../daemon/client/connect.ts';
import { PerchError } from '../../daemon/protocol/errors.ts';
import type { MethodName, Params, Result } from '../../daemon/protocol/methods.ts';
import type { Connection } from '../connection/connection.ts';

export function requireTrust(): void {
	if (workspace.isTrusted) return;
	throw new PerchError('read_only', 'Perch runs and changes nothing while this window is in Restricted Mode.', {
		hint: 'Trust the folder first.',
	});
}

/** A request that runs or changes something. */
export async function change<M extends MethodName>(
	connection: Connection,
	method: M,
	params: Params<M>,
	options?: RequestOptions,
): Promise<Result<M>> {
	requireTrust();
	return connection.request(method, params, options);
}
