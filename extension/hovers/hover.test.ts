import assert from 'node:assert/strict';
import type { ColumnProfile } from '../../daemon/protocol/profile.ts';
import { badgeOf } from '../badge.ts';
import { barsOf, blocksOf, wordsOf } from '../glance.ts';
import { columnDrift } from './columnDrift.ts';
import { hoverText } from './hoverText.ts';

const fare: ColumnProfile = {
	...{ column: 'fare', type: 'double', count: 97, nulls: 3, distinct: 80, min: 0, max: 40, mean: 12.345, std: 4.2 },
	quantiles: { p1: 0.5, p5: 1, p25: 8, p50: 12, p75: 16, p95: 30, p99: 39 },
	...{ zeros: 1, infinities: 0, lengths: null, top: [], constant: false, near_constant: false, estimated: [] },
	histogram: { edges: [0, 10, 20, 30, 40], shares: [0.5, 0.25, 0, 0.25], below: 0, above: 0 },
};
const zone: ColumnProfile = {
	...{ ...fare, column: 'zone|*x*', type: 'string', min: null, max: null, mean: null, std: null, nulls: 0 },
	...{ quantiles: null, histogram: null, distinct: 2, lengths: { min: 5, max: 7, mean: 6 } },
	top: [
		{ value: '<b>', count: 60 },
		{ value: 'Astoria', count: 37 },
	],
};
const hour = 3_600_000;
const point = (report: string, drift: boolean | null) => ({
	...{ report, created_at: 5 * hour, drift, score: drift === null ? null : 0.41, threshold: 0.1, psi: null },
});

describe('what is said of a column', () => {
	it('draws its values as bars and as letters', () => {
		assert.deepEqual(barsOf(fare), [0.5, 0.25, 0, 0.25]);
		assert.deepEqual(
			barsOf({ ...fare, histogram: { ...fare.histogram, shares: Array(48).fill(1) } as never }),
			Array(24).fill(2),
		);
		assert.equal(blocksOf(fare), '█▄ ▄');
		assert.equal(blocksOf(zone), '█▅');
		assert.equal(blocksOf({ ...zone, top: [] }), '');
		assert.equal(wordsOf(fare), '80 distinct, 3 % null, 0 to 40, median 12, mean 12.3');
	});

	it('gives type, nulls, quantiles and drift with its beginning', () => {
		const drift = { newest: point('a', true), reference: '/data/2021-01.csv', since: 2 * hour };
		const text = hoverText('fare', fare, drift, 7 * hour);
		assert.match(text, /^\*\*fare\*\* · double · 3 % null · 80 distinct/);
		assert.match(text, /`█▄ ▄` 0 to 40\n/);
		assert.match(text, /\| 0 \| 1 \| 8 \| 12 \| 16 \| 30 \| 40 \|/);
		assert.match(text, /\*\*Drifted\*\* against 2021\\-01\\.csv \(score 0.41, threshold 0.1\), since 5 hours ago/);
	});

	it('draws between quantiles, and says what lies beyond', () => {
		const histogram = { edges: [0, 10, 20, 30, 40], shares: [0.5, 0.25, 0, 0.24], below: 0, above: 0.01 };
		assert.match(hoverText('fare', { ...fare, max: 244_152, histogram }, null, 0), /` 0 to 40, 1 % beyond\n/);
	});

	it('escapes what a file says, and knows what cannot be told', () => {
		const untold = { newest: point('a', null), reference: 'a', since: null };
		const text = hoverText('zone|*x*', zone, untold, 0);
		assert.match(text, /\*\*zone\\\|\\\*x\\\*\*\*/);
		assert.match(text, /\| &lt;b\\> \| 60 \|/);
		assert.match(text, /cannot be told/);
		assert.match(hoverText('a', null, { ...untold, newest: point('a', false) }, 0), /^\*\*a\*\*\n\nNo drift against/);
	});

	it('takes what the newest report says of a column, and since when', () => {
		const report = (id: string, reference: string) => ({
			id,
			created_at: 0,
			drift: true,
			share: 1,
			threshold: 0.5,
			reference,
			current: 'c',
		});
		const reports = [report('old', 'a.csv'), report('new', 'b.csv'), report('else', 'c.csv')];
		const column = { column: 'fare', drift: true, since: 4, points: [point('old', false), point('new', true)] };
		assert.deepEqual(columnDrift({ reports, columns: [column] }), {
			newest: point('new', true),
			reference: 'b.csv',
			since: 4,
		});
		assert.equal(columnDrift({ reports, columns: [] }), null);
	});

	it('marks a file by the gravest of its faults', () => {
		const check = (severity: 'fail' | 'warn', passed: boolean) => ({ severity, passed }) as never;
		const drifted = { drift: true, drifted: 3, columns: 5, psi_max: null };
		const badge = (checks: never[], of?: Parameters<typeof badgeOf>[1]) => {
			const made = badgeOf({ checks }, of);
			return made === null ? null : `${made.letter} ${made.severity}: ${made.tooltip}`;
		};
		assert.equal(
			badge([check('fail', false), check('warn', false)], drifted),
			'C error: Perch: 2 checks do not hold · 3 of 5 columns drifted',
		);
		assert.equal(
			badge([check('warn', false)], drifted),
			'D warning: Perch: 1 check does not hold · 3 of 5 columns drifted',
		);
		assert.equal(badge([check('warn', false)]), 'C warning: Perch: 1 check does not hold');
		assert.equal(badge([check('fail', true)], { ...drifted, drift: false }), null);
		assert.equal(badgeOf(undefined, undefined), null);
	});
});
