/**
 * How long from asking for a daemon that does not run to its answer, and how long does a request take after that?
 * node bench/daemonStart.ts [dist]     (needs `npm run build`; ends with 1 when the start takes 500 ms or more)
 *
 * Node 24.21, AMD EPYC, 2 cores shared with other work: start to handshake 102 ms, one request 207 µs; with all cores
 * taken by others 240 ms and 453 µs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connect, stopDaemon } from '../daemon/client/connect.ts';

const limit = 500;
const repeats = 10;
const requests = 2000;
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const root = mkdtempSync(join(tmpdir(), 'perch-start-'));
const dist = resolve(process.argv[2] ?? join(import.meta.dirname, '../dist'));
const options = { root, dist, client: { name: 'bench', version: '0' } };
const starts: number[] = [];
const calls: number[] = [];
for (let repeat = 0; repeat < repeats; repeat++) {
	const begun = performance.now();
	const client = await connect(options);
	starts.push(performance.now() - begun);
	const before = performance.now();
	for (let request = 0; request < requests; request++) await client.request('audit/verify', {});
	calls.push(((performance.now() - before) / requests) * 1000);
	client.close();
	await stopDaemon(options);
}
rmSync(root, { recursive: true, force: true });

console.log(`node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model}`);
console.log(`start to handshake: median ${median(starts).toFixed(0)} ms, worst ${Math.max(...starts).toFixed(0)} ms`);
console.log(`one request: median ${median(calls).toFixed(0)} µs`);
if (median(starts) >= limit) process.exitCode = 1;
