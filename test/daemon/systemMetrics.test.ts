import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createWorkplace } from './commandLine.ts';

interface Trained {
	run: { metrics: Record<string, number> };
	version: { name: string; task: string };
	warnings: string[];
}

interface Row {
	cpu: number;
	memory: number;
	odd: boolean;
}

type Kind = 'load' | 'leak' | 'stall';

describe('the system metrics sample', () => {
	const place = createWorkplace('system-metrics');
	before(() => {
		for (const part of ['baseline', 'live']) {
			place.json('simulate', 'data', `simulate/${part}.yaml`, '--output', `data/${part}.csv`);
		}
	});
	after(() => place.end());

	/** Events of the live rows, and how many of each kind a model found; usual rows that it called odd. */
	function findings(model: string): { found: Record<Kind, [number, number]>; false: number } {
		place.json('predict', '--model', `${model}@production`, '--input', 'data/live.csv', '--output', 'scored.csv');
		const rows = place
			.rows('data/live.csv')
			.map(([, cpu, memory, , odd]): Row => ({ cpu: Number(cpu), memory: Number(memory), odd: odd === '1' }));
		// A label −1, or the class 1.
		const called = place
			.rows('scored.csv')
			.map(([, said]) => said === (model === 'system-metrics-labels' ? '1' : '-1'));
		const found: Record<Kind, [number, number]> = { load: [0, 0], leak: [0, 0], stall: [0, 0] };
		for (let from = 0; from < rows.length; from++) {
			if (rows[from]?.odd !== true || rows[from - 1]?.odd === true) continue;
			const end = rows.findIndex((row, index) => index > from && !row.odd);
			const event = rows.slice(from, end < 0 ? rows.length : end);
			const kind = event.some(({ cpu }) => cpu > 70)
				? 'load'
				: event.some(({ memory }) => memory > 66)
					? 'leak'
					: 'stall';
			found[kind][0] += +called.slice(from, from + event.length).includes(true);
			found[kind][1]++;
		}
		return { found, false: called.filter((isCalled, row) => isCalled && rows[row]?.odd === false).length };
	}

	it('an isolation forest finds what is far out, and no stalls', () => {
		const { run, version } = place.json<Trained>('train');
		assert.equal(version.name, 'system-metrics');
		assert.ok((run.metrics['test_roc_auc'] ?? 0) > 0.8);
		assert.ok(Math.abs((run.metrics['anomaly_rate'] ?? 0) - 0.1) < 0.01);
		const { found } = findings('system-metrics');
		assert.deepEqual(
			[found.load, found.leak],
			[
				[7, 7],
				[2, 2],
			],
		);
		assert.ok(found.stall[0] <= 3 && found.stall[1] === 6, String(found.stall));
	});

	it('a random forest on labels finds the same with few false alarms', () => {
		const { run, version, warnings } = place.json<Trained>('train', '--config', 'randomForest.yaml');
		assert.equal(version.task, 'classification');
		assert.deepEqual(warnings, []);
		assert.ok((run.metrics['log_loss'] ?? 1) < (run.metrics['baseline_log_loss'] ?? 0));
		const { found, false: alarms } = findings('system-metrics-labels');
		assert.deepEqual(
			[found.load, found.leak],
			[
				[7, 7],
				[2, 2],
			],
		);
		assert.ok(found.stall[0] <= 3 && alarms < 20, `${found.stall} and ${alarms}`);
	});

	it('an LSTM finds the stalls too, in a file and as a service', async () => {
		const { run, warnings } = place.json<Trained>('train', '--config', 'lstm.yaml');
		assert.deepEqual(warnings, []);
		assert.ok((run.metrics['validation_loss'] ?? 1) < 0.7 * (run.metrics['baseline_validation_loss'] ?? 0));
		const { found, false: alarms } = findings('system-metrics-forecast');
		assert.deepEqual(
			[found.load, found.leak],
			[
				[7, 7],
				[2, 2],
			],
		);
		assert.ok(found.stall[0] >= 5 && alarms < 150, `${found.stall} and ${alarms}`);
		const { serving_uri } = place.json<{ serving_uri: string }>('serve', '--config', 'lstm.yaml');
		const rows = place.rows('data/live.csv').slice(0, 11);
		const answer = await fetch(`${serving_uri}/predict`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ data: rows.map(([, ...values]) => values.slice(0, 3).map(Number)) }),
		});
		const { predictions } = (await answer.json()) as { predictions: ({ label: number; score: number } | null)[] };
		const [, label, score] = place.rows('scored.csv')[10] ?? [];
		assert.equal(predictions.filter((one) => one === null).length, 10);
		assert.equal(predictions[10]?.label, Number(label));
		assert.ok(Math.abs((predictions[10]?.score ?? Number.NaN) - Number(score)) < 1e-5);
	});

	const real = process.env['PERCH_REAL_DATA'];
	it('learns a published series', function () {
		if (real === undefined) {
			process.stderr.write(
				'SKIPPED the published CPU series: set PERCH_REAL_DATA to the folder of the real data sets\n',
			);
			this.skip();
		}
		const file = join(real, 'nab/realAWSCloudwatch/ec2_cpu_utilization_825cc2.csv');
		const forest = place.json<Trained>('train', '--set', `data={source: ${file}, columns: [value]}`);
		assert.ok(Math.abs((forest.run.metrics['anomaly_rate'] ?? 0) - 0.1) < 0.01);
		const data = `data={source: ${file}, time: timestamp, columns: [value], window: {size: 11, features: raw}}`;
		const net = place.json<Trained>('train', '--config', 'lstm.yaml', '--set', data);
		assert.ok(
			(net.run.metrics['validation_loss'] ?? 1e9) < (net.run.metrics['baseline_validation_loss'] ?? 0),
			JSON.stringify(net.run.metrics),
		);
	});
});
