import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** The secret of a folder, made once: whoever can read the file may use the daemon and its gateway. */
export function folderToken(file: string): string {
	try {
		const token = readFileSync(file, 'utf8').trim();
		if (token !== '') return token;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
	}
	const token = randomBytes(32).toString('hex');
	writeFileSync(file, `${token}\n`, { mode: 0o600 });
	return token;
}
