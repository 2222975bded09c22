/** What the catalog keeps of a deployment: what was asked for, and what its log has told so far. */

import { noTraffic, type TrafficFigures } from '../canary/trafficFigures.ts';
import type { DeploymentRecord } from '../catalog/deployments.ts';
import type { DriftSection } from '../protocol/project/drift.ts';
import type { Guard, ServeSection } from '../protocol/project/serve.ts';
import type { Reading } from '../protocol/reading.ts';
import type { Deployment } from '../protocol/serving.ts';
import type { LogPosition } from '../serve/tail.ts';

export interface CanaryRecord {
	candidate: number;
	share: number;
	/** Random for each candidate, and kept, so that a caller stays with its arm. */
	salt: string;
	started_at: number;
	status: 'running' | 'rolled_back' | 'promoted' | 'stopped';
	reason: string;
	figures: TrafficFigures;
	/** Requests at the last look at the live traffic. */
	looked_at: number;
}

export interface DeploymentState {
	project: string | null;
	/** Path of the perch.yaml that it was deployed from. */
	config: string | null;
	model: string;
	version: number;
	/** The alias whose version it takes over; null for a version that was named. */
	follows: string | null;
	/** The kept copy of a model outside the registry, whose version is 0. */
	file: { path: string; sha256: string } | null;
	serve: ServeSection;
	/** Where it listened last; asked for again. */
	port: number;
	key: string | null;
	/** What a new candidate gets; null where the project has no canary. */
	canary_share: number | null;
	guard: Guard[];
	drift: DriftSection;
	/** How the project reads its files; absent in states of an older Perch. */
	reading?: Reading;
	started_at: number;
	/** The last one, whatever became of it. */
	canary: CanaryRecord | null;
	requests: number;
	errors: number;
	position: LogPosition | null;
	last_drift: Deployment['last_drift'];
}

/** The state inside a catalog row. */
export function stateOf({ config }: DeploymentRecord): DeploymentState {
	return config as unknown as DeploymentState;
}

/** A state as the catalog takes it. */
export function asConfig(state: DeploymentState): Record<string, unknown> {
	return { ...state };
}

/** A canary that begins now. */
export function newCanary(candidate: number, share: number, salt: string, now = Date.now()): CanaryRecord {
	return { candidate, share, salt, started_at: now, status: 'running', reason: '', figures: noTraffic(), looked_at: 0 };
}

/** The canary as it ended. */
export function endedCanary(
	canary: CanaryRecord,
	status: Exclude<CanaryRecord['status'], 'running'>,
	reason: string,
): CanaryRecord {
	return { ...canary, status, reason, share: status === 'promoted' ? canary.share : 0 };
}

/** The canary that has a share of the traffic, or null. */
export function runningCanary({ canary }: Pick<DeploymentState, 'canary'>): CanaryRecord | null {
	return canary?.status === 'running' ? canary : null;
}

/**
 * The state with another version as the baseline. A candidate that becomes it was promoted; the trial of another one goes
 * on with the same callers, and its figures begin anew: those until now were held against the version before.
 */
export function takenOver(state: DeploymentState, version: number, reason: string): DeploymentState {
	const trial = runningCanary(state);
	if (trial === null || version === state.version) return { ...state, version };
	const { candidate, share, salt } = trial;
	const canary = candidate === version ? endedCanary(trial, 'promoted', reason) : newCanary(candidate, share, salt);
	return { ...state, version, canary };
}

/**
 * What serving anew keeps of a deployment of the same name: its port and its figures, and a canary of the same model
 * while its candidate can still be tried. `trial` is that of the candidate that is to be tried; null for none.
 */
export function carriedOver(
	state: DeploymentState,
	before: DeploymentState,
	trial: CanaryRecord | null,
	isReady: (version: number) => boolean,
): DeploymentState {
	const { port, requests, errors, position } = before;
	const kept = { ...state, port, requests, errors, position };
	if (before.model !== state.model || before.file !== null || state.file !== null) return { ...kept, canary: trial };
	const { canary } = takenOver(before, state.version, 'served as the baseline');
	const last =
		canary?.status === 'running' && !isReady(canary.candidate) ? endedCanary(canary, 'stopped', 'archived') : canary;
	const isNew = trial !== null && trial.candidate !== last?.candidate;
	return { ...kept, last_drift: before.last_drift, canary: isNew ? trial : last };
}

/** Requests that both arms answered since the candidate started. */
export function requestsOf({ figures }: CanaryRecord): number {
	return figures.baseline.requests + figures.candidate.requests;
}
