import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { PerchError } from '../protocol/errors.ts';
import { trainFiles } from './jobFiles.ts';

/** A model as a request names it; version 0 for a file outside the registry. */
export interface NamedModel {
	file: string;
	name: string;
	version: number;
}

/** The .onnx file that a reference means, checked, and what to call it: `name@alias`, `name@latest`, `name/version` or a path. */
export async function modelFileOf({ models, artifacts }: Catalog, ref: string): Promise<NamedModel> {
	if (!ref.endsWith('.onnx')) {
		const { name, version, sha256 } = models.resolveReady(ref);
		return { file: await artifacts.verified(sha256, trainFiles.model), name, version };
	}
	if (!existsSync(ref))
		throw new PerchError('file_not_found', `${ref} does not exist.`, { file: ref, hint: 'Check the path.' });
	return { file: ref, name: basename(ref, '.onnx'), version: 0 };
}
