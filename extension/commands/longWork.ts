import { ProgressLocation, window } from 'vscode';
import type { MethodName, Params, Result } from '../../daemon/protocol/methods.ts';
import type { Root } from '../connection/roots.ts';
import { change } from './change.ts';

/** Long work that the user asked for: shown with its progress, and ended by Cancel. */
export async function longWork<M extends MethodName>(
	{ connection }: Root,
	title: string,
	method: M,
	params: Params<M>,
): Promise<Result<M>> {
	const options = { location: ProgressLocation.Notification, title, cancellable: true };
	return window.withProgress(options, (progress, token) => {
		const abort = new AbortController();
		token.onCancellationRequested(() => abort.abort());
		let done = 0;
		return change(connection, method, params, {
			signal: abort.signal,
			onProgress({ message, share }) {
				const now = share === undefined ? done : Math.max(done, share * 100);
				progress.report({ message, ...(now > done && { increment: now - done }) });
				done = now;
			},
		});
	});
}
