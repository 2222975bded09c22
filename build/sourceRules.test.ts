import assert from 'node:assert/strict';
import { complaintsAbout, suppressedAny } from './sourceRules.ts';

/** Put together here, so that these lines are no suppressions themselves. */
const slashes = '/'.repeat(2);

describe('source rules', () => {
	it('allows 400 lines and no more', () => {
		assert.deepEqual(complaintsAbout('x\n'.repeat(400)), []);
		assert.deepEqual(complaintsAbout('x\n'.repeat(401)), ['has 401 lines; at most 400 are allowed']);
	});

	it('asks every suppression for a reason', () => {
		const bare = [
			`${slashes} biome-ignore lint/suspicious/noExplicitAny`,
			`${slashes} biome-ignore lint/suspicious/noExplicitAny: <explanation>`,
			`${slashes} @ts-expect-error`,
			`${slashes} @ts-ignore the types are wrong here`,
			`${slashes} eslint-disable-next-line no-console`,
		];
		for (const line of bare) assert.deepEqual(complaintsAbout(line), ['line 1 suppresses without a reason'], line);
		const reasoned = [
			`${slashes} biome-ignore lint/suspicious/noExplicitAny: the library types it so`,
			`${slashes} @ts-expect-error the untyped module is checked below`,
			'const text = "nothing to see";',
		];
		for (const line of reasoned) assert.deepEqual(complaintsAbout(line), [], line);
	});

	it('counts what lets any pass', () => {
		assert.equal(suppressedAny(`${slashes} biome-ignore lint/suspicious/noExplicitAny: reason given\n`.repeat(2)), 2);
	});
});
