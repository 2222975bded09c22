import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobContext } from '../../jobs/runJob.ts';
import { openModel } from '../../onnx/model.ts';
import { isPerchError, PerchError } from '../../protocol/errors.ts';
import { importFiles } from '../jobFiles.ts';

export interface ImportInput {
	file: string;
}

/** Checks and loads a foreign graph in a process of its own, so that a crash in native code is an answer. */
export async function importWork({ file }: ImportInput, { dir, progress }: JobContext) {
	progress('Checking the model', 0);
	const copy = join(dir, importFiles.model);
	copyFileSync(file, copy);
	const model = await openModel(copy).catch((error: unknown) => {
		if (!isPerchError(error)) throw error;
		const { message, detail, code } = error;
		throw new PerchError(code, message.replaceAll(copy, file), { ...detail, file, cause: error });
	});
	try {
		return { description: model.description };
	} finally {
		await model.close();
	}
}
