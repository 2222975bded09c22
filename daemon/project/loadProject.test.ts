import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPerchError, type PerchError } from '../protocol/errors.ts';
import { loadProject } from './loadProject.ts';

const valid = `name: vitals
data:
  source: data/train.csv
  window: {size: 30}
model:
  type: isolation_forest
register: {as: vitals}
serve: {}
canary:
  steps: [{share: 10%}]
  guard: [{drift: true}]
`;

describe('loadProject', () => {
	const folder = mkdtempSync(join(tmpdir(), 'perch-project-'));
	const file = join(folder, 'perch.yaml');
	after(() => rmSync(folder, { recursive: true }));

	const refused = (text: string, overrides: string[] = []): PerchError => {
		writeFileSync(file, text);
		try {
			loadProject(file, overrides);
		} catch (error) {
			assert.ok(isPerchError(error), String(error));
			return error;
		}
		throw new assert.AssertionError({ message: 'the file was accepted' });
	};

	it('fills in defaults and makes paths absolute', () => {
		writeFileSync(file, valid);
		const project = loadProject(file);
		assert.equal(project.data.source, join(folder, 'data/train.csv'));
		assert.deepEqual(project.data.window?.features, ['mean', 'std', 'min', 'max', 'slope']);
		assert.equal(project.canary?.steps[0]?.share, 0.1);
		assert.equal(project.serve?.auth, 'token');
	});

	it('overrides a value for this call', () => {
		writeFileSync(file, valid);
		const project = loadProject(file, ['canary.steps[0].share=25%', 'model.params.trees=50']);
		assert.equal(project.canary?.steps[0]?.share, 0.25);
		assert.deepEqual(project.model?.params, { trees: 50 });
	});

	it('names file, line, field, what was found and what is known there', () => {
		const { code, message, detail } = refused(valid.replace('type: isolation_forest', 'typ: isolation_forest'));
		assert.equal(code, 'invalid_config');
		assert.deepEqual([detail.file, detail.line, detail.field], [file, 5, 'model.type']);
		assert.match(message, /is missing/);
	});

	it('names the line of an unknown key and what is known there', () => {
		const { detail, message } = refused(valid.replace('guard:', 'guards:'));
		assert.deepEqual([detail.line, detail.field], [11, 'canary.guards']);
		assert.match(message, /unknown key "guards"/);
		assert.match(detail.hint ?? '', /guard/);
	});

	it('names the line of a wrong value', () => {
		const { detail, message } = refused(valid.replace('10%', '10 percent'));
		assert.deepEqual([detail.line, detail.field], [10, 'canary.steps[0].share']);
		assert.match(message, /found "10 percent"/);
	});

	it('refuses text that is not YAML at its line', () => {
		assert.equal(refused('name: [a\ndata: {}\n').detail.line, 2);
	});

	it('refuses a section that needs another one', () => {
		const { detail } = refused(valid.replace('register: {as: vitals}\n', ''));
		assert.deepEqual([detail.field, detail.line], ['serve', 7]);
	});

	it('refuses a test of drift that the profile does not know', () => {
		const tests = (profile: string) =>
			`${valid}drift:\n  profile: ${profile}\n  tests: {default: auto, price: wasserstein}\n`;
		const { detail } = refused(tests('sound'));
		assert.deepEqual([detail.field, detail.line], ['drift.tests', 14]);
		writeFileSync(file, tests('evidently'));
		assert.equal(loadProject(file).drift?.tests?.['price'], 'wasserstein');
	});

	it('refuses an override that is no assignment', () => {
		assert.equal(refused(valid, ['model']).code, 'invalid_arguments');
	});
});
