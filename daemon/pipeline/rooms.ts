/** What the pipeline works with beside the request: the daemon and its gateway. */
import type { RunOptions } from '../jobs/jobs.ts';
import type { Project } from '../project/loadProject.ts';
import { PerchError, toPerchError } from '../protocol/errors.ts';
import type { GatewayLink } from '../serve/gatewayLink.ts';
import type { Daemon, Request } from './daemon.ts';
import type { RunningRuns } from './runningRuns.ts';

export interface Rooms extends Daemon {
	readonly gateway: GatewayLink;
	readonly running: RunningRuns;
}

/** A job that tells the caller of its progress and ends when the caller cancels. */
export function jobOptions(title: string, { progress, signal }: Pick<Request, 'progress' | 'signal'>): RunOptions {
	return { title, signal, onProgress: ({ message, share, figures }) => progress(message, share, figures) };
}

/** An error about a field of perch.yaml that only the data showed, with the file and line of that field. */
export function located(error: unknown, project: Project | null): PerchError {
	const known = toPerchError(error);
	const { field, line, file } = known.detail;
	if (project === null || field === undefined || line !== undefined) return known;
	if (file !== undefined && file !== project.file) return known;
	const path = field.split('.').flatMap((part) => {
		const [, name = part, indices = ''] = /^([^[]*)((?:\[\d+\])*)$/.exec(part) ?? [];
		return [name, ...[...indices.matchAll(/\d+/g)].map(([digits]) => Number(digits))];
	});
	if (!(String(path[0]) in project)) return known;
	return new PerchError(known.code, known.message, {
		...known.detail,
		...project.where(...path),
		cause: known.cause,
	});
}
