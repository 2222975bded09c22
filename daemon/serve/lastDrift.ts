/** The last drift report of each deployment, a file each: the daemon writes it, and the gateway answers it without the daemon. */
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBeside } from '../data/writeBeside.ts';
import { fileName } from './segments.ts';

/** `folder` is `.perch/drift`. */
export function keepLastDrift(folder: string, deployment: string, report: unknown): void {
	mkdirSync(folder, { recursive: true });
	writeBeside(pathOf(folder, deployment), JSON.stringify(report));
}

/** The report as JSON; null before the first one. */
export async function lastDrift(folder: string, deployment: string): Promise<string | null> {
	return await readFile(pathOf(folder, deployment), 'utf8').catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return null;
		throw error;
	});
}

function pathOf(folder: string, deployment: string): string {
	return join(folder, `${fileName(deployment)}.json`);
}
