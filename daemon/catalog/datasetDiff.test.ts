import assert from 'node:assert/strict';
import type { DatasetColumn } from '../protocol/datasets.ts';
import { datasetsDiff } from '../protocol/datasets.ts';
import { parse } from '../protocol/parse.ts';
import { diffDatasets } from './datasetDiff.ts';
import type { KeptDataset } from './datasets.ts';

const column = (name: string, digest: string | null, rest: Partial<DatasetColumn> = {}): DatasetColumn => ({
	...{ name, type: 'double', digest, nulls: 0, distinct: null, mean: 1, std: 1, min: 0, max: 2 },
	...rest,
});

function version(number: number, columns: DatasetColumn[], files: Record<string, string>): KeptDataset {
	return {
		...{ name: 'train', version: number, digest: `d${number}`, rows: 10 * number, source: '/d/*.csv', plain: true },
		columns,
		files: Object.entries(files).map(([path, sha256]) => ({
			...{ path, sha256, size: 1, modified: 1, changed: 1, inode: 1 },
		})),
		created_at: number,
	};
}

describe('diffDatasets', () => {
	it('tells columns and files that came, went and changed', () => {
		const from = version(1, [column('same', 'a'), column('moved', 'b'), column('gone', 'c')], { x: '1', y: '2' });
		const moved = column('moved', 'e', { nulls: 3, mean: 5 });
		const to = version(2, [moved, column('same', 'a'), column('new', 'f', { type: 'string' })], { y: '3', z: '4' });
		const diff = parse(datasetsDiff.result, diffDatasets(from, to));
		assert.deepEqual([diff.same, diff.from.rows, diff.to.rows, diff.unchanged], [false, 10, 20, 1]);
		assert.deepEqual(diff.files, { added: ['z'], removed: ['x'], changed: ['y'] });
		assert.deepEqual(
			[diff.added, diff.removed],
			[[{ name: 'new', type: 'string' }], [{ name: 'gone', type: 'double' }]],
		);
		assert.deepEqual(diff.changed, [{ column: 'moved', from: column('moved', 'b'), to: moved }]);
	});

	it('takes another type for a change, and a column of which no digest is known', () => {
		const from = version(1, [column('a', 'a'), column('b', null)], {});
		const to = version(2, [column('a', 'a', { type: 'integer' }), column('b', 'b')], {});
		assert.deepEqual(
			diffDatasets(from, to).changed.map(({ column: name }) => name),
			['a', 'b'],
		);
		assert.equal(diffDatasets(from, from).same, true);
	});
});
