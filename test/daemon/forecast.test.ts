import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../../daemon/stats/random.ts';
import { createWorkplace } from './commandLine.ts';

const rows = 240;

/** Two machines whose load swings, row by row in turns; the second runs hotter. */
function machines(seed: number, shift = 0): string {
	const random = createRandom('machines', seed);
	const lines = ['time,machine,load,heat'];
	for (let row = 0; row < rows; row++) {
		for (const [index, machine] of ['m1', 'm2'].entries()) {
			const load = shift + 50 + 20 * Math.sin((row + 3 * index) / 4) + random.normal();
			const heat = 20 * index + 40 + 10 * Math.cos((row + 3 * index) / 4) + 0.5 * random.normal();
			const time = new Date(Date.UTC(2026, 0, 1) + row * 900_000).toISOString();
			lines.push(`${time},${machine},${load.toFixed(2)},${heat.toFixed(2)}`);
		}
	}
	return `${lines.join('\n')}\n`;
}

const project = `name: machines
data:
  source: train.csv
  time: time
  key: machine
  window: {size: 12, features: raw}
model: {type: lstm, task: forecast, params: {epochs: 15, units: 16, learning_rate: 0.01}}
register: {as: machines}
serve: {auth: none}
drift: {reference: training}
`;

describe('a forecast', () => {
	const place = createWorkplace();
	before(() => {
		writeFileSync(join(place.folder, 'train.csv'), machines(1));
		writeFileSync(join(place.folder, 'next.csv'), machines(2));
		writeFileSync(join(place.folder, 'busy.csv'), machines(3, 60));
		writeFileSync(join(place.folder, 'perch.yaml'), project);
	});
	after(() => place.end());

	it('is trained, and better than the last value and that of a day ago', () => {
		const { run, version, warnings } = place.json<{
			run: { metrics: Record<string, number> };
			version: { task: string };
			warnings: string[];
		}>('train');
		assert.equal(version.task, 'forecast');
		assert.ok(
			(run.metrics['rmse_load'] ?? 1e9) < (run.metrics['baseline_rmse_load'] ?? 0),
			JSON.stringify(run.metrics),
		);
		assert.ok((run.metrics['rmse'] ?? 1e9) < (run.metrics['seasonal_baseline_rmse'] ?? 0));
		assert.deepEqual(warnings, []);
	});

	it('says of each row of a file what follows it, series by series', () => {
		const scored = place.json(
			'predict',
			'--model',
			'machines@production',
			'--input',
			'next.csv',
			'--output',
			'out.csv',
		);
		// The first eleven rows of both machines end no window.
		assert.deepEqual([scored['rows'], scored['rejected']], [2 * rows, 22]);
		const [head, ...lines] = readFileSync(join(place.folder, 'out.csv'), 'utf8').trim().split(/\r?\n/);
		assert.equal(head, 'machine,prediction_load,prediction_heat');
		const heats = lines.slice(40).map((line) => line.split(','));
		for (const [machine, , heat] of heats) {
			assert.ok(Math.abs(Number(heat) - (machine === 'm1' ? 40 : 60)) < 15, `${machine} ${heat}`);
		}
	});

	it('is served: raw rows of one series in order, of which the last is answered as in the file', async () => {
		const { serving_uri } = place.json<{ serving_uri: string }>('serve');
		const [, ...lines] = readFileSync(join(place.folder, 'next.csv'), 'utf8').trim().split('\n');
		const series = lines.filter((line) => line.includes('m2')).map((line) => line.split(',').slice(2).map(Number));
		const answer = await fetch(`${serving_uri}/predict`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ data: series.slice(0, 13).map(([load, heat]) => ({ load, heat })) }),
		});
		const { predictions } = (await answer.json()) as { predictions: ({ forecast: Record<string, number> } | null)[] };
		assert.deepEqual(predictions.slice(0, 11), new Array(11).fill(null));
		const written = place.rows('out.csv').filter(([machine]) => machine === 'm2');
		const [, load, heat] = (written[12] ?? []).map(Number);
		assert.deepEqual(predictions[12], { forecast: { load, heat } });
	});

	it('is watched for drift of the raw rows', () => {
		const drifted = (file: string) => {
			const { columns } = place.json<{ columns: { column: string; drift: boolean | null }[] }>(
				'drift',
				'--current',
				file,
			);
			return Object.fromEntries(columns.map(({ column, drift }) => [column, drift]));
		};
		assert.deepEqual(drifted('next.csv'), { load: false, heat: false });
		assert.deepEqual(drifted('busy.csv'), { load: true, heat: false });
	});

	it('logs the row that each window ends with', () => {
		const { requests } = place.json<{ requests: { inputs: Record<string, number[]> }[] }>(
			'logs',
			'--deployment',
			'machines',
		);
		assert.deepEqual(Object.keys(requests[0]?.inputs ?? {}), ['load', 'heat']);
		assert.equal(requests[0]?.inputs['load']?.length, 2);
	});
});
