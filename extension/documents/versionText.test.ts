import assert from 'node:assert/strict';
import type { DatasetColumn, DatasetsDiff } from '../../daemon/protocol/datasets.ts';
import { versionText } from './versionText.ts';

const column = (name: string, rest: Partial<DatasetColumn>): DatasetColumn => ({
	...{ name, type: 'double', digest: 'a'.repeat(64), nulls: 0, distinct: null, mean: 1 / 3, std: 2, min: -1, max: 4 },
	...rest,
});
const ref = (version: number, rows: number) => ({
	name: 'train',
	version,
	digest: `d${version}`,
	rows,
	source: 't.csv',
});
const diff: DatasetsDiff = {
	...{ from: ref(1, 1000), to: ref(2, 1200), same: false, unchanged: 1 },
	files: { added: [], removed: [], changed: ['t.csv'] },
	added: [{ name: 'extra', type: 'string' }],
	removed: [],
	changed: [{ column: 'fare', from: column('fare', {}), to: column('fare', { nulls: 7, digest: null }) }],
};

describe('a version as text', () => {
	it('gives figures where the versions differ, and leaves equal columns alike', () => {
		const columns = [
			{ name: 'zone', type: 'string' },
			{ name: 'fare', type: 'double' },
		] as const;
		const before = versionText(diff, 'from', columns).split('\n');
		const after = versionText(diff, 'to', [...columns, ...diff.added]).split('\n');
		assert.deepEqual(before, [
			...['source   t.csv', 'rows     1,000', 'digest   d1', '', 'columns', '  zone  string', '  fare  double'],
			...['    nulls    0', '    mean     0.333333', '    std      2', '    min      -1', '    max      4'],
			...['    values   aaaaaaaaaaaa', ''],
		]);
		assert.ok(after.includes('    nulls    7'));
		assert.ok(after.includes('  extra  string'));
		assert.ok(!after.some((line) => line.startsWith('    values')));
	});
});
