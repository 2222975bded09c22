import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
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

/** Whether two secrets are equal, in a time that tells nothing of where they differ. */
export function sameSecret(given: string, wanted: string): boolean {
	const digest = (text: string) => createHash('sha256').update(text).digest();
	return timingSafeEqual(digest(given), digest(wanted));
}
