import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobContext } from '../../jobs/runJob.ts';
import { openModel } from '../../onnx/model.ts';
import { importFiles } from '../jobFiles.ts';

export interface ImportInput {
	file: string;
}

/** Checks and loads a foreign graph in a process of its own, so that a crash in native code is an answer. */
export async function importWork({ file }: ImportInput, { dir, progress }: JobContext) {
	progress('Checking the model', 0);
	copyFileSync(file, join(dir, importFiles.model));
	const model = await openModel(join(dir, importFiles.model));
	try {
		return { description: model.description };
	} finally {
		await model.close();
	}
}
