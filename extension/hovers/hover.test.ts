import assert from 'node:assert/strict';
import type { DriftSummary } from '../../daemon/protocol/drift.ts';
import type { ColumnProfile } from '../../daemon/protocol/profile.ts';
import { badgeOf } from '../badge.ts';
import { barsOf, blocksOf, wordsOf } from '../glance.ts';
import { type ColumnVerdict, columnDrift } from './columnDrift.ts';
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
const report = (id: string, created_at: number): DriftSummary => ({
	...{ id, created_at, project: 'taxi', deployment: null, drift: true, share: 0.6, threshold: 0.5, drifted: 3 },
	...{ columns: 5, psi_max: 0.4, reference: '/data/2021-01.csv', current: 'new.csv', html: '' },
});
const verdict = (drift: boolean | null): ColumnVerdict => ({
	drift,
	test: 'ks',
	score: 0.41,
	threshold: 0.1,
	reason: null,
});
const hour = 3_600_000;

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
		const drift = { newest: verdict(true), report: report('a', 5 * hour), since: 2 * hour };
		const text = hoverText('fare', fare, drift, 7 * hour);
		assert.match(text, /^\*\*fare\*\* · double · 3 % null · 80 distinct/);
		assert.match(text, /`█▄ ▄`/);
		assert.match(text, /\| 0 \| 1 \| 8 \| 12 \| 16 \| 30 \| 40 \|/);
		assert.match(text, /\*\*Drifted\*\* against 2021\\-01\\.csv \(ks 0.41, threshold 0.1\), since 5 hours ago/);
	});

	it('escapes what a file says, and knows what cannot be told', () => {
		const untold = { newest: { ...verdict(null), reason: 'too few rows' }, report: report('a', 0), since: null };
		const text = hoverText('zone|*x*', zone, untold, 0);
		assert.match(text, /\*\*zone\\\|\\\*x\\\*\*\*/);
		assert.match(text, /\| &lt;b\\> \| 60 \|/);
		assert.match(text, /cannot be told: too few rows/);
		assert.match(hoverText('a', null, { ...untold, newest: verdict(false) }, 0), /^\*\*a\*\*\n\nNo drift against/);
	});

	it('drifted since the first of the reports that say so without a break', async () => {
		const said: Record<string, boolean | null> = { e: true, d: true, c: false, b: true };
		const asked: string[] = [];
		const verdicts = async (id: string) => {
			asked.push(id);
			return new Map([['fare', verdict(said[id] ?? null)]]);
		};
		const reports = [report('e', 5), report('d', 4), report('c', 3), report('b', 2)];
		assert.equal((await columnDrift(reports, 'fare', verdicts))?.since, 4);
		assert.deepEqual(asked, ['e', 'd', 'c'], 'no more is read than is needed');
		assert.equal((await columnDrift(reports.slice(2), 'fare', verdicts))?.since, null);
		assert.equal(await columnDrift(reports, 'gone', verdicts), null);
		assert.equal(await columnDrift([], 'fare', verdicts), null);
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
