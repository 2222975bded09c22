/**
 * Do trainings starve the gateway, or hold up the daemon? One caller asks the gateway for one row after the other, another
 * asks the daemon for its status every five milliseconds: first alone, then until two forests are trained and registered.
 * No status is answered while the daemon's event loop stands still, so the longest wait is the longest pause, or more; how
 * much of it was the daemon's own work is told beside (Linux alone), for the rest it waited for a processor.
 *
 *     npm run build && node bench/trainings.ts [--rows 100000] [--trees 100]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { daemonFolder } from '../test/daemon/daemonFolder.ts';
import { http } from '../test/daemon/servedFolder.ts';
import { inWords, keepAsking, winding } from '../test/daemon/underLoad.ts';

const { values: options } = parseArgs({
	options: { rows: { type: 'string', default: '100000' }, trees: { type: 'string', default: '100' } },
});

const place = daemonFolder();
try {
	const data = join(place.root, 'rows.csv');
	writeFileSync(data, winding(Number(options.rows)));
	const client = await place.connect();
	const watcher = await place.connect();
	await client.request('train', { data, model: 'isolation_forest', name: 'small' });
	await client.request('serve', { model: 'small@latest' });
	const { serving_uri: uri } = await client.request('daemon/status', {});
	const headers = { authorization: `Bearer ${readFileSync(join(place.root, '.perch/token'), 'utf8').trim()}` };
	const body = { data: [Array.from({ length: 9 }, () => 0.5)] };
	const ask = async () => {
		const { status, text } = await http(`${uri}/predict`, { body, headers });
		if (status !== 200) throw new Error(text);
	};
	const measure = async (goesOn: () => boolean) => {
		const [gateway, daemon, own] = await Promise.all([
			keepAsking(ask, 5, goesOn),
			keepAsking(() => watcher.request('daemon/status', {}), 5, goesOn, place.pid()),
			keepAsking(() => pause(1), 5, goesOn),
		]);
		console.log(
			`  gateway: ${inWords(gateway)}\n  daemon:  ${inWords(daemon)}\n  a wait of 1 ms here: ${inWords(own)}`,
		);
	};
	console.log(`Node ${process.version}, ${cpus().length} cores of ${cpus()[0]?.model}`);
	const until = performance.now() + 5000;
	await measure(() => performance.now() < until);
	const started = performance.now();
	let left = 2;
	const trainings = ['one', 'two'].map((name, seed) =>
		client
			.request('train', {
				...{ data, model: 'random_forest', name, target: 'y' },
				params: { trees: Number(options.trees), seed },
			})
			.finally(() => left--),
	);
	console.log('beside two trainings');
	await measure(() => left > 0);
	const ended = await Promise.all(trainings);
	console.log(`  ${((performance.now() - started) / 1000).toFixed(1)} s`, ended.map(({ run }) => run.status).join());
} finally {
	await place.remove();
}
