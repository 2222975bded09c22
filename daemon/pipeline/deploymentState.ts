/** What the catalog keeps of a deployment: what was asked for, and what its log has told so far. */

import { noTraffic, type TrafficFigures } from '../canary/trafficFigures.ts';
import type { DeploymentRecord } from '../catalog/deployments.ts';
import type { DriftSection } from '../protocol/project/drift.ts';
import type { Guard, ServeSection } from '../protocol/project/serve.ts';
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
	started_at: number;
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

/** Requests that both arms answered since the candidate started. */
export function requestsOf({ figures }: CanaryRecord): number {
	return figures.baseline.requests + figures.candidate.requests;
}
