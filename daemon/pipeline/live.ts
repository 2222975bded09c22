/** The daemon's eye on live traffic: reads the log on, counts, and lets the guards decide. */

import { actionOf, type DriftLook, judge, reasonOf } from '../canary/guards.ts';
import { addTraffic } from '../canary/trafficFigures.ts';
import type { GuardVerdict } from '../protocol/canary.ts';
import type { DriftReport } from '../protocol/drift.ts';
import type { Result } from '../protocol/methods.ts';
import type { RequestRecord } from '../protocol/serving.ts';
import { gatewayPaths } from '../serve/control.ts';
import { logFolder } from '../serve/segments.ts';
import { readRequests } from '../serve/tail.ts';
import type { Request } from './daemon.ts';
import { type DeploymentState, requestsOf } from './deploymentState.ts';
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
	/** One deployment, one thing at a time: what is read is a fold, and must not be folded twice. */
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

	const look = async (
		name: string,
		call: Request,
	): Promise<{ verdicts: GuardVerdict[]; action: 'none' | 'rolled_back' }> => {
		const { state } = deployments.find(name);
		const { canary } = state;
		if (canary?.status !== 'running') return { verdicts: [], action: 'none' };
		canary.looked_at = requestsOf(canary);
		deployments.refresh(name, state);
		const drift = state.guard.some((one) => 'drift' in one)
			? await lookForDrift(name, state, canary.started_at, call)
			: null;
		const verdicts = judge(state.guard, canary.figures, drift);
		const action = actionOf(verdicts);
		if (action === 'rolled_back') {
			await deployments.endCandidate(state.model, canary.candidate, 'rolled_back', guard.author(reasonOf(verdicts)));
		}
		return { verdicts, action };
	};

	const lookForDrift = async (
		name: string,
		{ model, version, canary }: DeploymentState,
		since: number,
		call: Request,
	): Promise<DriftLook> => {
		const { state: before } = deployments.find(name);
		const { report: made } = await report(
			rooms,
			liveInput(rooms, name, before, since),
			`Looking at the traffic of ${name}`,
			call,
		);
		const { state } = deployments.find(name);
		state.last_drift = {
			id: made.id,
			drift: made.drift,
			share: made.share,
			created_at: made.created_at,
			reason: made.reason,
		};
		deployments.refresh(name, state);
		rooms.log.info(
			{
				deployment: name,
				model,
				version,
				candidate: canary?.candidate,
				drift: made.drift,
				share: made.share,
				rows: made.current.rows,
			},
			'looked at the live traffic',
		);
		return {
			drift: made.drift,
			share: made.share,
			rows: made.current.rows,
			reason: made.reason ?? driftedColumns(made),
		};
	};

	const turn = async (name: string): Promise<void> => {
		const state = await readOn(name);
		const { canary, drift } = state;
		if (canary?.status !== 'running' || requestsOf(canary) - canary.looked_at < drift.every) return;
		await look(name, guard);
	};

	const waiting = new Set<string>();
	return {
		rang(name) {
			if (waiting.has(name)) return;
			waiting.add(name);
			void inLine(name, async () => {
				waiting.delete(name);
				await turn(name);
			}).catch((error: Error) =>
				rooms.log.warn({ deployment: name, error: error.message }, 'the live traffic could not be judged'),
			);
		},
		async decide(asked, call) {
			const { name } = deployments.find(asked);
			const decided = await inLine(name, async () => {
				await readOn(name);
				return look(name, call);
			});
			return { deployment: await deployments.show(name), ...decided };
		},
		catchUp: (name) => inLine(name, async () => void (await readOn(name))),
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
	const { canary } = state;
	if (canary?.status !== 'running') return;
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
