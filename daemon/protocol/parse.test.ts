import assert from 'node:assert/strict';
import { complaints, fieldPath } from './parse.ts';
import { projectSchema } from './project/project.ts';

const valid = { name: 'a', data: { source: 'x.csv' }, model: { type: 'isolation_forest' } };

describe('parse', () => {
	it('writes paths as a person would', () => {
		assert.equal(fieldPath(['canary', 'guard', 0, 'drift']), 'canary.guard[0].drift');
	});

	it('accepts a small perch.yaml', () => {
		assert.deepEqual(complaints(projectSchema, valid), []);
	});

	it('names the field inside a union that comes nearest to what was written', () => {
		const found = complaints(projectSchema, { ...valid, canary: { steps: [{ share: '200%' }] } });
		assert.deepEqual(
			found.map(({ path, message }) => [fieldPath(path), message]),
			[['canary.steps[0].share', 'must be from 0 to 1 (0% to 100%), found "200%"']],
		);
	});

	it('names unknown keys, at any depth', () => {
		const found = complaints(projectSchema, { ...valid, extra: 1, drift: { thresold: 0.5 } });
		assert.deepEqual(found.map(({ path }) => fieldPath(path)).sort(), ['drift.thresold', 'extra']);
	});
});
