import type { ParsedParams, Result } from '../protocol/methods.ts';
import { readingOf } from '../protocol/reading.ts';
import type { Request } from './daemon.ts';
import type { Deployments } from './deployments.ts';
import { jobOptions, type Rooms } from './rooms.ts';
import type { LoadOutcome, SimulateLoadInput } from './work/simulateLoad.ts';

/** Sends made traffic to a deployment, from a job, over HTTP like any client. */
export async function simulateLoad(
	rooms: Rooms,
	deployments: Deployments,
	params: ParsedParams<'simulate/load'>,
	request: Request,
): Promise<Result<'simulate/load'>> {
	const { name, state } = deployments.find(params.deployment);
	const { serving_uri: uri } = await deployments.show(name);
	const input: SimulateLoadInput = {
		uri: `${uri}/deployments/${encodeURIComponent(name)}`,
		token: state.serve.auth === 'token' ? rooms.token : null,
		model: deployments.modelFile(state),
		key: state.key,
		data: params.data,
		reading: readingOf(params, state.reading),
		requests: params.requests,
		concurrency: params.concurrency,
		seed: params.seed,
	};
	return rooms.jobs.run<LoadOutcome, Result<'simulate/load'>>(
		'simulate-load',
		input,
		jobOptions(`Sending traffic to ${name}`, request),
		(outcome) => ({ deployment: name, ...outcome }),
	);
}
