import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { readProject } from './readProject.ts';

const folder = resolve('/work/vitals');
const file = join(folder, 'perch.yaml');

describe('the outline of a perch.yaml', () => {
	it('names the data files with their roles, and the line of every section', () => {
		const outline = readProject(
			file,
			'# vitals\nname: vitals\ndata:\n  encoding: windows-1252\n  source: data/train.csv\n  current: ../new.csv\nregister: {as: vitalwatch}\ndrift:\n  every: 5\n',
		);
		assert.deepEqual(outline.files, [
			{ role: 'current', path: resolve('/work/new.csv') },
			{ role: 'source', path: join(folder, 'data/train.csv') },
		]);
		assert.deepEqual([outline.name, outline.model, outline.reference], ['vitals', 'vitalwatch', 'train.csv']);
		assert.deepEqual([outline.firstLine, outline.encoding], [1, 'windows-1252']);
		assert.deepEqual(outline.lines, { name: 1, data: 2, register: 6, drift: 7 });
	});

	it('takes a reference that is a file over the source', () => {
		const outline = readProject(file, 'data: {source: a.csv}\ndrift: {reference: b.csv}\n');
		assert.equal(outline.reference, 'b.csv');
		assert.deepEqual(
			outline.files.map(({ role }) => role),
			['source', 'reference'],
		);
	});

	it('is named after its folder and has no files while the data are simulated', () => {
		const outline = readProject(file, 'data: {source: {simulate: {rows: 5}}}\ndrift: {reference: training}\n');
		assert.deepEqual([outline.name, outline.files, outline.reference], ['vitals', [], 'training data']);
	});

	it('reads what it can of text that is being typed', () => {
		for (const text of ['', 'name: [', '- a\n- b\n', 'name', 'data:\n  source:\n']) {
			const outline = readProject(file, text);
			assert.deepEqual([outline.files, outline.firstLine], [[], 0], text);
		}
	});
});
