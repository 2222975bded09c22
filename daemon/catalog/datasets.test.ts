import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataset as datasetSchema } from '../protocol/datasets.ts';
import { parse } from '../protocol/parse.ts';
import '../protocol/schema.ts';
import { type Catalog, openCatalog } from './catalog.ts';
import { dataset } from './fixtures/dataset.ts';

const author = { actor: 'user' };
const report = {
	...{ id: 'r1', created_at: 5, project: 'p', deployment: null, drift: true, share: 0.6, threshold: 0.5 },
	...{ drifted: 3, columns: 5, psi_max: 0.4, reference: 'a.csv', current: 'b.csv' },
	...{ html: 'r1.html', json: 'r1.json' },
};

describe('datasets', () => {
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
	const startRun = (experiment: string) => catalog.runs.create({ experiment }, author);

	const other = { ...dataset, digest: 'e'.repeat(32), rows: 200 };

	it('are listed once a version, with the runs and reports that used it', () => {
		const [first, second] = [startRun('a'), startRun('b')];
		catalog.runs.useDataset(first.id, dataset, author);
		catalog.runs.useDataset(first.id, dataset, author);
		catalog.runs.useDataset(second.id, dataset, author);
		catalog.runs.useDataset(second.id, { ...other, name: 'test.csv' }, author, 'test');
		catalog.reports.keep(report, author, { current: { ...dataset, version: 1 } });
		const listed = catalog.datasets.list();
		for (const one of listed) parse(datasetSchema, one);
		assert.deepEqual(
			listed.map(({ name, version: number, runs, reports }) => [name, number, runs.toSorted(), reports]),
			[
				['test.csv', 1, [second.id], []],
				['train.csv', 1, [first.id, second.id].toSorted(), ['r1']],
			],
		);
		assert.equal(catalog.runs.get(second.id).dataset?.name, 'train.csv');
		assert.deepEqual(
			catalog.runs.show(second.id).datasets.map(({ name, context }) => [name, context]),
			[
				['train.csv', 'training'],
				['test.csv', 'test'],
			],
		);
	});

	it('count their versions by content, and keep them', () => {
		const numbers = [dataset, other, dataset].map((one) => catalog.datasets.record(one, author).version);
		assert.deepEqual(numbers, [1, 2, 1]);
		assert.deepEqual(
			['train.csv', 'train.csv@1', 'train.csv@v2', 'train.csv@latest', 'train.csv/1'].map(
				(ref) => catalog.datasets.find(ref).rows,
			),
			[200, 100, 200, 200, 100],
		);
		assert.throws(() => catalog.datasets.find('train.csv@3'), {
			code: 'not_found',
			detail: { hint: 'train.csv has the versions 1, 2.' },
		});
		const events = catalog.audit.list({ limit: 9 }).map(({ event, subject }) => `${event} ${subject}`);
		assert.deepEqual(events, ['dataset.recorded train.csv/2', 'dataset.recorded train.csv/1']);
		assert.equal(catalog.audit.verify().valid, true);
	});

	it('are named after their files, with as much of the folder as tells them apart', () => {
		const { datasets } = catalog;
		const named = (path: string) =>
			datasets.record({ ...dataset, name: datasets.nameFor(path), source: path }, author).name;
		assert.deepEqual(
			[
				'/d/a/train.csv.gz',
				'/d/b/train.csv',
				'/e/b/train.csv',
				'/d/b/train.csv',
				'/d/trips_{2021-01..2021-03}.parquet',
				'/d/*.csv',
			].map(named),
			['train', 'b/train', 'e/b/train', 'b/train', 'trips', 'd'],
		);
		assert.equal(datasets.nameFor('/x/rows.csv', 'rows'), 'x/rows');
	});

	it('are known by the file as it was read last', () => {
		const { datasets } = catalog;
		for (const one of [dataset, other, dataset]) datasets.record(one, author);
		assert.equal(datasets.lastFrom(dataset.source)?.digest, dataset.digest);
		datasets.record({ ...other, name: 'p', source: 'p.csv', plain: false }, author);
		assert.equal(datasets.lastFrom('p.csv'), null);
	});
});
