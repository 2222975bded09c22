import { plural } from '../components/format.ts';
import type { RegistryView } from '../messages/registry.ts';

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

/** `3 versions · version 3 in production · no candidate`. */
export function summary({ versions }: RegistryView['model']): string {
	const holder = (alias: string) => versions.find(({ aliases }) => aliases.includes(alias))?.version;
	const [production, candidate] = [holder('production'), holder('candidate')];
	return [
		plural(versions.length, 'version'),
		production === undefined ? 'none in production' : `version ${production} in production`,
		candidate === undefined ? 'no candidate' : `version ${candidate} as candidate`,
	].join(' · ');
}
