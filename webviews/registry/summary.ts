import type { ModelVersion } from '../../daemon/protocol/models.ts';
import { plural } from '../components/format.ts';
import type { RegistryView } from '../messages/registry.ts';

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

/** Every metric that a version has, the main one first, the others by name. */
export function metricNames(versions: readonly ModelVersion[]): string[] {
	const main = versions.map(({ main_metric }) => main_metric).find((name) => name !== null);
	const names = new Set(versions.flatMap(({ metrics }) => Object.keys(metrics)));
	return [...names].sort((a, b) => Number(b === main) - Number(a === main) || a.localeCompare(b, 'en'));
}
