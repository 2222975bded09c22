import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import * as z from 'zod/mini';
import { modelVersion } from '../protocol/models.ts';
import { parse } from '../protocol/parse.ts';
import { run as runSchema, runsShow } from '../protocol/runs.ts';
import '../protocol/schema.ts';
import { type Catalog, openCatalog } from './catalog.ts';
import { dataset } from './fixtures/dataset.ts';

const author = { actor: 'user' };
const version = { name: 'vitalwatch', sha256: 'a'.repeat(64), size: 10, task: 'anomaly', source: 'runs:/x/model.onnx' };

describe('catalog', () => {
	let folder: string;
	let catalog: Catalog;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'perch-catalog-'));
		catalog = openCatalog(folder);
	});
	afterEach(() => {
		catalog.close();
		rmSync(folder, { recursive: true, force: true });
	});
	const startRun = (experiment = 'vitals') => catalog.runs.create({ experiment, commit: 'abc123' }, author);
	const events = () =>
		catalog.audit
			.list({ limit: 100 })
			.map(({ event, subject }) => `${event} ${subject}`)
			.reverse();

	describe('runs', () => {
		it('keep what was logged, in the shape of the protocol', () => {
			const { id, name } = startRun();
			catalog.runs.logParams(id, { trees: '100' });
			catalog.runs.logMetrics(id, [
				{ key: 'loss', value: 2, step: 0, timestamp: 1 },
				{ key: 'loss', value: 1, step: 1, timestamp: 2 },
				{ key: 'odd', value: Number.NaN, timestamp: 3 },
				{ key: 'huge', value: Number.POSITIVE_INFINITY, timestamp: 3 },
			]);
			catalog.runs.setTags(id, { note: 'first' });
			catalog.runs.setEnvironment(id, { node: '24.21.0' });
			catalog.runs.setWarnings(id, ['column y was left out']);
			catalog.runs.logArtifact(id, 'model.onnx', { sha256: 'a'.repeat(64), size: 10 });
			catalog.runs.useDataset(id, dataset, author);
			const ended = catalog.runs.end(id, 'FINISHED', author);

			assert.match(id, /^[0-9a-f]{32}$/);
			assert.match(name, /^[a-z]+-[a-z]+-\d{3}$/);
			assert.equal(ended.status, 'FINISHED');
			const shown = parse(runsShow.result, catalog.runs.show(id));
			assert.deepEqual(shown.run, parse(runSchema, ended));
			const { name: called, digest, rows, source } = dataset;
			assert.deepEqual(
				{ ...shown.run, tags: shown.run.tags['note'], start_time: 0, end_time: 0 },
				{
					id,
					name,
					experiment: 'vitals',
					status: 'FINISHED',
					start_time: 0,
					end_time: 0,
					params: { trees: '100' },
					// NaN is null, and infinity MLflow's largest double.
					metrics: { huge: Number.MAX_VALUE, loss: 1, odd: null },
					tags: 'first',
					dataset: { name: called, version: 1, digest, rows, source },
					commit: 'abc123',
					model: null,
				},
			);
			assert.deepEqual(shown.history['loss'], [
				{ step: 0, timestamp: 1, value: 2 },
				{ step: 1, timestamp: 2, value: 1 },
			]);
			assert.deepEqual(shown.environment, { node: '24.21.0' });
			assert.deepEqual(shown.warnings, ['column y was left out']);
			assert.deepEqual(shown.artifacts, [{ path: 'model.onnx', sha256: 'a'.repeat(64), size: 10 }]);
		});

		it('take the same point and param again, and refuse another value of a param', () => {
			const { id } = startRun();
			for (let time = 0; time < 2; time++) {
				catalog.runs.logParams(id, { trees: '100' });
				catalog.runs.logMetrics(id, [{ key: 'loss', value: 1, step: 3, timestamp: 5 }]);
			}
			assert.equal(catalog.runs.show(id).history['loss']?.length, 1);
			assert.throws(() => catalog.runs.logParams(id, { other: '1', trees: '200' }), { code: 'already_exists' });
			assert.deepEqual(catalog.runs.get(id).params, { trees: '100' });
		});

		it('call the value of the highest step the latest, in whatever order points come', () => {
			const { id } = startRun();
			for (const step of [2, 0, 1]) {
				catalog.runs.logMetrics(id, [{ key: 'loss', value: step * 10, step, timestamp: 100 - step }]);
			}
			assert.equal(catalog.runs.get(id).metrics['loss'], 20);
		});

		it('refuse names and values over MLflow’s limits', () => {
			const { id } = startRun();
			for (const key of ['', 'k'.repeat(251), 'a\nb', '__proto__']) {
				assert.throws(() => catalog.runs.logMetrics(id, [{ key, value: 1 }]), { code: 'invalid_arguments' }, key);
			}
			assert.throws(() => catalog.runs.logParams(id, { long: 'x'.repeat(8001) }), { code: 'invalid_arguments' });
			catalog.runs.logParams(id, { ['k'.repeat(250)]: 'x'.repeat(8000) });
		});

		it('are found by id, unique beginning and unique name', () => {
			const first = startRun();
			catalog.runs.create({ experiment: 'e', name: 'twin' }, author);
			catalog.runs.create({ experiment: 'e', name: 'twin' }, author);
			for (const text of [first.id, first.id.slice(0, 12), first.name]) {
				assert.equal(catalog.runs.find(text).id, first.id);
			}
			assert.throws(() => catalog.runs.find('twin'), { code: 'invalid_arguments', message: /More than one/ });
			assert.throws(() => catalog.runs.find('zzz'), { code: 'not_found' });
			assert.throws(() => catalog.runs.find(''), { code: 'not_found' });
		});

		it('are listed newest first, of one experiment or all', () => {
			const ids = [startRun('a').id, startRun('b').id, startRun('a').id];
			assert.deepEqual(
				catalog.runs.list({ limit: 10 }).map(({ id }) => id),
				ids.toReversed(),
			);
			assert.deepEqual(
				catalog.runs.list({ experiment: 'a', limit: 1 }).map(({ id }) => id),
				[ids[2]],
			);
		});

		it('that a dead daemon left are marked, and those that ended are not', () => {
			const left = startRun();
			const ended = startRun();
			catalog.runs.end(ended.id, 'FAILED', { actor: 'daemon', reason: 'the file was empty' });
			catalog.close();
			catalog = openCatalog(folder);
			assert.deepEqual(catalog.runs.markInterrupted(), [left.id]);
			assert.deepEqual(catalog.runs.markInterrupted(), []);
			const { status, tags, end_time } = catalog.runs.get(left.id);
			assert.deepEqual([status, tags['perch.interrupted'], end_time === null], ['KILLED', 'true', false]);
			const failed = catalog.runs.get(ended.id);
			assert.deepEqual([failed.status, failed.tags['perch.reason']], ['FAILED', 'the file was empty']);
			assert.throws(() => catalog.runs.end(left.id, 'FINISHED', author), { code: 'invalid_arguments' });
		});

		it('go when deleted, unless they are at work or made a version', () => {
			const { id } = startRun();
			assert.throws(() => catalog.runs.remove(id, author), { code: 'invalid_arguments', message: /at work/ });
			catalog.runs.end(id, 'FINISHED', author);
			const made = catalog.models.createVersion({ ...version, origin: 'training', runId: id }, author);
			assert.deepEqual(catalog.runs.get(id).model, { name: 'vitalwatch', version: made.version });
			assert.throws(() => catalog.runs.remove(id, author), { message: /made vitalwatch\/1/ });
			const other = startRun();
			catalog.runs.end(other.id, 'KILLED', author);
			catalog.runs.remove(other.id, author);
			assert.deepEqual(
				catalog.runs.list({ limit: 9 }).map((one) => one.id),
				[id],
			);
			assert.throws(() => catalog.runs.show(other.id), { code: 'not_found' });
		});
	});

	describe('models', () => {
		const add = (status: 'ready' | 'failed' = 'ready') =>
			catalog.models.createVersion({ ...version, origin: 'import', status }, author);

		it('number their versions and show the metrics and data of the run behind', () => {
			const { id } = startRun();
			catalog.runs.logMetrics(id, [{ key: 'f1', value: 0.9 }]);
			catalog.runs.useDataset(id, dataset, author);
			catalog.models.createVersion({ ...version, origin: 'training', runId: id, mainMetric: 'f1' }, author);
			add();
			const model = catalog.models.get('vitalwatch');
			assert.deepEqual(
				model.versions.map((one) => [one.version, one.source, one.metrics, one.main_metric, one.dataset?.digest]),
				[
					[2, 'import', {}, null, undefined],
					[1, 'training', { f1: 0.9 }, 'f1', dataset.digest],
				],
			);
			for (const one of model.versions) parse(modelVersion, one);
			assert.deepEqual(catalog.models.list(), [model]);
		});

		it('resolve references, and name what there is when there is no such', () => {
			for (let count = 0; count < 3; count++) add();
			catalog.models.setAlias('vitalwatch', 'production', 1, author);
			const number = (ref: string) => catalog.models.resolve(ref).version;
			assert.deepEqual(['vitalwatch@production', 'vitalwatch@latest', 'vitalwatch/2'].map(number), [1, 3, 2]);
			const failing: [string, string, RegExp][] = [
				['vitalwatch@nobody', 'not_found', /vitalwatch@production, vitalwatch@latest/],
				['vitalwatch/9', 'not_found', /3, 2, 1/],
				['other@latest', 'not_found', /There is vitalwatch/],
				['vitalwatch', 'invalid_arguments', /name@alias/],
			];
			for (const [ref, code, hint] of failing) {
				assert.throws(
					() => catalog.models.resolve(ref),
					(error: { code: string; detail: { hint: string } }) => error.code === code && hint.test(error.detail.hint),
					ref,
				);
			}
		});

		it('move aliases, and tell which version had one before', () => {
			for (let count = 0; count < 3; count++) add();
			const set = (number: number) => catalog.models.setAlias('vitalwatch', 'production', number, author).previous;
			assert.deepEqual([1, 2, 3].map(set), [null, 1, 2]);
			assert.equal(catalog.models.before('vitalwatch', 'production')?.version, 2);
			catalog.models.archive('vitalwatch', 2, author);
			assert.equal(catalog.models.before('vitalwatch', 'production')?.version, 1);
			assert.equal(catalog.models.before('vitalwatch', 'candidate'), null);
			assert.equal(catalog.models.behind('vitalwatch', 'production')?.version, 3);
			assert.equal(catalog.models.behind('vitalwatch', 'candidate'), null);
		});

		it('lose aliases when archived, are not served until restored, and keep their number', () => {
			add();
			add();
			catalog.models.setAlias('vitalwatch', 'production', 2, author);
			const archived = catalog.models.archive('vitalwatch', 2, { actor: 'guard', reason: 'drift' });
			assert.deepEqual([archived.status, archived.aliases], ['archived', []]);
			assert.equal(catalog.models.resolve('vitalwatch@latest').version, 1);
			assert.throws(() => catalog.models.resolveReady('vitalwatch/2'), { message: /archived/ });
			assert.throws(() => catalog.models.setAlias('vitalwatch', 'production', 2, author), { message: /archived/ });
			assert.equal(catalog.models.restore('vitalwatch', 2, author).status, 'ready');
			assert.equal(catalog.models.resolveReady('vitalwatch/2').version, 2);
			assert.equal(add().version, 3);
		});

		it('keep a version that failed its validation from being promoted', () => {
			add('failed');
			assert.throws(() => catalog.models.setAlias('vitalwatch', 'production', 1, author), { message: /failed/ });
			assert.throws(() => catalog.models.resolve('vitalwatch@latest'), { code: 'not_found' });
		});
	});

	it('keeps deployments, reports and settings', () => {
		const event = { event: 'deployment.started', author };
		catalog.deployments.save('v', { config: { model: 'vitalwatch', share: 0.1 }, desired: 'serving' }, event);
		catalog.deployments.refresh('v', { model: 'vitalwatch', share: 0 });
		const kept = catalog.deployments.get('v');
		assert.deepEqual([kept?.config, kept?.desired], [{ model: 'vitalwatch', share: 0 }, 'serving']);
		assert.equal(catalog.deployments.get('w'), null);

		const summary = {
			...{ id: 'r1', created_at: 5, project: 'p', deployment: null, drift: true, share: 0.6, threshold: 0.5 },
			...{ drifted: 3, columns: 5, psi_max: 0.4, reference: 'a.csv', current: 'b.csv' },
			html: join(folder, 'reports/r1.html'),
			json: join(folder, 'reports/r1.json'),
		};
		catalog.reports.keep(summary, { actor: 'daemon' });
		catalog.reports.keep({ ...summary, id: 'r2', created_at: 6, project: 'q' }, { actor: 'daemon' });
		assert.deepEqual(
			catalog.reports.list({ limit: 9 }).map(({ id }) => id),
			['r2', 'r1'],
		);
		assert.deepEqual(catalog.reports.list({ project: 'p', limit: 9 }), [summary]);
		assert.equal(catalog.reports.get('latest').id, 'r2');
		assert.throws(() => catalog.reports.get('r3'), { code: 'not_found' });

		const schema = z.object({ port: z.number() });
		catalog.settings.set('port.v', { port: 8123 });
		assert.deepEqual(catalog.settings.get('port.v', schema), { port: 8123 });
		assert.equal(catalog.settings.get('port.w', schema), null);
		catalog.settings.remove('port.v');
		assert.equal(catalog.settings.get('port.v', schema), null);
		assert.deepEqual(events(), ['deployment.started v', 'drift.reported r1', 'drift.reported r2']);
	});

	describe('transactions', () => {
		it('change all or nothing, with the audit, and tell only what was committed', () => {
			const told: string[] = [];
			const forget = catalog.onChange((name, { subject, event }) => told.push(`${name} ${event} ${subject}`));
			assert.throws(
				() =>
					catalog.transaction(() => {
						catalog.models.createVersion({ ...version, origin: 'import' }, author);
						catalog.models.setAlias('vitalwatch', 'production', 7, author);
					}),
				{ code: 'not_found' },
			);
			assert.deepEqual([catalog.models.list(), events(), told], [[], [], []]);

			catalog.transaction(() => {
				catalog.models.createVersion({ ...version, origin: 'import' }, author);
				assert.deepEqual(told, []);
				try {
					catalog.transaction(() => {
						catalog.models.setAlias('vitalwatch', 'candidate', 1, author);
						throw new Error('a part that fails');
					});
				} catch {
					// Undone alone: what came before it stays.
				}
				catalog.models.setAlias('vitalwatch', 'production', 1, author);
			});
			assert.deepEqual(catalog.models.resolve('vitalwatch/1').aliases, ['production']);
			const expected = ['version.created vitalwatch/1', 'alias.set vitalwatch/1'];
			assert.deepEqual(events(), expected);
			assert.deepEqual(
				told,
				expected.map((event) => `models/changed ${event}`),
			);
			forget();
			catalog.models.archive('vitalwatch', 1, author);
			assert.equal(told.length, 2);
			assert.equal(catalog.audit.verify().valid, true);
		});

		it('leave a file that SQLite calls whole, which another reader can open', () => {
			startRun();
			const reader = new Sqlite(join(folder, 'catalog.db'), { readonly: true });
			assert.equal(reader.pragma('integrity_check', { simple: true }), 'ok');
			assert.deepEqual(reader.pragma('foreign_key_check'), []);
			reader.close();
		});
	});
});
