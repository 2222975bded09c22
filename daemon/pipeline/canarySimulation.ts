import * as z from 'zod/mini';
import { PerchError } from '../protocol/errors.ts';
import type { ParsedParams, Result } from '../protocol/methods.ts';
import { driftSection, judgedByOf } from '../protocol/project/drift.ts';
import type { Guard } from '../protocol/project/serve.ts';
import { readingOf } from '../protocol/reading.ts';
import '../protocol/schema.ts';
import { gatewayPaths } from '../serve/control.ts';
import type { Request } from './daemon.ts';
import type { Deployments } from './deployments.ts';
import { projectReading } from './projectReading.ts';
import { projectIfAny } from './projects.ts';
import { trainingOf } from './references.ts';
import { jobOptions, type Rooms } from './rooms.ts';
import type { SimulateCanaryInput } from './work/simulateCanary.ts';

/** Tries the guards of a project, or of a deployment, on traffic that does no harm. */
export async function simulateCanary(
	rooms: Rooms,
	deployments: Deployments,
	params: ParsedParams<'canary/simulate'>,
	request: Request,
): Promise<Result<'canary/simulate'>> {
	const project = params.deployment === undefined ? projectIfAny(rooms.root, params) : null;
	const deployed =
		params.deployment === undefined ? deployments.findIfAny(project?.name) : deployments.find(params.deployment);
	const model = deployed?.state.model ?? project?.register?.as;
	if (model === undefined) {
		throw new PerchError('invalid_arguments', 'Whose canary is meant is not clear.', {
			field: 'deployment',
			hint: 'Name a deployment, or a project that registers a model.',
		});
	}
	const drift = project?.drift ?? deployed?.state.drift ?? z.parse(driftSection, {});
	const guard: Guard[] = project?.canary?.guard ?? deployed?.state.guard ?? [];
	if (
		(judgedByOf(drift) !== 'sound' || drift.tests !== undefined) &&
		(guard.length === 0 || guard.some((one) => 'drift' in one))
	) {
		throw new PerchError('invalid_arguments', 'A simulation judges drift by the rules of profile sound alone.', {
			field: drift.method !== undefined ? 'drift.method' : drift.profile === 'sound' ? 'drift.tests' : 'drift.profile',
			hint: 'Simulate with --set drift.profile=sound and without drift.method and drift.tests, or with a guard that has no drift in it.',
		});
	}
	const training = trainingOf(rooms, rooms.catalog.models.resolve(`${model}@production`));
	const input: SimulateCanaryInput = {
		reference: { file: training.file, model: training.model },
		traffic: trafficOf(params.traffic),
		reading: project === null ? readingOf(params, deployed?.state.reading) : projectReading(project, params),
		log: deployed === null ? null : { requests: gatewayPaths(rooms.root).requests, deployment: deployed.name },
		drift,
		guard: guard.length > 0 ? guard : [{ drift: true }],
		every: drift.every,
		share: params.share ?? project?.canary?.steps[0]?.share ?? deployed?.state.canary_share ?? 0.1,
		repetitions: params.repetitions,
		requests: params.requests,
		block: params.block ?? null,
		seed: params.seed,
		threads: params.threads ?? null,
	};
	return rooms.jobs.run(
		'simulate-canary',
		input,
		jobOptions(`Simulating a canary of ${model}`, request),
		(made: Result<'canary/simulate'>) => made,
	);
}

function trafficOf(text: string | undefined): SimulateCanaryInput['traffic'] {
	if (text === undefined) return null;
	return text === 'log' || text === 'training' ? { kind: text } : { kind: 'file', path: text };
}
