import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../daemon/client/connect.ts';
import { createRandom } from '../../daemon/stats/random.ts';
import { type DaemonFolder, daemonFolder } from '../daemon/daemonFolder.ts';
import { http } from '../daemon/servedFolder.ts';
import { findPython } from './python.ts';

const rows = 1500;

/** What real files hold, all in one: gaps, 1,300 places, a constant, an empty column, odd names, infinities, great numbers. */
function table(): { header: string[]; cells: string[][] } {
	const random = createRandom('raw rows');
	const header = [
		'a',
		'größe "im" €',
		"it's, a name",
		'x[0]/y.z',
		'place',
		'same',
		'empty',
		'on',
		'far',
		'at',
		'day',
		'y',
		'kind',
	];
	const cells = Array.from({ length: rows }, (_, row) => {
		const [a, b] = [random.normal(), random.normal()];
		const word = ['x', 'y', 'ü'][random.integer(3)] as string;
		const y = 3 * a - 2 * b + (word === 'x' ? 2 : 0) + random.normal() / 3;
		return [
			row % 40 === 3 ? 'inf' : row % 40 === 5 ? '-inf' : row % 9 === 0 ? '' : a.toFixed(4),
			row % 11 === 0 ? 'NaN' : b.toFixed(4),
			random.next() < 0.1 ? '' : word,
			String(random.integer(5)),
			`place ${random.integer(1300)}`,
			'7',
			'',
			random.next() < 0.1 ? '' : String(random.next() < 0.5),
			String(1e300 * random.normal()),
			String(1_700_000_000 + 3 * row + random.integer(3)),
			`2024-03-${String(1 + (row % 28)).padStart(2, '0')}`,
			row % 30 === 7 ? '' : y.toFixed(4),
			row % 35 === 7 ? '' : y > 2 ? 'high' : y < -2 ? 'low' : 'mid',
		];
	});
	return { header, cells };
}

const quoted = (cell: string) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** A row as a program sends it: numbers as numbers, and nothing for what is none. */
function asJson(header: readonly string[], row: readonly string[]): Record<string, unknown> {
	return Object.fromEntries(
		header.map((name, at) => {
			const cell = row[at] as string;
			const number = Number(cell);
			if (cell === 'true' || cell === 'false') return [name, cell === 'true'];
			if (cell === '' || cell === 'NaN' || cell.endsWith('inf')) return [name, null];
			return [name, Number.isFinite(number) ? number : cell];
		}),
	);
}

const cases = [
	{ type: 'isolation_forest', target: null },
	{ type: 'autoencoder', target: null, params: { epochs: 5 } },
	...['linear', 'random_forest', 'gradient_boosting', 'ensemble'].flatMap((type) =>
		['y', 'kind'].map((target) => ({ type, target, ...(type === 'random_forest' && { params: { trees: 20 } }) })),
	),
];

const python = findPython('onnxruntime');

describe('models of a table with everything in it', function () {
	this.timeout(300_000);
	if ('missing' in python) {
		it.skip(`SKIPPED: ${python.missing}`);
		return;
	}
	const peer = python;
	let place: DaemonFolder;
	let client: Client;
	before(async () => {
		place = daemonFolder();
		client = await place.connect();
	});
	after(() => place.remove());

	it('beat their baseline or say that they do not, and answer raw rows alike in plain onnxruntime, in a file and at the gateway', async () => {
		const { header, cells } = table();
		const data = join(place.root, 'rows.csv');
		writeFileSync(data, `${[header, ...cells].map((row) => row.map(quoted).join(',')).join('\n')}\n`);
		const models: string[] = [];
		const checks: (() => Promise<void>)[] = [];
		for (const [number, { type, target, ...more }] of cases.entries()) {
			const name = `model-${number}`;
			const config = join(place.root, `${name}.yaml`);
			const model = {
				...{ type, ...more },
				...(type === 'ensemble' && {
					params: { combine: 'stack' },
					models: [{ type: 'linear' }, { type: 'gradient_boosting' }],
				}),
			};
			writeFileSync(
				config,
				JSON.stringify({
					name,
					data: { source: data, target },
					model,
					register: { as: name },
					serve: { auth: 'none' },
				}),
			);
			const trained = await client.request('train', { config });
			const { metrics } = trained.run;
			for (const [better, measure] of [
				[1, 'r2'],
				[-1, 'log_loss'],
				[-1, 'validation_loss'],
			] as const) {
				const [own, baseline] = [metrics[measure], metrics[`baseline_${measure}`]];
				if (own == null || baseline == null) continue;
				console.log(
					`      ${type} ${target ?? ''}: ${measure} ${own.toPrecision(4)}, baseline ${baseline.toPrecision(4)}`,
				);
				assert.ok(better * (own - baseline) > 0 || /no better/.test(trained.warnings.join()), type);
			}
			models.push(trained.model);
			checks.push(async () => {
				const output = join(place.root, `${name}.jsonl`);
				const scored = await client.request('predict', { model: `${name}@latest`, input: data, output });
				assert.deepEqual([scored.rows, scored.rejected], [rows, 0]);
				const said = readFileSync(output, 'utf8')
					.trim()
					.split('\n')
					.map((line) => JSON.parse(line));
				const outputs = (await peerSaid)[number] as Record<string, unknown[]>;
				const shown = Object.keys(outputs).filter((one) => one in said[0]);
				assert.ok(shown.length > 0, `${type}: ${Object.keys(outputs)}`);
				for (const one of shown) {
					for (const [row, line] of said.entries()) same(line[one], outputs[one]?.[row], `${type} ${one}, row ${row}`);
				}
				const { serving_uri: uri } = await client.request('serve', { config });
				const body = cells.slice(0, 100).map((row) => asJson(header, row));
				const { status, body: answer, text } = await http(`${uri}/deployments/${name}/predict`, { body });
				assert.equal(status, 200, text);
				for (const [row, told] of (answer['predictions'] as (number | Record<string, unknown>)[]).entries()) {
					const where = `${type} at the gateway, row ${row}`;
					if (typeof told === 'number') same(told, said[row].prediction, where);
					else if ('score' in told) same(told['score'], said[row].score, where);
					else same(told['label'], said[row].prediction, where);
				}
			});
		}
		const peerSaid = peer.run<Record<string, unknown[]>[]>('rawRows.py', { data, models });
		for (const check of checks) await check();
	});
});

/** Within what design.md allows; of this table, outputs have a deviation of about 4. */
function same(own: unknown, other: unknown, where: string): void {
	if (typeof own !== 'number' || typeof other !== 'number') assert.equal(own, other, where);
	else assert.ok(Math.abs(own - other) <= 1e-5 * Math.max(4, Math.abs(own)), `${where}: ${own} and ${other}`);
}
