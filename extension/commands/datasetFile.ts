import { existsSync } from 'node:fs';
import { basename, isAbsolute, resolve } from 'node:path';
import { PerchError } from '../../daemon/protocol/errors.ts';
import type { Target } from '../target.ts';

/** Where the file of a dataset lies now; throws `file_not_found` where it is gone, or was never one file. */
export function datasetFile({ root, source }: Extract<Target, { kind: 'dataset' }>): string {
	const file = isAbsolute(source) ? source : resolve(root, source);
	if (existsSync(file)) return file;
	throw new PerchError('file_not_found', `${basename(file)} is not where it was when a run used it.`);
}
