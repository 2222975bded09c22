import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { numberColumn, stringColumn } from '../data/table.ts';
import type { RequestRecord } from '../protocol/serving.ts';
import { loggedInputs } from './answers.ts';
import { compactRequests, readRequestRecords, readRequestRows } from './requestHistory.ts';
import { openRequestLog } from './requestLog.ts';
import { compactedPath, listCompacted, listSegments, logFolder, segmentPath } from './segments.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1, 12);

function record(
	id: string,
	ts: number,
	inputs: RequestRecord['inputs'],
	changes: Partial<RequestRecord> = {},
): RequestRecord {
	return {
		id,
		ts,
		deployment: 'home prices',
		model: 'm',
		version: 1,
		arm: 'baseline',
		share: 0.1,
		key: null,
		route: '/predict',
		status: 200,
		latency_us: 12.5,
		rows: 1,
		inputs,
		outputs: { label: [1], score: [-0.25] },
		...changes,
	};
}

describe('request history', () => {
	let requests: string;
	const name = 'home prices';
	const folder = () => logFolder(requests, name);
	beforeEach(() => {
		requests = mkdtempSync(join(tmpdir(), "perch-it's [odd] *-"));
	});
	afterEach(() => rmSync(requests, { recursive: true, force: true }));

	/** Writes each list of records as a segment of its own, as the gateway does. */
	async function write(...segments: RequestRecord[][]): Promise<void> {
		for (const records of segments) {
			const log = openRequestLog(folder(), { now: () => records[0]?.ts ?? start });
			for (const { inputs, outputs, ...rest } of records) {
				log.append({ ...rest, inputs: () => inputs, outputs: () => outputs });
			}
			await log.close();
		}
	}

	const newest = '9999999999999-0';

	it('reads nothing where nothing was logged', async () => {
		assert.deepEqual(await readRequestRecords(requests, 'none', 10), []);
		const { table, requests: logged, from, to } = await readRequestRows(requests, 'none');
		assert.deepEqual([table.rows, table.columns, logged, from, to], [0, [], [], 0, 0]);
		assert.deepEqual(await compactRequests(requests, 'none', newest), { compacted: 0 });
	});

	it('gives the same records before, between and after compaction', async () => {
		const all = [
			record('a', start, { x: [1.5] }, { arm: 'candidate', key: 'ab12' }),
			record('b', start + 10, null, { status: 500, outputs: null, error: 'it broke: "quoted"\nand more' }),
			record('c', start + day, { x: [2], y: ['ü'] }),
			record('d', start + 2 * day, { x: [null] }, { status: 400, rows: 0, outputs: null, error: 'Row 1' }),
		];
		await write(all.slice(0, 2), [all[2] as RequestRecord], [all[3] as RequestRecord]);
		const expected = all.toReversed();
		assert.deepEqual(await readRequestRecords(requests, name, 100), expected);
		const last = listSegments(folder()).at(-1)?.segment ?? '';
		assert.deepEqual(await compactRequests(requests, name, last), { compacted: 2 });
		assert.deepEqual(
			listSegments(folder()).map(({ segment }) => segment),
			[last],
		);
		assert.deepEqual(
			readdirSync(folder())
				.filter((entry) => entry.startsWith('day='))
				.sort(),
			['day=2026-01-01', 'day=2026-01-02'],
		);
		assert.deepEqual(await readRequestRecords(requests, name, 100), expected);
		await compactRequests(requests, name, newest);
		assert.equal(listSegments(folder()).length, 0);
		assert.deepEqual(await readRequestRecords(requests, name, 100), expected);
		assert.deepEqual(await readRequestRecords(requests, name, 2), expected.slice(0, 2));
	});

	it('keeps what the daemon has not read', async () => {
		await write([record('a', start, null)], [record('b', start + 1000, null)], [record('c', start + 2000, null)]);
		const [first, second, third] = listSegments(folder()).map(({ segment }) => segment);
		assert.deepEqual(await compactRequests(requests, name, second ?? ''), { compacted: 1 });
		assert.deepEqual(
			listSegments(folder()).map(({ segment }) => segment),
			[second, third],
		);
		assert.deepEqual(
			listCompacted(folder()).map(({ segment }) => segment),
			[first],
		);
	});

	it('clears what a crash left between, and counts nothing twice', async () => {
		await write([record('a', start, { x: [1] })], [record('b', start + 1000, { x: [2] })]);
		const [first] = listSegments(folder());
		const lines = first === undefined ? '' : segmentPath(folder(), first.segment);
		const text = JSON.stringify(record('a', start, { x: [1] }));
		await compactRequests(requests, name, listSegments(folder()).at(-1)?.segment ?? '');
		// As if the process had ended between the renaming and the removal.
		writeFileSync(lines, `${text}\n`);
		assert.equal((await readRequestRows(requests, name)).table.rows, 2);
		// As if it had ended while the file was written.
		const half = `${compactedPath(folder(), `${start + 1000}-0`)}.part`;
		mkdirSync(dirname(half), { recursive: true });
		writeFileSync(half, 'PAR1');
		assert.equal((await readRequestRows(requests, name)).table.rows, 2);
		await compactRequests(requests, name, newest);
		assert.equal(existsSync(lines), false);
		assert.equal(existsSync(half), false);
		assert.equal((await readRequestRows(requests, name)).table.rows, 2);
	});

	it('passes over a line that is cut off, in the log and when it is compacted', async () => {
		await write([record('a', start, { x: [1] })]);
		const [segment] = listSegments(folder());
		appendFileSync(segment?.path ?? '', JSON.stringify(record('b', start + 1, { x: [2] })).slice(0, 90));
		assert.deepEqual(
			(await readRequestRecords(requests, name, 10)).map(({ id }) => id),
			['a'],
		);
		await compactRequests(requests, name, newest);
		assert.deepEqual(
			(await readRequestRecords(requests, name, 10)).map(({ id }) => id),
			['a'],
		);
	});

	it('gives the rows of all answered requests as columns, with what was logged of their requests', async () => {
		await write([
			record(
				'a',
				start,
				{ x: [1, null], city: ['Ulm', null] },
				{ rows: 2, outputs: { label: [1, -1] }, arm: 'candidate' },
			),
			record('b', start + 1, { x: [3], city: ['Bonn'] }),
			record('failed', start + 2, null, { status: 500, outputs: null }),
			record('not sampled', start + 3, null),
			record('later', start + 4, { x: [4], city: ['Ulm'], fresh: [7] }),
		]);
		for (const compacted of [false, true]) {
			if (compacted) await compactRequests(requests, name, newest);
			const { table, requests: logged, from, to } = await readRequestRows(requests, name);
			assert.deepEqual(table, {
				rows: 4,
				columns: [
					numberColumn('x', [1, null, 3, 4]),
					stringColumn('city', ['Ulm', null, 'Bonn', 'Ulm']),
					numberColumn('fresh', [null, null, null, 7]),
				],
			});
			assert.deepEqual(
				logged.map(({ outputs }) => outputs?.['label']),
				[[1], [-1], [1], [1]],
			);
			assert.deepEqual([from, to], [start, start + 4]);
		}
	});

	it('reads a period, whatever files it lies in', async () => {
		const segments = Array.from({ length: 6 }, (_, hour) =>
			Array.from({ length: 3 }, (_, index) =>
				record(`${hour}.${index}`, start + hour * 3_600_000 + index * 1000, { x: [hour] }),
			),
		);
		await write(...segments);
		await compactRequests(requests, name, listSegments(folder())[3]?.segment ?? '');
		const all = segments.flat();
		for (const [since, until] of [
			[start, start + 1],
			[start + 2000, start + 3_600_000 + 1000],
			[start + 2 * 3_600_000 + 1, undefined],
			[undefined, start + 5 * 3_600_000],
			[start + day, undefined],
		] as const) {
			const expected = all
				.filter(({ ts }) => ts >= (since ?? 0) && ts < (until ?? Number.POSITIVE_INFINITY))
				.map(({ id }) => id);
			const found = await readRequestRecords(requests, name, 100, { since, until });
			assert.deepEqual(found.map(({ id }) => id).reverse(), expected);
		}
	});

	it('brings any number and any text back, under any name', async () => {
		const cell = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null));
		const names = fc.uniqueArray(
			fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', 'A', 'a', '"', "'", '')),
			{ minLength: 1, maxLength: 4 },
		);
		let case_ = 0;
		await fc.assert(
			fc.asyncProperty(
				names,
				fc.array(cell, { minLength: 1, maxLength: 5 }),
				fc.string({ unit: 'binary' }),
				async (columns, values, word) => {
					const deployment = `case ${case_++}`;
					const log = openRequestLog(logFolder(requests, deployment), { now: () => start });
					const table = {
						rows: values.length,
						columns: [
							...columns.map((column) => numberColumn(column, values)),
							stringColumn(
								'the text',
								values.map(() => word),
							),
						],
					};
					const { inputs: _, outputs: __, ...rest } = record('a', start, null);
					log.append({ ...rest, inputs: () => loggedInputs(table), outputs: null });
					await log.close();
					const before = await readRequestRows(requests, deployment);
					await compactRequests(requests, deployment, newest);
					const after = await readRequestRows(requests, deployment);
					assert.deepEqual(after, before);
					assert.deepEqual(
						before.table.columns.map((column) => column.name),
						[...columns, 'the text'],
					);
					for (const column of before.table.columns.slice(0, -1)) {
						const read = column.kind === 'number' ? Array.from(column.values) : [];
						assert.deepEqual(
							read,
							values
								.map((value) => (value === null ? Number.NaN : value + 0))
								.map((value) => (value === 0 ? 0 : value)),
						);
					}
					const text = before.table.columns.at(-1);
					assert.equal(text?.kind === 'string' ? text.dictionary[0] : null, Buffer.from(word).toString());
				},
			),
			{ numRuns: 40 },
		);
	});
});
