import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createWorkplace } from './commandLine.ts';

describe('bad input', () => {
	const place = createWorkplace('vitalwatch');
	const write = (name: string, text: string | Buffer) => writeFileSync(join(place.folder, name), text);
	after(() => place.end());

	it('names a missing file', () => {
		const { code, error } = place.refused('train', '--data', 'nowhere.csv', '--model', 'isolation_forest');
		assert.deepEqual([code, error.code], [2, 'file_not_found']);
		assert.ok(error.file?.endsWith('nowhere.csv'));
	});

	it('refuses an empty CSV and one with a header alone', () => {
		write('empty.csv', '');
		write('header.csv', 'a,b\n');
		for (const file of ['empty.csv', 'header.csv']) {
			const { code, error } = place.refused('train', '--data', file, '--model', 'isolation_forest');
			assert.deepEqual([code, error.code], [1, 'empty_data']);
			assert.ok(error.file?.endsWith(file));
		}
	});

	it('names file and line of an unknown key', () => {
		write(
			'bad.yaml',
			'name: a\ndata:\n  source: data/train.csv\n  windows: {size: 30}\nmodel: {type: isolation_forest}\n',
		);
		const { code, error } = place.refused('train', '--config', 'bad.yaml');
		assert.deepEqual([code, error.code, error.line, error.field], [2, 'invalid_config', 4, 'data.windows']);
		assert.match(error.hint ?? '', /window/);
	});

	it('names file and line of an unknown column', () => {
		write(
			'column.yaml',
			'name: a\ndata:\n  source: data/train.csv\n  key: patientt\nmodel: {type: isolation_forest}\n',
		);
		const { code, error } = place.refused('train', '--config', 'column.yaml');
		assert.deepEqual([code, error.code, error.line, error.field], [2, 'unknown_column', 4, 'data.key']);
		assert.match(error.hint ?? '', /patient/);
	});

	it('names the field of a wrong type', () => {
		const { code, error } = place.refused('train', '--set', 'model.params.trees=many');
		assert.equal(code, 2);
		assert.match(error.field ?? '', /trees/);
		assert.match(error.message, /many/);
	});

	it('refuses a file that is no ONNX model', () => {
		write('broken.onnx', Buffer.from('this is not a model'));
		const { code, error } = place.refused('models', 'import', '--name', 'broken', '--file', 'broken.onnx');
		assert.deepEqual([code, error.code, error.file], [1, 'invalid_model', join(place.folder, 'broken.onnx')]);
		const folder = place.refused('models', 'import', '--name', 'broken', '--file', 'data');
		assert.deepEqual([folder.code, folder.error.code], [2, 'invalid_arguments']);
		assert.deepEqual(place.json<{ models: unknown[] }>('models', 'list').models, []);
	});

	it('refuses an unknown model, command and method', () => {
		write('rows.csv', 'a\n1\n');
		assert.deepEqual(
			place.refused('predict', '--model', 'none@latest', '--input', 'rows.csv', '--output', 'o.csv').error.code,
			'not_found',
		);
		assert.equal(place.refused('nonsense').code, 2);
		assert.equal(place.refused('rpc', 'no/such').error.code, 'not_found');
		assert.ok(!existsSync(join(place.folder, 'o.csv')));
	});

	it('names the file that cannot be learned from, tested on or scored', () => {
		write('same.csv', 'a\n7\n7\n7\n');
		write('few.csv', 'a,b\n1,2.5\n5,1.5\n3,9\n');
		const same = place.refused('train', '--data', 'same.csv', '--model', 'isolation_forest');
		assert.deepEqual([same.code, same.error.code], [1, 'invalid_data']);
		assert.ok(same.error.file?.endsWith('same.csv'));
		const test = place.refused('train', '--data', 'few.csv', '--model', 'isolation_forest', '--test', 'same.csv');
		assert.deepEqual([test.code, test.error.code, test.error.field], [2, 'unknown_column', 'data.test']);
		assert.ok(test.error.file?.endsWith('same.csv'));
		const trained = place.json<{ model: string }>('train', '--data', 'few.csv', '--model', 'isolation_forest');
		const scored = place.refused('predict', '--model', trained.model, '--input', 'same.csv', '--output', 'o.csv');
		assert.deepEqual([scored.code, scored.error.code], [2, 'unknown_column']);
		assert.ok(scored.error.file?.endsWith('same.csv'));
	});

	it('says whose port it is', async () => {
		place.json('train');
		const server = createServer().listen(0, '127.0.0.1');
		await new Promise((done) => server.once('listening', done));
		const { port } = server.address() as { port: number };
		try {
			const { code, error } = place.refused('serve', '--port', String(port));
			assert.deepEqual([code, error.code], [1, 'port_in_use']);
			assert.match(error.message, new RegExp(String(port)));
		} finally {
			server.close();
		}
	});

	it('leaves nothing half-written', () => {
		assert.deepEqual(readdirSync(join(place.folder, '.perch/jobs')), []);
		assert.deepEqual(
			readdirSync(place.folder).filter((name) => name.endsWith('.part')),
			[],
		);
		assert.equal(place.json<{ valid: boolean }>('audit', 'verify').valid, true);
	});
});
