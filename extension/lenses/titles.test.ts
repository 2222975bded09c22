import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import type { DriftSummary } from '../../daemon/protocol/drift.ts';
import { dataTitle, reportAbout } from './titles.ts';

const report = (id: string, current: string, rest: Partial<DriftSummary> = {}): DriftSummary => ({
	id,
	created_at: 0,
	project: 'vitals',
	deployment: null,
	drift: true,
	share: 1 / 3,
	threshold: 0.5,
	drifted: 3,
	columns: 9,
	psi_max: 0.41,
	reference: 'training',
	current,
	html: '',
	...rest,
});

const folder = resolve('/work/vitals');
const train = resolve(folder, 'train.csv');
const fresh = resolve(folder, 'new.csv');
const project = {
	root: resolve('/work'),
	file: resolve(folder, 'perch.yaml'),
	name: 'vitals',
	files: [
		{ role: 'current', path: fresh },
		{ role: 'source', path: train },
	],
} as const;

describe('lens titles', () => {
	it('says what the newest report found', () => {
		assert.equal(
			dataTitle('train.csv', report('1', fresh)),
			'reference train.csv · 3 of 9 columns drifted · PSI max 0.41 · Open report',
		);
		assert.equal(dataTitle('train.csv', undefined), 'reference train.csv · Check drift');
		assert.match(dataTitle('train.csv', report('1', fresh, { reference: '/data/old.csv' })), /^reference old\.csv/);
	});

	it('finds the report of a current file, however its path was written', () => {
		const reports = [report('other', resolve('/x/new.csv')), report('mine', 'new.csv'), report('older', fresh)];
		assert.equal(reportAbout(reports, project, fresh)?.id, 'mine');
		assert.equal(reportAbout([report('root', 'vitals/new.csv')], project, fresh)?.id, 'root');
		assert.equal(reportAbout([report('other', 'else.csv')], project, fresh), undefined);
	});

	it('shows the newest report of the project on its reference', () => {
		const reports = [report('foreign', 'a.csv', { project: 'else' }), report('mine', 'b.csv')];
		assert.equal(reportAbout(reports, project, train)?.id, 'mine');
	});
});
