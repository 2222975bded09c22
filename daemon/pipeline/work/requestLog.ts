/** Jobs on the request log: reading it as a whole, and compacting what is closed. */
import type { RequestRecord } from '../../protocol/serving.ts';
import { compactRequests, readRequestRecords } from '../../serve/requestHistory.ts';

export interface LogsInput {
	requests: string;
	deployments: string[];
	limit: number;
	since: number | null;
}

/** Logged requests of some deployments, newest first. */
export async function logsWork({ requests, deployments, limit, since }: LogsInput): Promise<RequestRecord[]> {
	const all = await Promise.all(
		deployments.map((name) => readRequestRecords(requests, name, limit, { since: since ?? undefined })),
	);
	return all
		.flat()
		.sort((a, b) => b.ts - a.ts)
		.slice(0, limit);
}

export interface CompactInput {
	requests: string;
	deployment: string;
	/** The segment that the daemon reads in: it and what is newer stays. */
	before: string;
}

export function compactWork({ requests, deployment, before }: CompactInput): Promise<{ compacted: number }> {
	return compactRequests(requests, deployment, before);
}
