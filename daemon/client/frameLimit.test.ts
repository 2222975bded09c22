import assert from 'node:assert/strict';
import { once } from 'node:events';
import fc from 'fast-check';
import { limitFrames } from './frameLimit.ts';

const frame = (body: string) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** What comes out for chunks that go in, and the error that ended it. */
async function pass(chunks: readonly Buffer[], limit = 1000): Promise<{ out: Buffer; error: string | null }> {
	const frames = limitFrames(limit);
	const out: Buffer[] = [];
	let error: string | null = null;
	frames.on('data', (chunk: Buffer) => out.push(chunk));
	frames.on('error', (found) => {
		error = found.message;
	});
	for (const chunk of chunks) if (!frames.destroyed) frames.write(chunk);
	if (!frames.destroyed) frames.end();
	if (!frames.closed) await once(frames, 'close').catch(() => undefined);
	return { out: Buffer.concat(out), error };
}

describe('limitFrames', () => {
	it('passes whole frames on as they are, however they are cut', () =>
		fc.assert(
			fc.asyncProperty(
				fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { minLength: 1 }),
				fc.infiniteStream(fc.integer({ min: 1, max: 30 })),
				async (bodies, sizes) => {
					const whole = Buffer.from(bodies.map(frame).join(''));
					const chunks: Buffer[] = [];
					for (let at = 0; at < whole.length; ) {
						const size = sizes.next().value ?? 1;
						chunks.push(whole.subarray(at, at + size));
						at += size;
					}
					const { out, error } = await pass(chunks);
					assert.equal(error, null);
					assert.deepEqual(out, whole);
				},
			),
			{ numRuns: 100 },
		));

	const refused: [string, string, RegExp][] = [
		['a message over the limit', `Content-Length: 1001\r\n\r\n`, /1001 bytes; at most 1000/],
		['a length with too many digits', `Content-Length: 9999999999999999999\r\n\r\n`, /without one numeric/],
		['a negative length', 'Content-Length: -1\r\n\r\n', /without one numeric/],
		['no length', 'Content-Type: x\r\n\r\n', /without one numeric/],
		['two lengths', 'Content-Length: 2\r\nContent-Length: 3\r\n\r\n', /without one numeric/],
		['an endless header', 'x'.repeat(5000), /more than 4096/],
		['a request of HTTP', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', /without one numeric/],
	];
	for (const [what, text, message] of refused) {
		it(`ends at ${what}, after what came before`, async () => {
			const { error } = await pass([Buffer.from(frame('{}')), Buffer.from(text)]);
			assert.match(error ?? '', message);
		});
	}

	it('takes a header in any case, with others beside it', async () => {
		const text = 'content-type: application/json\r\ncontent-length:2\r\n\r\n{}';
		assert.deepEqual(await pass([Buffer.from(text)]), { out: Buffer.from(text), error: null });
	});
});
