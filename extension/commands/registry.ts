import { window } from 'vscode';
import { modelName } from '../../daemon/protocol/models.ts';
import { openCardDocument } from '../documents/cardDocument.ts';
import { cancelled } from '../failures.ts';
import type { Perch } from '../perch.ts';
import { setting } from '../settings.ts';
import { askModel, askReason, askVersion } from './ask.ts';
import { change } from './change.ts';
import { askRun } from './runs.ts';

function said(reason: string | undefined): { reason?: string } {
	return reason === undefined ? {} : { reason };
}

function tell(text: string): void {
	if (setting('notifications.finished')) void window.showInformationMessage(text);
}

/** Makes a version production. */
export async function promote(perch: Perch, argument: unknown): Promise<void> {
	const { root, name, version } = await askVersion(
		perch,
		argument,
		({ status, aliases }) => status === 'ready' && !aliases.includes('production'),
	);
	const reason = await askReason(`Promote ${name} v${version} to production`);
	const { previous } = await change(root.connection, 'models/promote', { name, version, ...said(reason) });
	tell(`${name} v${version} is production now${previous === null ? '' : `, in place of v${previous}`}.`);
}

/** Ends the candidate, or gives production back to the version before. */
export async function rollback(perch: Perch, argument: unknown): Promise<void> {
	const { root, name } = await askModel(perch, argument);
	const { models } = await root.resources.get('models');
	const versions = models.find((model) => model.name === name)?.versions ?? [];
	const candidate = versions.find(({ aliases }) => aliases.includes('candidate'));
	const reason = await askReason(
		candidate === undefined
			? `Give production of ${name} back to the version before`
			: `Roll back the candidate v${candidate.version} of ${name}`,
	);
	const { version, archived } = await change(root.connection, 'models/rollback', { name, ...said(reason) });
	tell(
		archived === null
			? `${name} v${version.version} is production again.`
			: `${name} v${archived} is rolled back; v${version.version} is production.`,
	);
}

export async function archive(perch: Perch, argument: unknown): Promise<void> {
	const { root, name, version } = await askVersion(perch, argument, ({ status }) => status !== 'archived');
	const reason = await askReason(`Archive ${name} v${version}`);
	await change(root.connection, 'models/archive', { name, version, ...said(reason) });
}

export async function restore(perch: Perch, argument: unknown): Promise<void> {
	const { root, name, version } = await askVersion(perch, argument, ({ status }) => status === 'archived');
	const reason = await askReason(`Restore ${name} v${version}`);
	await change(root.connection, 'models/restore', { name, version, ...said(reason) });
}

/** Makes a version of the model that a run left. */
export async function registerRun(perch: Perch, argument: unknown): Promise<void> {
	const { root, run } = await askRun(perch, argument, ({ status, model }) => status === 'FINISHED' && model === null);
	const name = await window.showInputBox({
		title: `Register the model of ${run.name}`,
		prompt: 'The name of the model. One that is there gets another version; the first one becomes production.',
		value: run.experiment,
		ignoreFocusOut: true,
		validateInput: (text) => (modelName.safeParse(text).success ? undefined : 'Letters, digits, _, -, . and blanks.'),
	});
	if (name === undefined) throw cancelled();
	const { version } = await change(root.connection, 'models/register', { run: run.id, name });
	if (version.status !== 'ready') {
		void window.showWarningMessage(`${name} v${version.version} is kept as failed: its validation did not hold.`);
		return;
	}
	const alias = version.aliases.length > 0 ? ` as ${version.aliases.join(', ')}` : '';
	tell(`${name} v${version.version} is registered${alias}.`);
}

/** The card of a version, as a person reads Markdown. */
export async function showCard(perch: Perch, argument: unknown): Promise<void> {
	const { root, name, version } = await askVersion(perch, argument, () => true);
	await openCardDocument(root.path, name, version);
}

export async function openRegistry(perch: Perch, argument: unknown): Promise<void> {
	const { root, name } = await askModel(perch, argument);
	perch.panels.registry(root.path, name);
}
