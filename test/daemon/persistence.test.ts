import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../daemon/client/connect.ts';
import { createRandom } from '../../daemon/stats/random.ts';
import { type DaemonFolder, daemonFolder } from './daemonFolder.ts';

/** More than are read at a time. */
const rows = 70_000;

interface Reading {
	readonly pump: string;
	readonly at: number;
	readonly load: number;
}

/** Two pumps by turns, a second between rows; single readings far out everywhere, and a run of them over row 65,536. */
const readings: Reading[] = Array.from({ length: rows }, (_, row) => {
	const far = row % 97 === 5 || (row > 65_520 && row < 65_550);
	return {
		pump: row % 2 === 0 ? 'a' : 'b',
		at: row,
		load: createRandom('persistence.test', row).normal() + (far ? 9 : 0),
	};
});
const linesOf = (some: readonly Reading[]) =>
	`pump,at,load\n${some.map(({ pump, at, load }) => `${pump},${new Date(at * 1000).toISOString()},${load.toFixed(3)}`).join('\n')}\n`;

const project = `name: pumps
data: {source: pumps.csv, time: at, key: pump, columns: [load]}
model: {type: isolation_forest, params: {trees: 10}, threshold: {quantile: 0.99, persistence: {k: 3, n: 4}}}
register: {as: pumps}
`;

describe('alarms of several rows', () => {
	let place: DaemonFolder;
	let client: Client;
	before(async () => {
		place = daemonFolder();
		writeFileSync(join(place.root, 'pumps.csv'), linesOf(readings));
		writeFileSync(join(place.root, 'perch.yaml'), project);
		client = await place.connect();
	});
	after(() => place.remove());

	interface Said {
		readonly label: number;
		readonly score: number;
	}

	/** What the file says, line by line. */
	const predict = async (name: string, some: readonly Reading[]): Promise<Said[]> => {
		writeFileSync(join(place.root, name), linesOf(some));
		const output = join(place.root, `${name}.jsonl`);
		await client.request('predict', { model: 'pumps@production', input: join(place.root, name), output });
		const lines = readFileSync(output, 'utf8').trim().split('\n');
		return lines.map((line) => JSON.parse(line) as Said);
	};
	/** By hand, for rows of one series in order. */
	const expected = (said: readonly Said[], threshold: number) =>
		said.map((_, at) =>
			said.slice(Math.max(0, at - 3), at + 1).filter(({ score }) => score < threshold).length >= 3 ? -1 : 1,
		);
	const of = <T>(all: readonly T[], pump: string) => all.filter((_, row) => readings[row]?.pump === pump);

	it('are the same in training, in a file of any order, and for the rows of a request', async () => {
		const { run } = await client.request('train', { config: join(place.root, 'perch.yaml') });
		const threshold = run.metrics['threshold'] ?? Number.NaN;
		const said = await predict('again.csv', readings);
		const beyond = said.filter(({ score }) => score < threshold).length;
		const alarms = said.filter(({ label }) => label === -1).length;
		assert.ok(beyond > 600 && alarms > 20 && alarms < 60, `${beyond} ${alarms}`);
		for (const pump of ['a', 'b']) {
			assert.deepEqual(
				of(said, pump).map(({ label }) => label),
				expected(of(said, pump), threshold),
			);
		}
		assert.equal(run.metrics['anomaly_rate'], alarms / rows);

		// The rows of the second half first: they are put into the order of their times.
		const half = rows / 2;
		const turned = await predict('turned.csv', [...readings.slice(half), ...readings.slice(0, half)]);
		assert.deepEqual(
			[...turned.slice(half), ...turned.slice(0, half)].map(({ label }) => label),
			said.map(({ label }) => label),
		);

		const { serving_uri: uri } = await client.request('serve', { model: 'pumps@production', auth: 'none' });
		const series = of(readings, 'a').slice(32_755, 32_785);
		const answer = await fetch(`${uri}/predict`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(series.map(({ load }) => ({ load: Number(load.toFixed(3)) }))),
		});
		const { predictions } = (await answer.json()) as { predictions: Said[] };
		assert.deepEqual(
			predictions.map(({ label }) => label),
			expected(predictions, threshold),
		);
		assert.ok(predictions.some(({ label }) => label === -1) && predictions.some(({ label }) => label === 1));
	});
});
