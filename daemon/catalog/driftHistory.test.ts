import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DriftColumn } from '../protocol/drift.ts';
import { type Catalog, openCatalog } from './catalog.ts';

const author = { actor: 'user' };

describe('the history of columns', () => {
	let folder: string;
	let catalog: Catalog;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'perch-history-'));
		catalog = openCatalog(folder);
	});
	afterEach(() => {
		catalog.close();
		rmSync(folder, { recursive: true, force: true });
	});

	/** Keeps a report at a time, with the verdict on each of its columns. */
	function keep(created_at: number, verdicts: Record<string, boolean | null>, current = 'b.csv'): void {
		const id = `r${created_at}`;
		const [html, json] = [join(folder, `reports/${id}.html`), join(folder, `reports/${id}.json`)];
		const summary = {
			...{ id, created_at, project: 'p', deployment: null, drift: true, share: 1, threshold: 0.5, drifted: 1 },
			...{ columns: 1, psi_max: null, reference: 'a.csv', current, html, json },
		};
		const columns = Object.entries(verdicts).map(
			([column, drift]) =>
				({ column, drift, score: created_at / 10, threshold: 0.1, statistics: { psi: 0.5 } }) as DriftColumn,
		);
		catalog.reports.keep(summary, author);
		catalog.driftHistory.keep({ id, columns });
	}

	function follow(column: string | null = null, filter: { current?: string } = {}) {
		return catalog.driftHistory.follow(catalog.reports.list({ ...filter, limit: 100 }).reverse(), column);
	}

	it('says since when a column drifts, over reports that cannot tell', () => {
		keep(1, { x: true, y: true });
		keep(2, { x: false, y: true });
		keep(3, { x: true, y: true });
		keep(4, { x: null, y: false });
		keep(5, { x: true });
		assert.deepEqual(
			follow().map(({ column, drift, since, points }) => [column, drift, since, points.length]),
			[
				['x', true, 3, 5],
				['y', false, null, 4],
			],
		);
		const [x] = follow('x');
		assert.deepEqual(x?.points[1], { report: 'r2', created_at: 2, drift: false, score: 0.2, threshold: 0.1, psi: 0.5 });
		assert.deepEqual(follow('z'), []);
	});

	it('follows reports on one file alone, and forgets those that were removed', () => {
		keep(1, { x: false });
		keep(2, { x: true }, 'c.csv');
		keep(3, { x: true });
		assert.deepEqual(follow('x', { current: 'c.csv' })[0]?.points.length, 1);
		catalog.reports.remove('r3');
		const [x] = follow('x');
		assert.deepEqual([x?.since, x?.points.length], [2, 2]);
		assert.throws(() => catalog.reports.get('r3'), { code: 'not_found' });
	});
});
