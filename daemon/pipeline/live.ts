/** The daemon's eye on live traffic: reads the log on, counts, and lets the guards decide. */

import { actionOf, type DriftLook, judge, reasonOf } from '../canary/guards.ts';
import { addTraffic } from '../canary/trafficFigures.ts';
import type { GuardVerdict } from '../protocol/canary.ts';
import type { DriftReport } from '../protocol/drift.ts';
import { toPerchError } from '../protocol/errors.ts';
import type { Result } from '../protocol/methods.ts';
import type { RequestRecord } from '../protocol/serving.ts';
import { gatewayPaths } from '../serve/control.ts';
import { logFolder } from '../serve/segments.ts';
import { readRequests } from '../serve/tail.ts';
import type { Request } from './daemon.ts';
import { type CanaryRecord, type DeploymentState, requestsOf, runningCanary } from './deploymentState.ts';
import type { Deployments } from './deployments.ts';
import { liveInput, report } from './drift.ts';
import type { Rooms } from './rooms.ts';

export interface Live {
	/** The log of a deployment may have grown. */
	rang(deployment: string): void;
	/** Reads on and looks now, whatever the number of requests since the last look. */
	decide(deployment: string | undefined, call: Request): Promise<Result<'canary/decide'>>;
	/** Reads on, so that figures are those of this moment. */
	catchUp(deployment: string): Promise<void>;
	/** Cancels what is being judged, and resolves when nothing is read or judged any more. */
	close(): Promise<void>;
}

export function createLive(rooms: Rooms, deployments: Deployments): Live {
	const folder = (name: string) => logFolder(gatewayPaths(rooms.root).requests, name);
	/** One look at a time for a deployment. */
	const lines = new Map<string, Promise<unknown>>();
	const inLine = <T>(name: string, work: () => Promise<T>): Promise<T> => {
		const next = (lines.get(name) ?? Promise.resolve()).then(work);
		lines.set(
			name,
			next.catch(() => undefined),
		);
		return next;
	};
	const ended = new AbortController();
	const guard: Request = {
		client: { name: 'guard', version: rooms.version },
		signal: ended.signal,
		progress: () => undefined,
		author: (reason) => (reason === undefined ? { actor: 'guard' } : { actor: 'guard', reason }),
	};

	/** Each piece is read, counted and kept without waiting in between: it is counted once, whoever else reads on. */
	const readOn = async (name: string): Promise<DeploymentState> => {
		for (;;) {
			const { state } = deployments.find(name);
			const piece = readRequests(folder(name), state.position);
			if (piece.records.length > 0) {
				count(state, piece.records);
				state.position = piece.position;
				deployments.refresh(name, state);
			}
			if (!piece.more) return state;
			await new Promise(setImmediate);
		}
	};

	/** The deployment while this canary runs; null once it has ended, or another one has begun. */
	const stillTrying = (name: string, { salt, started_at }: CanaryRecord): DeploymentState | null => {
		const state = deployments.findIfAny(name)?.state ?? null;
		const trial = state === null ? null : runningCanary(state);
		return trial?.salt === salt && trial.started_at === started_at ? state : null;
	};

	const look = async (
		name: string,
		call: Request,
	): Promise<{ verdicts: GuardVerdict[]; action: 'none' | 'rolled_back' }> => {
		const { state: before } = deployments.find(name);
		const trial = runningCanary(before);
		if (trial === null) return { verdicts: [], action: 'none' };
		const drift = before.guard.some((one) => 'drift' in one) ? await lookForDrift(name, before, trial, call) : null;
		const state = stillTrying(name, trial);
		if (state?.canary == null) return { verdicts: [], action: 'none' };
		state.canary.looked_at = requestsOf(trial);
		deployments.refresh(name, state);
		const verdicts = judge(state.guard, state.canary.figures, drift);
		const action = actionOf(verdicts);
		if (action === 'rolled_back') {
			await deployments.endCandidate(state.model, trial.candidate, 'rolled_back', guard.author(reasonOf(verdicts)));
		}
		return { verdicts, action };
	};

	const lookForDrift = async (
		name: string,
		before: DeploymentState,
		trial: CanaryRecord,
		call: Request,
	): Promise<DriftLook> => {
		let made: DriftReport;
		try {
			const input = liveInput(rooms, name, before, trial.started_at);
			({ report: made } = await report(rooms, { ...input, look: true }, `Looking at the traffic of ${name}`, call));
		} catch (error) {
			const { code, message } = toPerchError(error);
			if (code === 'cancelled') throw error;
			// The other guards decide all the same.
			rooms.log.warn({ deployment: name, error: message }, 'the live traffic could not be looked at');
			return { drift: null, share: 0, rows: requestsOf(trial), reason: message };
		}
		const { id, drift, share, created_at, reason, current } = made;
		const state = deployments.findIfAny(name)?.state;
		if (state !== undefined) {
			deployments.refresh(name, { ...state, last_drift: { id, drift, share, created_at, reason } });
		}
		const { model, version } = before;
		rooms.log.info(
			{ deployment: name, model, version, candidate: trial.candidate, drift, share, rows: current.rows },
			'looked at the live traffic',
		);
		return { drift, share, rows: current.rows, reason: reason ?? driftedColumns(made) };
	};

	const turn = async (name: string): Promise<void> => {
		if (deployments.findIfAny(name) === null) return;
		const state = await readOn(name);
		const trial = runningCanary(state);
		if (trial === null || requestsOf(trial) - trial.looked_at < state.drift.every) return;
		await look(name, guard);
	};

	const waiting = new Set<string>();
	return {
		rang(name) {
			if (waiting.has(name) || ended.signal.aborted) return;
			waiting.add(name);
			void inLine(name, async () => {
				waiting.delete(name);
				if (!ended.signal.aborted) await turn(name);
			}).catch((error: unknown) =>
				rooms.log.warn(
					{ deployment: name, error: toPerchError(error).message },
					'the live traffic could not be judged',
				),
			);
		},
		async decide(asked, call) {
			const { name } = deployments.find(asked);
			const decided = await inLine(name, async () => {
				await rooms.gateway.flush();
				await readOn(name);
				return look(name, call);
			});
			return { deployment: await deployments.show(name), ...decided };
		},
		async catchUp(name) {
			await rooms.gateway.flush();
			await readOn(name);
		},
		async close() {
			ended.abort();
			await Promise.all(lines.values());
		},
	};
}

/** Adds logged requests to the figures of a deployment and of its candidate. */
function count(state: DeploymentState, records: RequestRecord[]): void {
	state.requests += records.length;
	state.errors += records.filter(({ status }) => status >= 500).length;
	const canary = runningCanary(state);
	if (canary === null) return;
	canary.figures = addTraffic(
		canary.figures,
		records.filter(
			({ ts, arm, version }) => ts >= canary.started_at && (arm === 'baseline' || version === canary.candidate),
		),
	);
}

/** The columns that drifted, those that moved most first, as one short text; null for none. */
function driftedColumns({ columns }: DriftReport): string | null {
	const names = columns
		.filter(({ drift }) => drift === true)
		.sort((a, b) => (b.effect ?? 0) - (a.effect ?? 0))
		.map(({ column }) => column);
	if (names.length === 0) return null;
	return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}
