/**
 * How long does a drift report take from the command line, how much memory does its job need, how does both grow, and how
 * does it stand against Evidently on the same files?
 * node bench/drift.ts [repeats of Evidently]     (needs `npm run build`; 0 leaves Evidently out, 1 unless told)
 *
 * Evidently runs in the virtual environment of test/peers, which is made on first use. The data are made by DuckDB from a
 * hash of the row's number, so they are the same on every machine. Memory is read from /proc (Linux).
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { withDuckdb } from '../daemon/data/duckdb.ts';
import { findPython } from '../test/peers/python.ts';

const repeats = 5;
const perch = join(import.meta.dirname, '../dist/perch.cjs');
const data = join(import.meta.dirname, '../out/bench/drift');
const place = mkdtempSync(join(tmpdir(), 'perch-bench-'));
const [html, json] = [join(place, 'report.html'), join(place, 'report.json')];

const median = (values: readonly number[]) =>
	values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

interface Shape {
	rows: number;
	numbers: number;
	categories: number;
}

/** Rounded, normal and skewed numbers, and categories of 2 to 100 values; three numbers of the current sample are shifted. */
async function makeFile({ rows, numbers, categories }: Shape, side: 'reference' | 'current'): Promise<string> {
	const path = join(data, `${side}-${rows}x${numbers}+${categories}.parquet`);
	if (existsSync(path)) return path;
	mkdirSync(data, { recursive: true });
	const seed = side === 'reference' ? 1 : 2;
	const uniform = (key: number) => `(hash(i * 64 + ${key} + ${seed} * 1000003) / 18446744073709551616.0)`;
	const columns = Array.from({ length: numbers }, (_, k) => {
		const normal = `sqrt(-2 * ln(${uniform(2 * k)} + 1e-18)) * cos(2 * pi() * ${uniform(2 * k + 1)})`;
		const value = [`round(${normal} * 10 + 50, 1)`, normal, `exp(${normal})`][k % 3];
		return `${value}${side === 'current' && k < 3 ? ' + 0.3' : ''} AS n${k}`;
	});
	const words = Array.from({ length: categories }, (_, k) => {
		const kinds = [4, 20, 100, 2, 12][k % 5];
		return `'category ' || floor(pow(${uniform(40 + k)}, 1.5) * ${kinds})::INT AS c${k}`;
	});
	await withDuckdb(async (connection) => {
		await connection.run('SET threads = 1');
		const list = [...columns, ...words].join(', ');
		await connection.run(`COPY (SELECT ${list} FROM range(${rows}) t(i)) TO '${path}' (FORMAT parquet)`);
	});
	return path;
}

function run(...args: string[]): { ms: number; output: string } {
	const start = performance.now();
	const { status, stdout, stderr } = spawnSync(process.execPath, [perch, ...args], {
		cwd: place,
		encoding: 'utf8',
		maxBuffer: 1 << 28,
	});
	const ms = performance.now() - start;
	if (status !== 0) throw new Error(`perch ${args.join(' ')}: ${stdout.slice(0, 2000)}${stderr}`);
	return { ms, output: stdout };
}

const drift = (reference: string, current: string) =>
	run('drift', '--reference', reference, '--current', current, '--html', html, '--json').ms;

/** In a thread, since the command line is waited for: the largest peak of the children of the daemon, in MB. */
function watchJobs(): () => Promise<number> {
	if (process.platform !== 'linux') return async () => Number.NaN;
	// While Evidently ran, an idle daemon may have ended.
	const { pid } = JSON.parse(run('daemon', 'start', '--json').output) as { pid: number };
	const peak = new Int32Array(new SharedArrayBuffer(4));
	const source = `
		const { readFileSync, readdirSync } = require('node:fs');
		const { workerData: { pid, peak } } = require('node:worker_threads');
		setInterval(() => {
			for (const task of readdirSync('/proc/' + pid + '/task')) {
				try {
					for (const child of readFileSync('/proc/' + pid + '/task/' + task + '/children', 'utf8').trim().split(' ')) {
						const found = /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/' + child + '/status', 'utf8'));
						if (found !== null && Number(found[1]) > peak[0]) peak[0] = Number(found[1]);
					}
				} catch {}
			}
		}, 20);`;
	const worker = new Worker(source, { eval: true, workerData: { pid, peak } });
	return async () => {
		await worker.terminate();
		return (peak[0] ?? 0) / 1024;
	};
}

interface Measured {
	/** The median of runs on files that Perch has seen. */
	known: number;
	/** The first run on files, which are fingerprinted on the way. */
	first: number;
	memory: number;
}

async function measure(shape: Shape, times = repeats): Promise<Measured> {
	const sides = [await makeFile(shape, 'reference'), await makeFile(shape, 'current')] as const;
	const fresh = sides.map((path, index) => {
		const copy = join(place, `fresh${index}.parquet`);
		copyFileSync(path, copy);
		return copy;
	});
	const peak = watchJobs();
	const first = drift(fresh[0] as string, fresh[1] as string);
	const known = median(Array.from({ length: times }, () => drift(...sides)));
	return { known, first, memory: await peak() };
}

const name = ({ rows, numbers, categories }: Shape) => `${rows.toLocaleString('en')} x ${numbers + categories}`;

console.log(
	`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}, load ${loadavg()
		.map((one) => one.toFixed(1))
		.join(' ')}, ${new Date().toISOString().slice(0, 16)}\n`,
);
try {
	const small: Shape = { rows: 1000, numbers: 15, categories: 5 };
	const [one, other] = [await makeFile(small, 'reference'), await makeFile(small, 'current')];
	const cold = Array.from({ length: repeats }, () => {
		run('daemon', 'stop');
		return drift(one, other);
	});
	const warm = Array.from({ length: repeats }, () => drift(one, other));
	console.log(
		`version printed          ${seconds(median(Array.from({ length: repeats }, () => run('--version').ms)))}`,
	);
	console.log(`${name(small)}, daemon cold   ${seconds(median(cold))}`);
	console.log(`${name(small)}, daemon warm   ${seconds(median(warm))}\n`);

	const large: Shape = { rows: 1_000_000, numbers: 15, categories: 5 };
	const found = await measure(large);
	console.log(`${name(large)} against as many: ${seconds(found.known)}, first look ${seconds(found.first)}`);
	console.log(`  job process ${found.memory.toFixed(0)} MB, HTML ${(statSync(html).size / 1000).toFixed(0)} kB`);
	const peerRepeats = Number(process.argv[2] ?? 1);
	const python = peerRepeats > 0 ? findPython() : { missing: 'left out' };
	if ('missing' in python) console.log(`  Evidently: ${python.missing}`);
	else {
		const input = {
			reference: await makeFile(large, 'reference'),
			current: await makeFile(large, 'current'),
			html,
			json,
			repeats: peerRepeats,
		};
		const peer = await python.run<{ times: number[]; memory: number }>('../../bench/driftPeer.py', input);
		const time = median(peer.times);
		console.log(
			`  ${python.versions}: ${seconds(time)}, ${peer.memory.toFixed(0)} MB, HTML ${(statSync(html).size / 1000).toFixed(0)} kB`,
		);
		console.log(
			`  ${(time / found.known).toFixed(0)} times as long, ${(time / found.first).toFixed(0)} times the first look`,
		);
	}

	console.log('');
	const series: [number, number][] = [];
	for (const rows of [100_000, 1_000_000, 10_000_000]) {
		const shape = { rows, numbers: 3, categories: 2 };
		const { known, first, memory } = await measure(shape, rows > 1_000_000 ? 3 : repeats);
		series.push([rows, known]);
		console.log(
			`${name(shape)} against as many: ${seconds(known)}, first look ${seconds(first)}, ${memory.toFixed(0)} MB`,
		);
	}
	const perStep = series.map(([rows, ms]) => (ms / (rows * Math.log2(rows))) * 1e6);
	console.log(`per row and log2(rows): ${perStep.map((cost) => `${cost.toFixed(2)} ns`).join(', ')}`);
} finally {
	run('daemon', 'stop');
	rmSync(place, { recursive: true, force: true });
}
