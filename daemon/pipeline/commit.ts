import { execFile } from 'node:child_process';

/** The git commit of a folder, with `-dirty` behind it where tracked files differ from it; null outside a repository. */
export async function commitOf(folder: string): Promise<string | null> {
	const commit = await git(folder, 'rev-parse', 'HEAD');
	if (commit === null) return null;
	const changes = await git(folder, 'status', '--porcelain', '--untracked-files=no', '.');
	return changes === null || changes === '' ? commit : `${commit}-dirty`;
}

function git(folder: string, ...args: string[]): Promise<string | null> {
	return new Promise((done) => {
		execFile('git', ['-C', folder, ...args], { timeout: 5000 }, (error, stdout) =>
			done(error === null ? stdout.trim() : null),
		);
	});
}
