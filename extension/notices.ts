/** What the daemon tells without being asked, and what of it deserves a toast. */
import { type Disposable, window } from 'vscode';
import type { Perch } from './perch.ts';
import { setting } from './settings.ts';

export function createNotices({ roots, log, panels, failures }: Perch): Disposable[] {
	async function rolledBack(path: string, name: string): Promise<void> {
		if (!setting('notifications.rollback')) return;
		const root = roots.at(path);
		if (root === undefined) return;
		const { deployments } = await root.resources.get('deployments');
		const deployment = deployments.find((one) => one.name === name || one.model === name);
		const canary = deployment?.canary;
		if (deployment === undefined || canary?.status !== 'rolled_back') return;
		const open = 'Open Drift Report';
		const text = `${deployment.model} v${canary.candidate} was rolled back: ${canary.reason}`;
		const actions = deployment.last_drift?.drift === true ? [open, 'Show Log'] : ['Show Log'];
		const chosen = await window.showWarningMessage(text, ...actions);
		if (chosen === 'Show Log') log.show();
		if (chosen === open && deployment.last_drift !== null) panels.drift(path, deployment.last_drift.id);
	}

	return [
		roots.onTold(({ root, value: { name, params } }) => {
			const { level, message, subject, event } = params as Record<string, unknown>;
			if (name === 'log/message') {
				const text = `${root.connection.name}: ${String(message)}`;
				if (level === 'error') log.error(text);
				else if (level === 'warning') log.warn(text);
				else if (level === 'info') log.info(text);
				else log.debug(text);
				return;
			}
			log.trace(`${root.connection.name}: ${name} ${String(event)} ${String(subject)}`);
			if (event === 'canary.rolled_back') {
				rolledBack(root.path, String(subject).split('/')[0] ?? '').catch((error: unknown) =>
					failures.log('Rollback', error),
				);
			}
		}),
		roots.onGivenUp(({ value }) => failures.show('Perch', value)),
	];
}
