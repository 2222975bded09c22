/** What is in force of a deployment: its config with the versions in memory. */
import { readFileSync } from 'node:fs';
import { PerchError } from '../protocol/errors.ts';
import type { ActedAlone } from './control.ts';
import type { DeploymentConfig, ServedVersion } from './deploymentConfig.ts';
import { type LoadedVersion, loadVersion, requireCompatible } from './loadedVersion.ts';
import type { GatewayMetrics } from './metrics.ts';

/** Replaced as a whole, so that a request sees either the old state or the new one. */
export interface InForce {
	config: DeploymentConfig;
	/** The bearer token that requests need; empty when they need none. */
	token: string;
	baseline: LoadedVersion;
	candidate: LoadedVersion | null;
	/** 0 once the gateway acted alone. */
	share: number;
	actedAlone: ActedAlone | null;
}

/**
 * The state that a config asks for: versions that are in memory are reused, the others loaded and checked against the
 * served one. A failure leaves everything as it was. What the gateway decided alone holds as long as the salt does,
 * which is new for each candidate.
 */
export async function enterForce(
	config: DeploymentConfig,
	before: InForce | null,
	metrics: GatewayMetrics,
): Promise<InForce> {
	const token = config.auth === 'none' ? '' : readToken(config.tokenFile);
	const loaded: LoadedVersion[] = [];
	const version = async (about: ServedVersion): Promise<LoadedVersion> => {
		const known = [before?.baseline, before?.candidate, ...loaded].find((one) => one && isSame(one, about));
		if (known) return { ...known, about };
		const fresh = await loadVersion(about);
		loaded.push(fresh);
		return fresh;
	};
	try {
		const baseline = await version(config.baseline);
		if (before !== null) requireCompatible(before.baseline, baseline);
		const candidate = config.candidate === null ? null : await version(config.candidate);
		if (candidate !== null) requireCompatible(baseline, candidate);
		for (const fresh of loaded) metrics.loaded(fresh.about, fresh.loadSeconds);
		const actedAlone = before?.config.salt === config.salt && candidate !== null ? before.actedAlone : null;
		const share = candidate === null || actedAlone !== null ? 0 : config.share;
		return { config, token, baseline, candidate, share, actedAlone };
	} catch (error) {
		await Promise.all(loaded.map((fresh) => fresh.retire()));
		throw error;
	}
}

/** Closes the versions that a new state (null: none) no longer needs, each after its running requests. */
export async function retireUnused(before: InForce, after: InForce | null, metrics: GatewayMetrics): Promise<void> {
	const kept = [after?.baseline, after?.candidate];
	const gone: LoadedVersion[] = [];
	for (const one of [before.baseline, before.candidate]) {
		if (one === null || [...kept, ...gone].some((other) => other && isSame(other, one.about))) continue;
		gone.push(one);
		metrics.retired(one.about);
	}
	await Promise.all(gone.map((one) => one.retire()));
}

function isSame({ about }: LoadedVersion, { model, version, sha256, file }: ServedVersion): boolean {
	return about.model === model && about.version === version && about.sha256 === sha256 && about.file === file;
}

function readToken(file: string): string {
	const token = readFileSync(file, 'utf8').trim();
	if (token !== '') return token;
	throw new PerchError('invalid_config', 'The token file is empty.', {
		file,
		hint: 'Delete it and start the daemon again: it writes a new one.',
	});
}
