import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether two secrets are equal, in a time that tells nothing of where they differ or how long they are. */
export function equalInConstantTime(sent: string, secret: string): boolean {
	const digest = (text: string) => createHash('sha256').update(text).digest();
	return secret !== '' && timingSafeEqual(digest(sent), digest(secret));
}
