import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Session } from './session.ts';

/** What went wrong unseen in everything before. */
export function complaints({ complaints: heard, workbench }: Session): void {
	describe('Nothing went wrong unseen', () => {
		it('in our frames: no policy was broken, nothing thrown', () => {
			assert.deepEqual(heard, []);
		});

		it('in the output of the extension: no error', () => {
			const lines = workbench.readLogs().split('\n');
			assert.ok(lines.some((line) => line.includes('connected to the daemon')));
			assert.deepEqual(
				lines.filter((line) => line.includes('[error]')),
				[],
			);
		});
	});
}
