/**
 * How fast does the catalog write what a training logs, and list many runs?
 * node bench/catalog.ts
 *
 * Node 24.21, AMD EPYC, 2 cores shared with other work: create 0.49 ms, 50 metrics 0.61 ms, list of 1000 of 2000 runs
 * 48 ms, verify of 4000 events 77 ms. MLflow 3.17 on such a machine: 23, 56 and 3059 ms.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCatalog } from '../daemon/catalog/catalog.ts';

const runs = 2000;
const metrics = 50;
const params = 10;
const author = { actor: 'bench' };

const folder = mkdtempSync(join(tmpdir(), 'perch-catalog-'));
const catalog = openCatalog(folder);
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const timed = (times: number[], work: () => void) => {
	const begun = performance.now();
	work();
	times.push(performance.now() - begun);
};
const creates: number[] = [];
const batches: number[] = [];
const points = Array.from({ length: metrics }, (_, index) => ({ key: `metric ${index}`, value: index, step: 0 }));
const logged = Object.fromEntries(Array.from({ length: params }, (_, index) => [`param ${index}`, String(index)]));
for (let run = 0; run < runs; run++) {
	let id = '';
	timed(creates, () => {
		id = catalog.runs.create({ experiment: 'bench', params: logged }, author).id;
	});
	timed(batches, () => catalog.runs.logMetrics(id, points));
	catalog.runs.end(id, 'FINISHED', author);
}
const lists: number[] = [];
for (let repeat = 0; repeat < 10; repeat++) timed(lists, () => catalog.runs.list({ limit: 1000 }));
const verifies: number[] = [];
timed(verifies, () => catalog.audit.verify());
catalog.close();
rmSync(folder, { recursive: true, force: true });

console.log(
	`node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model}; ${runs} runs of ${metrics} metrics and ${params} params`,
);
console.log(
	`create: median ${median(creates).toFixed(2)} ms; ${metrics} metrics: median ${median(batches).toFixed(2)} ms`,
);
console.log(
	`list 1000 runs: median ${median(lists).toFixed(0)} ms; verify ${2 * runs} events: ${median(verifies).toFixed(0)} ms`,
);
