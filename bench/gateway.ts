/**
 * How many requests a second does the gateway answer, and how long does a caller wait? One row of ten floats a request,
 * logged in full, over keep-alive connections of a client in this process.
 *
 *     node bench/gateway.ts [--seconds 3] [--trees 100] [--entry dist/gateway.cjs]
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { numberColumn } from '../daemon/data/table.ts';
import { trainModel } from '../daemon/learn/trainModel.ts';
import { modelSection } from '../daemon/protocol/project/model.ts';

import { createGatewayLink } from '../daemon/serve/gatewayLink.ts';
import { quantile } from '../daemon/stats/quantile.ts';
import { createRandom } from '../daemon/stats/random.ts';
import { writeVersion } from '../test/daemon/smallModels.ts';

const { values: options } = parseArgs({
	options: {
		seconds: { type: 'string', default: '3' },
		trees: { type: 'string', default: '100' },
		entry: { type: 'string', default: join(import.meta.dirname, '../dist/gateway.cjs') },
	},
});
const seconds = Number(options.seconds);

/** Sends the same request over and over on one connection; adds the milliseconds that each answer took. */
function caller(port: number, until: number, took: number[]): Promise<void> {
	const body = JSON.stringify({ data: [Array.from({ length: 10 }, (_, index) => index / 10)] });
	const request = `POST /predict HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
	return new Promise((resolve, reject) => {
		const socket = connect(port, '127.0.0.1');
		let sent = 0;
		let received = '';
		const send = () => {
			sent = performance.now();
			socket.write(request);
		};
		socket.setNoDelay(true);
		socket.on('connect', send);
		socket.on('error', reject);
		socket.on('data', (part) => {
			received += part.toString('latin1');
			const head = received.indexOf('\r\n\r\n');
			const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? Number.NaN);
			if (head < 0 || received.length < head + 4 + length) return;
			if (!received.startsWith('HTTP/1.1 200')) return reject(new Error(received));
			received = '';
			const now = performance.now();
			took.push(now - sent);
			if (now < until) return send();
			socket.end();
			resolve();
		});
	});
}

/** Seconds of processor time that a process has used; what other programs do does not count in it. Linux alone. */
function processorSeconds(pid: number): number {
	if (process.platform !== 'linux') return Number.NaN;
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function measure(port: number, pid: number, connections: number) {
	await Promise.all(Array.from({ length: connections }, () => caller(port, performance.now() + 500, [])));
	const took: number[] = [];
	const before = processorSeconds(pid);
	const started = performance.now();
	await Promise.all(Array.from({ length: connections }, () => caller(port, started + seconds * 1000, took)));
	const elapsed = (performance.now() - started) / 1000;
	const ascending = Float64Array.from(took).sort();
	return {
		connections,
		requests_per_second: Math.round(took.length / elapsed),
		processor_us_per_request: Math.round(((processorSeconds(pid) - before) / took.length) * 1e6),
		p50_us: Math.round(quantile(ascending, 0.5) * 1000),
		p99_us: Math.round(quantile(ascending, 0.99) * 1000),
	};
}

const root = mkdtempSync(join(tmpdir(), 'perch-bench-'));
mkdirSync(join(root, '.perch'));
const random = createRandom('bench', 'gateway');
const columns = Array.from({ length: 10 }, (_, index) =>
	numberColumn(
		`f${index}`,
		Float64Array.from({ length: 4096 }, () => random.normal()),
	),
);
const model = z.parse(modelSection, { type: 'isolation_forest', params: { trees: Number(options.trees) } });
const link = createGatewayLink({
	root,
	entry: options.entry,
	onRang: () => undefined,
	onActed: () => undefined,
	onRevived: (_state, reason) => console.error(reason),
});
try {
	const { onnx } = await trainModel({ rows: 4096, columns }, { model, prepare: [], exclude: [] }, () => undefined);
	const { deployment } = await link.apply({
		name: 'bench',
		project: null,
		auth: 'none',
		tokenFile: '',
		log: 1,
		routes: {},
		baseline: writeVersion(join(root, 'forest.onnx'), onnx, 1, 'forest'),
		candidate: null,
		share: 0,
		salt: '',
		key: null,
		port: 0,
		portFixed: false,
	});
	const runs = [];
	const pid = (await link.state())?.pid ?? 0;
	for (const connections of [1, 32]) runs.push(await measure(deployment.port, pid, connections));
	const dropped = (await link.state())?.deployments[0]?.dropped;
	console.log(
		JSON.stringify(
			{
				node: process.version,
				cpu: cpus()[0]?.model,
				cores: cpus().length,
				trees: Number(options.trees),
				dropped,
				runs,
			},
			null,
			'\t',
		),
	);
} finally {
	await link.stop();
	rmSync(root, { recursive: true, force: true });
}
