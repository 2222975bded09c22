/** The command line in the folder of a window: what a panel shows is held against what it answers. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { MethodName, Result } from '../../../daemon/protocol/methods.ts';

const run = promisify(execFile);

export interface Perch {
	/** Runs a command that answers as the method of the same name does; rejects when it fails. */
	json<M extends MethodName>(...args: string[]): Promise<Result<M>>;
}

/** @param program the perch.cjs of the installed extension @param folder where to run it */
export function perchIn(program: string, folder: string): Perch {
	return {
		async json<M extends MethodName>(...args: string[]): Promise<Result<M>> {
			const options = { cwd: folder, maxBuffer: 1e8 };
			const { stdout } = await run(process.execPath, [program, ...args, '--json'], options).catch(
				({ stdout, stderr }: { stdout: string; stderr: string }) => {
					throw new Error(`perch ${args.join(' ')} failed: ${stdout}${stderr}`);
				},
			);
			return JSON.parse(stdout) as Result<M>;
		},
	};
}
