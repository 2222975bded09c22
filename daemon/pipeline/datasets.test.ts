import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catalog, openCatalog } from '../catalog/catalog.ts';
import { claimOfFile, claimOfProject, recordFound } from './datasets.ts';
import type { DatasetClaim, Identity } from './work/identify.ts';

const author = { actor: 'user' };

describe('datasets that jobs found', () => {
	let folder: string;
	let catalog: Catalog;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'perch-found-'));
		catalog = openCatalog(folder);
	});
	afterEach(() => {
		catalog.close();
		rmSync(folder, { recursive: true, force: true });
	});

	/** What a job makes of a claim when it finds new content. */
	function found({ name, plain, versions }: DatasetClaim, digest: string, source: string): Identity {
		const version = { name, version: versions.length + 1, digest };
		return { version, found: { name, digest, rows: 1, source, columns: [], files: [], plain } };
	}

	it('are recorded, and known by their file from then on', () => {
		const identity = found(claimOfFile(catalog, '/d/a.csv'), 'x', '/d/a.csv');
		assert.equal(recordFound(catalog, [identity, null], author), true);
		const claim = claimOfFile(catalog, '/d/a.csv');
		assert.deepEqual(claim.versions, [{ name: 'a', version: 1, digest: 'x' }]);
		assert.deepEqual(claim.last, { version: identity.version, files: [] });
		assert.equal(claimOfProject(catalog, { name: 'a' }, 'source').last, null);
		assert.equal(claimOfProject(catalog, { name: 'p' }, 'current').name, 'p-current');
	});

	it('are not, none of them, where another job gave the number to other content meanwhile', () => {
		const [first, second] = ['x', 'y'].map((digest) => found(claimOfFile(catalog, '/d/a.csv'), digest, '/d/a.csv'));
		const beside = found(claimOfFile(catalog, '/d/b.csv'), 'z', '/d/b.csv');
		assert.equal(recordFound(catalog, [first ?? null], author), true);
		assert.equal(recordFound(catalog, [beside, second ?? null], author), false);
		assert.deepEqual(
			catalog.datasets.list().map(({ name, version }) => [name, version]),
			[['a', 1]],
		);
		const again = found(claimOfFile(catalog, '/d/a.csv'), 'y', '/d/a.csv');
		assert.equal(recordFound(catalog, [beside, again], author), true);
		assert.equal(catalog.datasets.find('a').version, 2);
	});
});
