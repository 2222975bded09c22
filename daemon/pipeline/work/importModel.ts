import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobContext } from '../../jobs/runJob.ts';
import { checkModelFile } from '../../onnx/checkFile.ts';
import { openModel } from '../../onnx/model.ts';
import { isPerchError, PerchError } from '../../protocol/errors.ts';
import { tryModel } from '../../serve/loadedVersion.ts';
import { importFiles } from '../jobFiles.ts';

export interface ImportInput {
	file: string;
}

/** Checks what a foreign file says, before any runtime sees it, and copies it into the job's folder. */
export async function importWork({ file }: ImportInput, { dir, progress }: JobContext): Promise<void> {
	progress('Checking the model', 0);
	const copy = join(dir, importFiles.model);
	copyFileSync(file, copy);
	await checkModelFile(copy).catch((error: unknown) => {
		throw isPerchError(error) ? named(error, copy, file) : error;
	});
}

export interface TrialInput {
	/** Path of a file that passed the checks. */
	file: string;
	/** What messages call it. */
	name: string;
}

/** Loads, warms up and tries a model as a gateway would, in a process of its own, so that a crash in native code is an answer. */
export async function trialWork({ file, name }: TrialInput, { progress }: JobContext) {
	progress('Trying the model', 0);
	const model = await openModel(file).catch((error: unknown) => {
		throw isPerchError(error) ? named(error, file, name) : error;
	});
	try {
		await tryModel(model, name);
		return { description: model.description };
	} finally {
		await model.close();
	}
}

/** An error about a copy as one about the file that a person knows. */
function named({ code, message, detail, cause }: PerchError, copy: string, file: string): PerchError {
	return new PerchError(code, message.replaceAll(copy, file), { ...detail, file, cause });
}
