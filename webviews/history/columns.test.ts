import assert from 'node:assert/strict';
import type { ColumnHistory } from '../../daemon/protocol/driftHistory.ts';
import { ordered } from './columns.ts';

const column = (name: string, drift: boolean | null, since: number | null, score: number | null): ColumnHistory => ({
	...{ column: name, drift, since },
	points: [{ report: 'r', created_at: 5, drift, score, threshold: 0.1, psi: null }],
});

describe('the columns of a history', () => {
	it('begin with what has drifted longest, and end with what cannot be told', () => {
		const columns = [
			column('untold', null, null, null),
			column('calm', false, null, 0.01),
			column('late', true, 4, 0.9),
			column('near', false, null, 0.09),
			column('early', true, 2, 0.3),
		];
		assert.deepEqual(
			ordered(columns).map(({ column: { column: name }, index }) => [name, index]),
			[
				['early', 4],
				['late', 2],
				['near', 3],
				['calm', 1],
				['untold', 0],
			],
		);
	});
});
