import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as z from 'zod/mini';
import { isPerchError, PerchError } from '../../daemon/protocol/errors.ts';
import '../../daemon/protocol/schema.ts';
import { type Channel, openChannel } from './channel.ts';
import { notification, request } from './message.ts';

const double = request('double', z.object({ value: z.number() }), z.object({ value: z.number() }));
const told = notification('told', z.object({ text: z.string() }));

/** Two ends joined by a wire that copies as postMessage does. */
function joined(onInvalid?: (error: PerchError) => void): { host: Channel; page: Channel } {
	const ends: { host?: Channel; page?: Channel } = {};
	const host = openChannel((message) => ends.page?.receive(structuredClone(message)), onInvalid);
	const page = openChannel((message) => ends.host?.receive(structuredClone(message)), onInvalid);
	Object.assign(ends, { host, page });
	return { host, page };
}

async function failure(promise: Promise<unknown>): Promise<PerchError> {
	const error = await promise.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	assert.ok(isPerchError(error), `a PerchError, not ${String(error)}`);
	return error;
}

describe('channel', () => {
	it('answers a request with the result of its handler', async () => {
		const { host, page } = joined();
		host.onRequest(double, async ({ value }) => ({ value: value * 2 }));
		assert.deepEqual(await page.request(double, { value: 21 }), { value: 42 });
	});

	it('keeps answers apart that come in another order', async () => {
		const { host, page } = joined();
		const waiting: (() => void)[] = [];
		host.onRequest(
			double,
			({ value }) => new Promise((resolve) => waiting.unshift(() => resolve({ value: value * 2 }))),
		);
		const both = Promise.all([page.request(double, { value: 1 }), page.request(double, { value: 2 })]);
		await new Promise(setImmediate);
		for (const go of waiting) go();
		assert.deepEqual(await both, [{ value: 2 }, { value: 4 }]);
	});

	it('carries an error with its code and hint', async () => {
		const { host, page } = joined();
		host.onRequest(double, () => {
			throw new PerchError('not_found', 'No such model.', { hint: 'Train one.' });
		});
		const error = await failure(page.request(double, { value: 1 }));
		assert.deepEqual(error.toBody(), { code: 'not_found', message: 'No such model.', hint: 'Train one.' });
	});

	it('refuses params and results that do not fit, and names the field', async () => {
		const { host, page } = joined();
		host.onRequest(double, () => ({ value: 'two' as unknown as number }));
		const unfit = await failure(page.request(double, { value: 'one' as unknown as number }));
		assert.equal(unfit.code, 'invalid_arguments');
		assert.equal(unfit.detail.field, 'value');
		const answer = await failure(page.request(double, { value: 1 }));
		assert.equal(answer.detail.field, 'value');
	});

	it('refuses a request that nobody handles', async () => {
		const { page } = joined();
		assert.match((await failure(page.request(double, { value: 1 }))).message, /double/);
	});

	it('hands a notification on, and an unfit one to onInvalid', () => {
		const invalid: PerchError[] = [];
		const heard: string[] = [];
		const { host, page } = joined((error) => invalid.push(error));
		page.onNotification(told, ({ text }) => heard.push(text));
		host.notify(told, { text: 'a' });
		host.notify(told, { text: 1 as unknown as string });
		assert.deepEqual(heard, ['a']);
		assert.equal(invalid[0]?.detail.field, 'text');
	});

	it('ignores what is not an envelope of ours', () => {
		const invalid: PerchError[] = [];
		const { page } = joined((error) => invalid.push(error));
		for (const message of [undefined, null, 7, 'told', {}, { kind: 'notification' }, { kind: 'result', id: 99 }]) {
			page.receive(message);
		}
		assert.deepEqual(invalid, []);
	});

	it('ends open requests as cancelled when it is closed', async () => {
		const { host, page } = joined();
		host.onRequest(double, () => new Promise(() => {}));
		const open = failure(page.request(double, { value: 1 }));
		page.close();
		assert.equal((await open).code, 'cancelled');
		assert.equal((await failure(page.request(double, { value: 1 }))).code, 'cancelled');
	});
});
