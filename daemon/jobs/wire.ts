/** What travels between the daemon and a job process: JSON-RPC over the IPC channel, with structured clones. */
export const runMethod = 'job/run';
export const progressMethod = 'job/progress';
export const toldMethod = 'job/told';

export interface JobRequest {
	kind: string;
	input: unknown;
}

/** In a job's folder: the pid and start time of its process. */
export const identityFile = 'process.json';
/** In a job's folder: whatever the process printed. */
export const outputFile = 'output.log';
