import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Applied } from '../../daemon/serve/control.ts';
import type { DeploymentConfig } from '../../daemon/serve/deploymentConfig.ts';
import { keepLastDrift } from '../../daemon/serve/lastDrift.ts';
import { compactedPath, logFolder } from '../../daemon/serve/segments.ts';
import { http, type ServedFolder, servedFolder, token } from './servedFolder.ts';
import { limitModel, sumModel, writeVersion } from './smallModels.ts';

interface Predictions {
	predictions: unknown[];
	prediction_id: string;
	model: string;
	version: number;
	arm: string;
	rejected?: number;
}
interface Refused {
	error: { code: string; message: string; hint?: string; field?: string };
}

const inputs = ['a', 'b'];

describe('the last drift report', () => {
	it('is answered from its file, under a name of your own too', async () => {
		const report = {
			overall_drift_detected: true,
			drift_indicators: { a: { drift_percentage: 42.6, significant_drift: true } },
		};
		const folder = servedFolder();
		after(() => folder.remove());
		const baseline = writeVersion(folder.file('reported.onnx'), sumModel({ inputs }), 1);
		const { deployment } = await folder.link.apply(
			folder.config(baseline, { name: 'reported', routes: { '/api/drift_report': 'drift' } }),
		);
		const none = await http<Refused>(`${deployment.uri}/drift`);
		assert.deepEqual([none.status, none.body.error.code], [404, 'not_found']);
		keepLastDrift(join(folder.root, '.perch', 'drift'), 'reported', report);
		for (const path of ['/deployments/reported/drift', '/deployments/reported/api/drift_report', '/api/drift_report']) {
			const { status, body } = await http(deployment.uri + path);
			assert.deepEqual([status, body], [200, report], path);
		}
		const posted = await http<Refused>(`${deployment.uri}/api/drift_report`, { body: { data: [[1, 2]] } });
		assert.deepEqual([posted.status, posted.body.error.code], [405, 'invalid_arguments']);
		assert.equal((await http(`${deployment.uri}/deployments/reported/nowhere`)).status, 404);
	});
});

describe('what a deployment answers', () => {
	let folder: ServedFolder;
	let uri: string;
	const serve = (config: DeploymentConfig): Promise<Applied> => folder.link.apply(config);

	before(async () => {
		folder = servedFolder();
		const baseline = writeVersion(folder.file('sum.onnx'), sumModel({ inputs }), 1);
		uri = (await serve(folder.config(baseline))).deployment.uri;
	});
	after(() => folder.remove());

	it('answers rows in every shape with the same numbers', async () => {
		const rows = [
			[0.5, 0.25],
			[-1, 3],
			[10, 1.5],
		];
		const objects = rows.map(([a, b]) => ({ a, b }));
		for (const path of [
			'/predict',
			'/predict_batch',
			'/deployments/small/predict',
			'/deployments/small/predict_batch',
		]) {
			for (const body of [{ data: rows }, rows, objects, { data: objects }]) {
				const { status, body: answer, headers } = await http<Predictions>(uri + path, { body });
				assert.equal(status, 200);
				assert.deepEqual(answer.predictions, [0.75, 2, 11.5]);
				assert.deepEqual([answer.model, answer.version, answer.arm], ['small', 1, 'baseline']);
				assert.match(answer.prediction_id, /^[0-9a-f-]{36}$/);
				assert.equal(headers['x-perch-prediction-id'], answer.prediction_id);
				assert.equal(headers['x-perch-model-version'], '1');
				assert.equal(headers['x-perch-arm'], 'baseline');
			}
		}
		assert.deepEqual((await http<Predictions>(`${uri}/predict`, { body: { b: 1, a: 2 } })).body.predictions, [3]);
	});

	it('answers null for a row that cannot be told', async () => {
		assert.deepEqual((await http<Predictions>(`${uri}/predict`, { body: [{ a: null, b: 1 }] })).body.predictions, [
			null,
		]);
	});

	it('says which row is wrong, and how', async () => {
		const { status, body } = await http<Refused>(`${uri}/predict`, {
			body: {
				data: [
					[1, 2],
					[1, 'two'],
				],
			},
		});
		assert.equal(status, 400);
		assert.deepEqual(body.error, {
			code: 'invalid_data',
			message: 'Row 2, "b": found "two".',
			field: 'data[1].b',
			hint: 'Send a number of up to 3.4e38, or null.',
		});
	});

	it('tells what it serves and takes', async () => {
		const { body } = await http(`${uri}/model/info`);
		assert.deepEqual(body, {
			model: 'small',
			version: 1,
			alias: null,
			task: 'regression',
			inputs: inputs.map((name) => ({ name, type: 'float' })),
			outputs: ['prediction'],
			window: null,
			columns: null,
			metrics: { r2: 0.5 },
			trained_at: 7,
			dataset: null,
		});
		assert.deepEqual((await http(`${uri}/health`)).body, { status: 'ok', deployments: ['small'] });
	});

	it('counts for Prometheus', async () => {
		await http(`${uri}/predict`, {
			body: {
				data: [
					[1, 2],
					[3, 4],
				],
			},
		});
		const { text, headers } = await http(`${uri}/metrics`);
		assert.match(String(headers['content-type']), /^text\/plain/);
		const labels = 'deployment="small",model="small",version="1",variant="baseline"';
		assert.match(text, new RegExp(`perch_inference_requests_total\\{${labels},code="200"\\} \\d+`));
		assert.match(text, new RegExp(`perch_inference_requests_total\\{${labels},code="400"\\} 1`));
		assert.match(text, new RegExp(`perch_inference_duration_seconds_bucket\\{le="0.0005",${labels}\\}`));
		assert.match(text, /perch_model_info\{model="small",version="1",digest="[0-9a-f]{64}"\} 1/);
		assert.match(text, /perch_canary_weight\{deployment="small"\} 0/);
		assert.match(text, /perch_inference_in_flight\{deployment="small"\} 0/);
	});

	it('refuses addresses and methods that it does not have', async () => {
		assert.equal((await http(`${uri}/nowhere`)).status, 404);
		assert.equal((await http<Refused>(`${uri}/nowhere`, { body: {} })).body.error.code, 'not_found');
		assert.equal((await http(`${uri}/deployments/other/predict`, { body: {} })).status, 404);
		assert.match((await http<Refused>(`${uri}/deployments/other/model/info`)).body.error.hint ?? '', /small/);
		assert.equal((await http(`${uri}/predict`)).status, 405);
		assert.equal((await http(`${uri}/predict`, { method: 'DELETE' })).status, 404);
	});

	it('refuses pages, foreign hosts and other content types', async () => {
		const body = { data: [[1, 2]] };
		assert.equal((await http(`${uri}/predict`, { body, headers: { host: 'evil.test' } })).status, 403);
		assert.equal((await http(`${uri}/predict`, { body, headers: { origin: 'http://evil.test' } })).status, 403);
		assert.equal((await http(`${uri}/health`, { headers: { origin: 'http://evil.test' } })).status, 403);
		assert.equal((await http(`${uri}/predict`, { body, headers: { 'sec-fetch-site': 'cross-site' } })).status, 403);
		assert.equal((await http(`${uri}/predict`, { body, headers: { 'content-type': 'text/plain' } })).status, 415);
	});

	it('asks for the token on every route but health', async () => {
		const closed = writeVersion(folder.file('closed.onnx'), sumModel({ inputs }), 1, 'closed');
		const config = folder.config(closed, { name: 'closed', auth: 'token', routes: { '/api/p': 'predict' } });
		const { deployment } = await serve(config);
		assert.equal(deployment.uri, uri, 'a second deployment joins the port');
		const routes: [string, string][] = [
			['POST', 'predict'],
			['POST', 'predict_batch'],
			['POST', 'api/p'],
			['GET', 'model/info'],
			['GET', 'logs'],
			['GET', 'metrics'],
		];
		const authorization = `Bearer ${token}`;
		for (const [method, path] of routes) {
			const at = `${uri}/deployments/closed/${path}`;
			const body = method === 'POST' ? { body: { data: [[1, 2]] } } : {};
			assert.equal((await http(at, { method, ...body })).status, 401, path);
			assert.equal((await http(at, { method, ...body, headers: { authorization: 'Bearer x' } })).status, 401, path);
			assert.equal((await http(at, { method, ...body, headers: { authorization } })).status, 200, path);
		}
		assert.equal((await http(`${uri}/deployments/closed/health`)).status, 200);
		assert.equal((await http(`${uri}/metrics`)).status, 401, 'the metrics tell of the closed deployment too');

		const ambiguous = await http<Refused>(`${uri}/predict`, { body: { data: [[1, 2]] } });
		assert.equal(ambiguous.status, 409);
		assert.match(ambiguous.body.error.hint ?? '', /\/deployments\/small\/predict or \/deployments\/closed\/predict/);
		assert.equal((await http(`${uri}/api/p`, { body: { data: [[1, 2]] }, headers: { authorization } })).status, 200);
		await folder.link.remove('closed');
		assert.equal((await http(`${uri}/predict`, { body: { data: [[1, 2]] } })).status, 200);
	});

	it('answers anomalies with label and scores, and old clients with bare labels', async () => {
		const limit = writeVersion(folder.file('limit.onnx'), limitModel({ inputs }, -5), 1, 'limit');
		const routes = { '/predict': { predict: true, answer: 'labels' }, '/api/full': 'predict' } as const;
		const { deployment, warnings } = await serve(
			folder.config(limit, { name: 'limit', routes, port: await freePort(), portFixed: true }),
		);
		assert.deepEqual(warnings, []);
		assert.notEqual(deployment.uri, uri);
		const body = {
			data: [
				[0.5, 0.2],
				[-1.2, 0.8],
				[10, 1.5],
			],
		};
		assert.deepEqual((await http(`${deployment.uri}/predict`, { body })).body, [1, 1, -1]);
		assert.deepEqual((await http(`${deployment.uri}/deployments/limit/predict`, { body })).body, [1, 1, -1]);
		for (const path of ['/api/full', '/predict_batch']) {
			const { predictions } = (await http<Predictions>(deployment.uri + path, { body })).body;
			assert.deepEqual(predictions[2], { label: -1, score: -11.5, anomaly_score: 1 });
		}
		assert.equal(
			(await http<Predictions>(`${uri}/predict`, { body })).body.model,
			'small',
			'each port has its own deployment',
		);
		await folder.link.remove('limit');
		await assert.rejects(http(`${deployment.uri}/health`), 'the port is closed');
	});

	it('answers raw rows of a series from the first full window on', async () => {
		const window = { size: 3, step: 1, features: ['mean', 'max'] as ('mean' | 'max')[] };
		const model = sumModel({ inputs: ['v_mean', 'v_max'], window, columns: ['v'] });
		const series = writeVersion(folder.file('series.onnx'), model, 1, 'series');
		await serve(folder.config(series, { name: 'series' }));
		const at = `${uri}/deployments/series/predict`;
		const { body } = await http<Predictions>(at, { body: { data: [[1], [2], [6], [4]] } });
		// Mean and maximum of 1, 2, 6 are 3 and 6; of 2, 6, 4 they are 4 and 6.
		assert.deepEqual(body.predictions, [null, null, 9, 10]);
		assert.equal(body.rejected, 2);
		assert.deepEqual((await http<Predictions>(at, { body: [{ v: 1 }] })).body.predictions, [null]);
		assert.deepEqual((await http<Predictions>(at, { body: { data: [[3, 6]] } })).body.predictions, [9]);
		const info = (await http<{ columns: unknown }>(`${uri}/deployments/series/model/info`)).body;
		assert.deepEqual(info.columns, [{ name: 'v', type: 'double' }]);
		await folder.link.remove('series');
	});

	it('shows its log, newest first, with the columns as the model saw them', async () => {
		await http(`${uri}/predict`, {
			body: {
				data: [
					[1, 2],
					[3, 4],
				],
			},
			headers: { 'x-perch-key': 'me' },
		});
		const { body } = await http<{ requests: Record<string, unknown>[]; next: string | null }>(`${uri}/logs?limit=1`);
		const [last] = body.requests;
		assert.deepEqual(
			[last?.['route'], last?.['status'], last?.['rows'], last?.['arm']],
			['/predict', 200, 2, 'baseline'],
		);
		assert.deepEqual(last?.['inputs'], { a: [1, 3], b: [2, 4] });
		assert.deepEqual(last?.['outputs'], { prediction: [3, 7] });
		// printf me | sha256sum
		assert.equal(last?.['key'], '2744ccd10c7533bd');
		assert.notEqual(body.next, null);
		const older = await http<{ requests: { status: number; error?: string }[] }>(
			`${uri}/logs?limit=1000&before=${body.next}`,
		);
		assert.ok(
			older.body.requests.some(({ status, error }) => status === 400 && error?.includes('"two"')),
			'failed ones too',
		);
		assert.equal((await http(`${uri}/logs?limit=0`)).status, 400);
		assert.equal((await http(`${uri}/logs?before=../x`)).status, 400);
	});

	it('logs the rows of the share that was asked for, and counts all', async () => {
		const quiet = writeVersion(folder.file('quiet.onnx'), sumModel({ inputs }), 1, 'quiet');
		await serve(folder.config(quiet, { name: 'quiet', log: 0 }));
		const at = `${uri}/deployments/quiet`;
		await http(`${at}/predict`, { body: { data: [[1, 2]] } });
		const { body } = await http<{ requests: Record<string, unknown>[] }>(`${at}/logs`);
		assert.deepEqual(
			body.requests.map(({ inputs: rows, outputs, rows: count }) => [rows, outputs, count]),
			[[null, null, 1]],
		);
		await folder.link.remove('quiet');
	});

	it('says who reads what is compacted', async () => {
		const old = compactedPath(logFolder(join(folder.root, '.perch', 'requests'), 'small'), '5-0');
		mkdirSync(dirname(old));
		writeFileSync(old, '');
		const { body } = await http<{ next: string }>(`${uri}/logs?limit=1000`);
		assert.equal(body.next, '5-0:0');
		const older = await http<Refused>(`${uri}/logs?before=${body.next}`);
		assert.equal(older.status, 503);
		assert.match(older.body.error.hint ?? '', /perch logs --deployment "small"/);
	});
});

async function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
		});
	});
}
