import { PerchError } from '../protocol/errors.ts';
import type { ParsedParams, Result } from '../protocol/methods.ts';
import { gatewayPaths } from '../serve/control.ts';
import { listSegments, logFolder } from '../serve/segments.ts';
import type { Request } from './daemon.ts';
import { stateOf } from './deploymentState.ts';
import { jobOptions, type Rooms } from './rooms.ts';
import type { CompactInput, LogsInput } from './work/requestLog.ts';

export interface LogKeeper {
	/** Logged requests, newest first. */
	read(params: ParsedParams<'logs'>, request: Request): Promise<Result<'logs'>>;
	/** Makes Parquet of the segments that are closed. */
	compact(): Promise<void>;
	close(): void;
}

const betweenCompactions = 3_600_000;

/** Reads the request logs and compacts them, each hour and when asked. */
export function createLogKeeper({ catalog, gateway, jobs, root, log }: Rooms): LogKeeper {
	const { requests } = gatewayPaths(root);
	const compact = async () => {
		for (const record of catalog.deployments.list()) {
			const { name: deployment } = record;
			const before = stateOf(record).position?.segment;
			if (before === undefined || listSegments(logFolder(requests, deployment))[0]?.segment === before) continue;
			const input: CompactInput = { requests, deployment, before };
			await jobs.run('compact', input, { title: `Compacting the log of ${deployment}` }, () => undefined);
		}
	};
	const timer = setInterval(() => {
		compact().catch((error: Error) => log.warn({ error: error.message }, 'the request log could not be compacted'));
	}, betweenCompactions);
	timer.unref();
	return {
		compact,
		async read({ deployment, limit, since }, request) {
			const known = catalog.deployments.list().map(({ name }) => name);
			if (deployment !== undefined && !known.includes(deployment)) {
				throw new PerchError('not_found', `There is no deployment ${deployment}.`, {
					hint: known.length === 0 ? 'Deploy with perch serve.' : `Deployments: ${known.join(', ')}.`,
				});
			}
			await gateway.flush();
			const input: LogsInput = {
				requests,
				deployments: deployment === undefined ? known : [deployment],
				limit,
				since: since ?? null,
			};
			return jobs.run(
				'logs',
				input,
				{ ...jobOptions('Reading the request log', request), short: true },
				(records: Result<'logs'>['requests']) => ({ requests: records }),
			);
		},
		close: () => clearInterval(timer),
	};
}
