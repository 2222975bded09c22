/** Which arm answers: by a hash of the caller's key, so that a caller stays with one arm and a growing share only moves callers one way. */
import { hash } from 'node:crypto';
import type { Arm } from '../protocol/serving.ts';

const buckets = 2 ** 32;

/**
 * The place of a key among 2^32 equally likely ones: the first four bytes of SHA-256 of `salt:key`, most significant first.
 * Worked value: SHA-256 of `s:a` begins with 0xd4315d83, so the bucket of key `a` under salt `s` is 3560004995.
 */
export function bucketOf(salt: string, key: string): number {
	return hash('sha256', `${salt}:${key}`, 'buffer').readUInt32BE(0);
}

/**
 * The arm of a key while the candidate has `share` (0 to 1) of the keys; 0 and 1 are exact. Whoever the candidate answers
 * at one share it answers at every larger one, and another salt deals the keys anew.
 */
export function armOfKey(key: string, salt: string, share: number): Arm {
	return bucketOf(salt, key) < share * buckets ? 'candidate' : 'baseline';
}

/** The arm of a request without a key: `draw` is uniform in [0, 1). Not sticky. */
export function armOfDraw(draw: number, share: number): Arm {
	return draw < share ? 'candidate' : 'baseline';
}

/** How the log names a key, which may be a person's: the first 16 hex digits of its SHA-256. */
export function keyDigest(key: string): string {
	return hash('sha256', key, 'hex').slice(0, 16);
}

/** How people see a salt, which itself stays secret lest callers choose their arm: the first 8 hex digits of its SHA-256. */
export function saltId(salt: string): string {
	return hash('sha256', salt, 'hex').slice(0, 8);
}
