/** One deployment: the versions that answer, the arm of each request, and its line in the log. */
import { randomUUID } from 'node:crypto';
import { armOfDraw, armOfKey, keyDigest } from '../canary/routing.ts';
import type { Predictions } from '../onnx/model.ts';
import { persistentLabels } from '../onnx/persist.ts';
import { isPerchError, PerchError } from '../protocol/errors.ts';
import type { Arm } from '../protocol/serving.ts';
import { loggedInputs, loggedOutputs, type RowAnswer, rowAnswers } from './answers.ts';
import type { ActedAlone } from './control.ts';
import type { DeploymentConfig } from './deploymentConfig.ts';
import { enterForce, retireUnused } from './inForce.ts';
import { type LoadedVersion, nameOf } from './loadedVersion.ts';
import type { GatewayMetrics } from './metrics.ts';
import { keyOf, loggedRows, type ParsedRows, parseRows } from './parseRows.ts';
import type { RequestLog } from './requestLog.ts';

/** Failures of the candidate in a row after which the gateway takes its traffic away without being told. */
export const candidateStreak = 5;

export interface Answer {
	predictions: RowAnswer[];
	/** Rows that got null. */
	rejected: number;
	id: string;
	model: string;
	version: number;
	arm: Arm;
}

export interface DeploymentOptions {
	log: RequestLog;
	metrics: GatewayMetrics;
	/** The gateway took the candidate's traffic away. */
	onActed: (acted: ActedAlone) => void;
	/** What it had decided alone about this candidate before it was restarted. */
	actedAlone?: ActedAlone | null;
}

export interface Deployment {
	readonly config: DeploymentConfig;
	readonly token: string;
	readonly share: number;
	readonly actedAlone: ActedAlone | null;
	readonly baseline: LoadedVersion;
	readonly log: RequestLog;
	readonly counts: { requests: number; errors: number; dropped: number };
	/** Answers a request; `key` is the caller's own, `route` how the log names the way it came. */
	predict(body: unknown, key: string | null, route: string): Promise<Answer>;
	/** Takes over another config; versions that it needs anew are loaded and checked before the first request sees them. */
	update(config: DeploymentConfig): Promise<void>;
	/** Lets the running requests end, writes the log and frees the versions. */
	close(): Promise<void>;
}

/** Loads what the config names; throws what `loadVersion` and `requireCompatible` throw, and leaves nothing behind then. */
export async function createDeployment(config: DeploymentConfig, options: DeploymentOptions): Promise<Deployment> {
	const { log, metrics } = options;
	const counts = { requests: 0, errors: 0, dropped: 0 };
	let live = await enterForce(config, null, metrics);
	let streak = 0;
	if (options.actedAlone) live = { ...live, share: 0, actedAlone: options.actedAlone };
	metrics.share(config.name, live.share);

	async function predict(body: unknown, callerKey: string | null, route: string): Promise<Answer> {
		const done = metrics.begin(live.config.name);
		const started = performance.now();
		try {
			const request = readRequest(body, callerKey, route, started);
			const { arm } = request;
			if (arm === 'candidate' && live.candidate !== null) {
				try {
					const answer = await answerWith(live.candidate, request);
					streak = 0;
					return answer;
				} catch (error) {
					if (isCallersFault(error)) throw error;
					candidateFailed(error);
				}
			}
			return await answerWith(live.baseline, { ...request, arm: 'baseline' });
		} finally {
			done();
		}
	}

	function readRequest(body: unknown, callerKey: string | null, route: string, started: number): Request {
		const { config: now, share, baseline } = live;
		const base = { key: callerKey, route, started, arm: 'baseline' as Arm, share };
		try {
			const key = callerKey ?? (now.key === null ? null : keyOf(body, now.key, baseline.form));
			const arm = key === null ? armOfDraw(Math.random(), share) : armOfKey(key, now.salt, share);
			return { ...base, key, arm, parsed: parseRows(body, baseline.form) };
		} catch (error) {
			record(baseline, { ...base, parsed: null }, randomUUID(), error);
			throw error;
		}
	}

	async function answerWith(version: LoadedVersion, request: Request): Promise<Answer> {
		const id = randomUUID();
		try {
			const said = await version.infer(request.parsed.table);
			// The rows of a request are all that is known of their series.
			const predictions = persistentLabels(version.model.description)(said, request.parsed.table);
			const answers = rowAnswers(request.parsed, predictions);
			const rejected = request.parsed.rows - predictions.rows + predictions.rejected.length;
			record(version, request, id, null, predictions, rejected);
			const { model, version: number } = version.about;
			return { predictions: answers, rejected, id, model, version: number, arm: request.arm };
		} catch (error) {
			record(version, request, id, error);
			throw isCallersFault(error)
				? error
				: new PerchError('invalid_model', `${nameOf(version.about)} failed on these rows.`, { cause: error });
		}
	}

	function candidateFailed(error: unknown): void {
		streak++;
		if (streak < candidateStreak || live.candidate === null || live.actedAlone !== null) return;
		const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
		const acted: ActedAlone = {
			at: Date.now(),
			version: live.candidate.about.version,
			reason: `It failed ${streak} times in a row: ${cause instanceof Error ? cause.message : String(cause)}`,
		};
		live = { ...live, share: 0, actedAlone: acted };
		metrics.share(live.config.name, 0);
		options.onActed(acted);
	}

	function record(
		version: LoadedVersion,
		request: Request<ParsedRows | null>,
		id: string,
		error: unknown,
		predictions?: Predictions,
		rejected = 0,
	): void {
		const { parsed, key, arm, route, started, share } = request;
		const micros = Math.round((performance.now() - started) * 1000);
		const status = error === null ? 200 : isCallersFault(error) ? 400 : 500;
		counts.requests++;
		if (status === 500) counts.errors++;
		const rows = parsed?.rows ?? 0;
		metrics.answered({
			deployment: live.config.name,
			version: version.about,
			arm,
			status,
			seconds: micros / 1e6,
			rows,
			rejected: error === null ? rejected : rows,
		});
		const withRows = parsed !== null && error === null && Math.random() < live.config.log;
		log.append({
			id,
			ts: Date.now(),
			deployment: live.config.name,
			model: version.about.model,
			version: version.about.version,
			arm,
			share,
			key: key === null ? null : keyDigest(key),
			route,
			status,
			latency_us: micros,
			rows,
			inputs: withRows ? () => loggedInputs(loggedRows(parsed, version.model.description)) : null,
			outputs: withRows && predictions !== undefined ? () => loggedOutputs(predictions) : null,
			...(error !== null && { error: error instanceof Error ? error.message : String(error) }),
		});
	}

	return {
		get config() {
			return live.config;
		},
		get token() {
			return live.token;
		},
		get share() {
			return live.share;
		},
		get actedAlone() {
			return live.actedAlone;
		},
		get baseline() {
			return live.baseline;
		},
		log,
		counts,
		predict,
		async update(next) {
			const before = live;
			const after = await enterForce(next, before, metrics);
			live = after;
			streak = 0;
			metrics.share(next.name, after.share);
			await retireUnused(before, after, metrics);
		},
		async close() {
			metrics.share(live.config.name, null);
			await retireUnused(live, null, metrics);
			await log.close();
		},
	};
}

interface Request<Parsed = ParsedRows> {
	/** Null when the body could not be read. */
	parsed: Parsed;
	key: string | null;
	arm: Arm;
	/** The share in force when the arm was chosen. */
	share: number;
	route: string;
	/** By `performance.now()`. */
	started: number;
}

/** Whether the rows were at fault, not the model. */
function isCallersFault(error: unknown): boolean {
	return isPerchError(error) && (error.code === 'invalid_data' || error.code === 'unknown_column');
}
