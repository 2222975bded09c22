import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isPerchError } from '../protocol/errors.ts';
import type { Arm, RequestRecord } from '../protocol/serving.ts';
import { actionOf, checkGuards, judge, reasonOf } from './guards.ts';
import { addTraffic, latencyQuantile, noTraffic } from './trafficFigures.ts';

function record(
	arm: Arm,
	{ status = 200, ms = 10, labels = [1] }: { status?: number; ms?: number; labels?: number[] } = {},
): RequestRecord {
	return {
		id: 'x',
		ts: 0,
		deployment: 'd',
		model: 'm',
		version: arm === 'baseline' ? 1 : 2,
		arm,
		share: 0.1,
		key: null,
		route: '/predict',
		status,
		latency_us: ms * 1000,
		rows: labels.length,
		inputs: null,
		outputs: { label: labels },
	};
}

const many = (count: number, make: (index: number) => RequestRecord) =>
	Array.from({ length: count }, (_, index) => make(index));

describe('traffic figures', () => {
	it('is the same read at once or in pieces', () => {
		const records = many(300, (index) =>
			record(index % 3 === 0 ? 'candidate' : 'baseline', { ms: index + 1, status: index % 7 === 0 ? 500 : 200 }),
		);
		const whole = addTraffic(noTraffic(), records);
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 300 }), (cut) => {
				const first = JSON.parse(JSON.stringify(addTraffic(noTraffic(), records.slice(0, cut)))) as typeof whole;
				assert.deepEqual(addTraffic(first, records.slice(cut)), whole);
			}),
		);
	});

	it('does not change the figures that it starts from', () => {
		const start = noTraffic();
		addTraffic(start, [record('candidate')]);
		assert.deepEqual(start, noTraffic());
	});

	it('leaves out what the caller got wrong', () => {
		const { baseline } = addTraffic(noTraffic(), [
			record('baseline', { status: 400 }),
			record('baseline', { status: 503 }),
		]);
		assert.equal(baseline.requests, 1);
		assert.equal(baseline.errors, 1);
	});

	it('gives quantiles within half a percent', () => {
		// Latencies 1, 2, ..., 1000 ms: the smallest value not exceeded by 99 % of them is 990.
		const { candidate } = addTraffic(
			noTraffic(),
			many(1000, (index) => record('candidate', { ms: index + 1 })),
		);
		for (const [q, exact] of [
			[0.5, 500],
			[0.95, 950],
			[0.99, 990],
			[1, 1000],
		] as const) {
			const found = latencyQuantile(candidate, q) ?? 0;
			assert.ok(Math.abs(found / exact - 1) <= 0.00506, `${q}: ${found}`);
		}
		assert.equal(latencyQuantile(noTraffic().candidate, 0.5), null);
	});
});

describe('guards', () => {
	it('concludes nothing from fewer than 100 requests of the candidate', () => {
		const failing = many(99, () => record('candidate', { status: 500 }));
		const guard = [{ metric: 'error_rate', max: 0.01 }];
		const [early] = judge(guard, addTraffic(noTraffic(), failing), null);
		assert.equal(early?.failed, null);
		assert.match(early?.reason ?? '', /99 of the 100/);
		const verdicts = judge(guard, addTraffic(noTraffic(), [...failing, record('candidate')]), null);
		assert.equal(verdicts[0]?.failed, true);
		assert.equal(verdicts[0]?.value, 0.99);
		assert.equal(actionOf(verdicts), 'rolled_back');
		assert.equal(reasonOf(verdicts), 'error_rate at most 0.01: error_rate of the candidate is 0.99');
	});

	it('judges the candidate alone, whatever the baseline does', () => {
		const figures = addTraffic(noTraffic(), [
			...many(200, () => record('baseline', { status: 500, ms: 900 })),
			...many(100, () => record('candidate')),
		]);
		const verdicts = judge(
			[
				{ metric: 'error_rate', max: 0 },
				{ metric: 'p99_ms', max: 50 },
			],
			figures,
			null,
		);
		assert.deepEqual(
			verdicts.map(({ failed }) => failed),
			[false, false],
		);
		assert.equal(actionOf(verdicts), 'none');
	});

	it('counts the share of anomalies over rows', () => {
		const figures = addTraffic(
			noTraffic(),
			many(100, () => record('candidate', { labels: [1, 1, 1, -1] })),
		);
		const [verdict] = judge([{ metric: 'anomaly_rate', max: 0.2 }], figures, null);
		assert.equal(verdict?.value, 0.25);
		assert.equal(verdict?.failed, true);
	});

	it('compares with the baseline where the guard says so', () => {
		const guard = [{ metric: 'error_rate', not_worse_than: 'production' as const, by: 0.5 }];
		const baseline = many(200, (index) => record('baseline', { status: index < 20 ? 500 : 200 }));
		// 10 % of the baseline's requests fail; 50 % worse than that is 15 %.
		const withErrors = (errors: number) =>
			many(100, (index) => record('candidate', { status: index < errors ? 500 : 200 }));
		assert.equal(judge(guard, addTraffic(noTraffic(), [...baseline, ...withErrors(15)]), null)[0]?.failed, false);
		assert.equal(judge(guard, addTraffic(noTraffic(), [...baseline, ...withErrors(16)]), null)[0]?.failed, true);
		assert.equal(judge(guard, addTraffic(noTraffic(), withErrors(16)), null)[0]?.failed, null);
	});

	it('takes drift from the look at the inputs, and nothing from a small one', () => {
		const guard = [{ drift: true as const }];
		const look = (drift: boolean | null, rows: number) =>
			judge(guard, noTraffic(), { drift, rows, share: 0.75, reason: null })[0];
		assert.equal(judge(guard, noTraffic(), null)[0]?.failed, null);
		assert.equal(look(true, 99)?.failed, null);
		assert.equal(look(true, 100)?.failed, true);
		assert.equal(look(false, 100)?.failed, false);
		assert.equal(look(null, 100)?.failed, null);
		assert.match(look(true, 100)?.reason ?? '', /75 % of the columns drifted over 100 rows/);
	});

	it('names the metrics that it knows', () => {
		checkGuards([{ drift: true }, { metric: 'p95_ms', max: 1 }]);
		assert.throws(
			() => checkGuards([{ drift: true }, { metric: 'toString', max: 1 }]),
			(error) => {
				assert.ok(isPerchError(error));
				assert.equal(error.detail.field, 'canary.guard[1].metric');
				assert.match(error.detail.hint ?? '', /error_rate.*drift/);
				return true;
			},
		);
	});
});
