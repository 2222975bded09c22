import type { ModelVersion } from '../../daemon/protocol/models.ts';
import type { RegistryView } from '../messages/registry.ts';

export type Change = 'promote' | 'archive' | 'restore';

export const changeNames: Record<Change, string> = { promote: 'Promote', archive: 'Archive', restore: 'Restore' };

/** What each change does, in a sentence. */
export const changeEffects: Record<Change, string> = {
	promote: 'A running deployment takes it over without losing a request.',
	archive: 'Its aliases go, its files stay, and it is not served until it is restored.',
	restore: 'It is ready again, without an alias.',
};

/** What can be done to a version; in Restricted Mode nothing. */
export function changesOf({ status, aliases }: ModelVersion, readOnly: boolean): Change[] {
	if (readOnly || status === 'failed') return [];
	if (status === 'archived') return ['restore'];
	return aliases.includes('production') ? ['archive'] : ['promote', 'archive'];
}

/** What Roll Back would do now; undefined where there is nothing to roll back. */
export function rollbackEffect({ versions }: RegistryView['model']): string | undefined {
	const candidate = versions.find(({ aliases }) => aliases.includes('candidate'));
	if (candidate !== undefined) {
		return `Ends the candidate, version ${candidate.version}: its share of the traffic goes to 0 and the version is archived.`;
	}
	const production = versions.find(({ aliases }) => aliases.includes('production'));
	if (production === undefined) return undefined;
	return `Takes production from version ${production.version} and gives it back to the version before.`;
}
