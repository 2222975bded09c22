import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import type { RequestRecord } from '../protocol/serving.ts';
import { recentRequests } from './recent.ts';
import { type LoggedRequest, openRequestLog } from './requestLog.ts';
import { compactedPath, compareSegments, listSegments, logFolder, segmentPath } from './segments.ts';
import { endOfLog, type LogPosition, readRequests } from './tail.ts';

const noon = Date.UTC(2026, 0, 31, 12);

function request(id: string, inputs: RequestRecord['inputs'] = { x: [1] }): LoggedRequest {
	return {
		id,
		ts: noon,
		deployment: 'd',
		model: 'm',
		version: 1,
		arm: 'baseline',
		share: 0,
		key: null,
		route: '/predict',
		status: 200,
		latency_us: 10,
		rows: 1,
		inputs: () => inputs,
		outputs: null,
	};
}

const ids = (records: readonly { id: string }[]) => records.map(({ id }) => id);

describe('request log', () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'perch-log-'));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	it('gives back what was logged, whatever the columns are called', async () => {
		const inputs = Object.fromEntries([
			['__proto__', [1]],
			['größe "x"\n', [null]],
			['constructor', ['a\u2028b']],
			['', [0.1]],
		]);
		const log = openRequestLog(folder, { now: () => noon });
		log.append(request('a', inputs));
		await log.close();
		const { records, position, unreadable } = readRequests(folder, null);
		assert.equal(unreadable, 0);
		assert.equal(JSON.stringify(records[0]?.inputs), JSON.stringify(inputs));
		assert.equal(position?.segment, `${noon}-0`);
	});

	it('writes nothing of a number that is none', async () => {
		const log = openRequestLog(folder, { now: () => noon });
		log.append(request('a', { x: [Number.NaN, Number.POSITIVE_INFINITY] }));
		await log.close();
		assert.deepEqual(readRequests(folder, null).records[0]?.inputs, { x: [null, null] });
	});

	it('begins a new segment when one is full, old, or of yesterday', async () => {
		let time = noon;
		const log = openRequestLog(folder, { now: () => time, segmentBytes: 500, segmentAge: 1000 });
		const write = async (id: string) => {
			log.append(request(id));
			await log.flush();
		};
		await write('a');
		await write('b');
		await write('c');
		assert.deepEqual(
			listSegments(folder).map(({ segment }) => segment),
			[`${noon}-0`, `${noon + 1}-0`],
		);
		time = noon + 5000;
		await write('d');
		assert.equal(listSegments(folder).length, 3);
		await log.close();
		time = Date.UTC(2026, 1, 1) - 10;
		const late = openRequestLog(folder, { now: () => time });
		late.append(request('e'));
		await late.flush();
		time += 20;
		late.append(request('f'));
		await late.close();
		assert.deepEqual(
			listSegments(folder)
				.slice(3)
				.map(({ start }) => new Date(start).getUTCDate()),
			[31, 1],
		);
		assert.deepEqual(ids(readRequests(folder, null).records), ['a', 'b', 'c', 'd', 'e', 'f']);
	});

	it('keeps the order when the clock is put back', async () => {
		for (const [id, time] of [
			['a', noon],
			['b', noon - 5000],
			['c', noon - 9000],
		] as const) {
			const log = openRequestLog(folder, { now: () => time });
			log.append(request(id));
			await log.close();
		}
		assert.deepEqual(ids(readRequests(folder, null).records), ['a', 'b', 'c']);
	});

	it('drops and counts what the memory cannot hold', async () => {
		const dropped: number[] = [];
		const log = openRequestLog(folder, { waitingRows: 2, onDropped: (count) => dropped.push(count) });
		for (const id of ['a', 'b', 'c', 'd']) log.append(request(id));
		await log.close();
		assert.deepEqual(dropped, [1, 1]);
		assert.deepEqual(ids(readRequests(folder, null).records), ['a', 'b']);
	});

	it('drops and counts what the disk refuses, and goes on when it takes again', async () => {
		const blocked = join(folder, 'file', 'log');
		writeFileSync(join(folder, 'file'), '');
		const reasons: string[] = [];
		const log = openRequestLog(blocked, { onDropped: (_count, reason) => reasons.push(reason) });
		log.append(request('a'));
		await log.flush();
		assert.equal(reasons.length, 1);
		rmSync(join(folder, 'file'));
		log.append(request('b'));
		await log.close();
		assert.deepEqual(ids(readRequests(blocked, null).records), ['b']);
	});

	it('reads on from any place, in pieces of any size', async () => {
		const log = openRequestLog(folder, { segmentBytes: 2000, now: () => noon });
		const all = Array.from({ length: 60 }, (_, index) => String(index));
		for (const id of all) {
			log.append(request(id));
			if (Number(id) % 7 === 0) await log.flush();
		}
		await log.close();
		assert.ok(listSegments(folder).length > 3);
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 5000 }), (bytes) => {
				let position: LogPosition | null = null;
				const read: string[] = [];
				for (;;) {
					const piece = readRequests(folder, position, bytes);
					read.push(...ids(piece.records));
					position = JSON.parse(JSON.stringify(piece.position)) as LogPosition | null;
					if (!piece.more) break;
				}
				assert.deepEqual(read, all);
				assert.deepEqual(readRequests(folder, position).records, []);
				assert.deepEqual(position, endOfLog(folder));
			}),
			{ numRuns: 30 },
		);
	});

	it('waits for the end of a line, and passes over one that a crash cut off', () => {
		const line = (id: string) => JSON.stringify({ ...request(id), inputs: null });
		writeFileSync(segmentPath(folder, `${noon}-0`), `${line('a')}\n${line('b').slice(0, 40)}`);
		const first = readRequests(folder, null);
		assert.deepEqual(ids(first.records), ['a']);
		assert.equal(first.unreadable, 0);
		appendFileSync(segmentPath(folder, `${noon}-0`), `${line('b').slice(40)}\n${line('c').slice(0, 10)}`);
		const second = readRequests(folder, first.position);
		assert.deepEqual(ids(second.records), ['b']);
		writeFileSync(segmentPath(folder, `${noon}-1`), `${line('d')}\n`);
		const third = readRequests(folder, second.position);
		assert.deepEqual(ids(third.records), ['d']);
		assert.equal(third.unreadable, 1);
	});

	it('reads nothing where nothing is', () => {
		assert.deepEqual(readRequests(join(folder, 'none'), null), {
			records: [],
			position: null,
			more: false,
			unreadable: 0,
		});
		assert.equal(endOfLog(join(folder, 'none')), null);
	});

	it('shows the newest first, page by page', async () => {
		const log = openRequestLog(folder, { segmentBytes: 40_000, now: () => noon });
		const all = Array.from({ length: 400 }, (_, index) => String(index));
		for (const id of all) log.append(request(id, { text: ['ü'.repeat(Number(id) % 97)] }));
		await log.close();
		assert.ok(listSegments(folder).length > 1);
		for (const limit of [1, 7, 100, 399, 400, 1000]) {
			const shown: string[] = [];
			let next: string | null = null;
			do {
				const page = await recentRequests(folder, next, limit);
				assert.ok(page.requests.length <= limit);
				shown.push(...ids(page.requests));
				next = page.next;
			} while (next !== null);
			assert.deepEqual(shown, all.toReversed(), `pages of ${limit}`);
		}
	});

	it('shows a line longer than what is read at a time', async () => {
		const log = openRequestLog(folder);
		log.append(request('a'));
		log.append(request('long', { text: ['x'.repeat(200_000)] }));
		log.append(request('b'));
		await log.close();
		assert.deepEqual(ids((await recentRequests(folder, null, 10)).requests), ['b', 'long', 'a']);
	});

	it('says where older requests are compacted', async () => {
		writeFileSync(segmentPath(folder, `${noon}-0`), `${JSON.stringify({ ...request('a'), inputs: null })}\n`);
		const old = compactedPath(folder, `${noon - 5000}-0`);
		mkdirSync(dirname(old));
		writeFileSync(old, '');
		const page = await recentRequests(folder, null, 10);
		assert.deepEqual(ids(page.requests), ['a']);
		assert.equal(page.compacted, true);
		assert.deepEqual(await recentRequests(folder, page.next, 10), { requests: [], next: page.next, compacted: true });
	});

	it('leaves out a segment whose compacted file is there', () => {
		writeFileSync(segmentPath(folder, `${noon}-0`), '');
		writeFileSync(segmentPath(folder, `${noon}-1`), '');
		mkdirSync(dirname(compactedPath(folder, `${noon}-0`)));
		writeFileSync(compactedPath(folder, `${noon}-0`), '');
		assert.deepEqual(
			listSegments(folder).map(({ segment }) => segment),
			[`${noon}-1`],
		);
	});

	it('orders segments by number, not by letter', () => {
		assert.deepEqual(['10-0', '9-10', '9-2'].sort(compareSegments), ['9-2', '9-10', '10-0']);
	});

	it('keeps the folders of odd names inside', () => {
		for (const name of ['a b', '..', 'é.', '/etc', 'a/../b', 'C:\\x']) {
			assert.equal(dirname(logFolder('/r', name)), '/r');
		}
	});

	it('is readable by its owner alone', async () => {
		const log = openRequestLog(join(folder, 'new'));
		log.append(request('a'));
		await log.close();
		const [file = ''] = readdirSync(join(folder, 'new'));
		if (process.platform === 'win32') return;
		assert.equal(statSync(join(folder, 'new')).mode & 0o077, 0);
		assert.equal(statSync(join(folder, 'new', file)).mode & 0o077, 0);
	});
});
