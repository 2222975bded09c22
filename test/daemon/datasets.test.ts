import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../daemon/protocol/methods.ts';
import { createWorkplace } from './commandLine.ts';

describe('perch datasets', () => {
	const place = createWorkplace();
	after(() => place.end());

	/** 300 rows of x and y, with `nulls` empty cells at the start of y, and columns of more names. */
	function write(file: string, { shift = 0, nulls = 0, more = '' } = {}): string {
		const path = join(place.folder, file);
		const rows = Array.from({ length: 300 }, (_, i) => {
			const y = i < nulls ? '' : Math.cos(i) + shift;
			return `${Math.sin(i) + shift},${y}${more === '' ? '' : `,${i % 7}`}`;
		});
		writeFileSync(path, `x,y${more === '' ? '' : `,${more}`}\n${rows.join('\n')}\n`);
		return path;
	}
	const train = (...args: string[]) =>
		place.json<Result<'train'>>('train', '--data', 'train.csv', '--model', 'isolation_forest', ...args);
	const names = () =>
		place
			.json<Result<'datasets/list'>>('datasets', 'list')
			.datasets.map(({ name, version, runs, reports }) => [`${name}@${version}`, runs.length, reports.length]);

	it('give a file a version when its content changes, and name it in run, model and report', () => {
		const path = write('train.csv');
		const first = train();
		assert.deepEqual([first.run.dataset?.name, first.run.dataset?.version], ['train', 1]);
		assert.deepEqual(first.version?.dataset, first.run.dataset);

		// The same content under another time is the same version.
		utimesSync(path, 1_000_000, 1_000_000);
		assert.equal(train().run.dataset?.version, 1);

		write('train.csv', { shift: 3, nulls: 30, more: 'k' });
		const changed = train('--test', write('held.csv', { shift: 3, more: 'k' }));
		assert.equal(changed.run.dataset?.version, 2);
		const { datasets } = place.json<Result<'runs/show'>>('runs', 'show', changed.run.id);
		assert.deepEqual(
			datasets.map(({ context, name, version }) => `${context} ${name}@${version}`),
			['training train@2', 'test held@1'],
		);

		write('now.csv');
		const report = place.json<Result<'drift'>>('drift', '--reference', 'train.csv', '--current', 'now.csv');
		assert.deepEqual(report.reference.dataset, { name: 'train', version: 2, digest: changed.run.dataset?.digest });
		assert.deepEqual([report.current.dataset?.name, report.current.dataset?.version], ['now', 1]);
		// What the file now holds is what the first training read.
		assert.equal(report.current.digest, first.run.dataset?.digest);
		assert.deepEqual(names(), [
			['now@1', 0, 1],
			['held@1', 1, 0],
			['train@2', 1, 1],
			['train@1', 2, 0],
		]);
	});

	it('tell what changed, after the earlier file is gone', () => {
		const diff = place.json<Result<'datasets/diff'>>('datasets', 'diff', 'train');
		assert.deepEqual([diff.from.version, diff.to.version, diff.same], [1, 2, false]);
		assert.deepEqual(diff.added, [{ name: 'k', type: 'integer' }]);
		assert.deepEqual(diff.files.changed, [join(place.folder, 'train.csv')]);
		const y = diff.changed.find(({ column }) => column === 'y');
		assert.deepEqual([y?.from.nulls, y?.to.nulls], [0, 30]);
		const x = diff.changed.find(({ column }) => column === 'x');
		assert.ok(Math.abs((x?.to.mean ?? 0) - (x?.from.mean ?? 0) - 3) < 1e-9);
		assert.equal(place.json<Result<'datasets/diff'>>('datasets', 'diff', 'now', 'train@1').same, true);
		assert.match(place.perch('datasets', 'diff', 'train@1', 'train@2').stdout, /Columns added: k \(integer\)/);
		const { code, error } = place.refused('datasets', 'diff', 'train@7');
		assert.deepEqual([code, error.code, error.hint], [2, 'not_found', 'train has the versions 1, 2.']);
		assert.equal(place.refused('datasets', 'diff', 'train@1').error.code, 'not_found');
	});

	it('show a version as it was kept, with its file and what it trained', () => {
		const { dataset, details, models } = place.json<Result<'datasets/show'>>('datasets', 'show', 'train@2');
		const sha256 = createHash('sha256')
			.update(readFileSync(join(place.folder, 'train.csv')))
			.digest('hex');
		assert.deepEqual(
			dataset?.files.map((file) => file.sha256),
			[sha256],
		);
		assert.deepEqual(
			details.map(({ name, nulls, max }) => [name, nulls, name === 'k' ? max : null]),
			[
				['x', 0, null],
				['y', 30, null],
				['k', 0, 6],
			],
		);
		assert.deepEqual(models, [{ name: 'train', version: 3 }]);
		assert.match(place.perch('datasets', 'show', 'train@1').stdout, /trained: train\/2, train\/1/);
	});

	it('tell files of one name apart, and the data of a project from their file', () => {
		mkdirSync(join(place.folder, 'b'));
		write('b/train.csv', { shift: 1 });
		const { reference, current } = place.json<Result<'drift'>>(
			...['drift', '--reference', 'train.csv', '--current', 'b/train.csv'],
		);
		assert.deepEqual([reference.dataset?.name, current.dataset?.name], ['train', 'b/train']);
		assert.equal(place.json<Result<'datasets/show'>>('datasets', 'show', 'b/train').dataset?.version, 1);
		assert.equal(place.json<Result<'datasets/show'>>('datasets', 'show', 'b/train.csv').head.length, 10);
		writeFileSync(
			join(place.folder, 'perch.yaml'),
			'name: pump\ndata: {source: train.csv}\nmodel: {type: isolation_forest, task: anomaly}\nregister: {as: pump}\n',
		);
		const trained = place.json<Result<'train'>>('train');
		assert.deepEqual([trained.run.dataset?.name, trained.run.dataset?.version], ['pump', 1]);
		assert.equal(trained.run.dataset?.digest, reference.digest);
		const own = place.json<Result<'drift'>>('drift', '--reference', 'training', '--current', 'b/train.csv');
		assert.deepEqual([own.reference.dataset?.name, own.reference.dataset?.version], ['pump', 1]);
	});

	it('are written down in the audit trail', () => {
		const { events } = place.json<Result<'audit/show'>>('audit', 'show', '--subject', 'train');
		const recorded = events.filter(({ event }) => event === 'dataset.recorded');
		assert.deepEqual(
			recorded.map(({ subject }) => subject),
			['train/2', 'train/1'],
		);
		assert.equal(place.json<Result<'audit/verify'>>('audit', 'verify').valid, true);
	});
});
