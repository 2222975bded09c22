import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isPerchError } from '../../protocol/errors.ts';
import { parse } from '../../protocol/parse.ts';
import { type SimulateSection, simulateSection } from '../../protocol/project/simulate.ts';
import { columnDigest, fingerprint } from '../fingerprint/fingerprint.ts';
import { cellOf, columnOf, countNulls, type Table } from '../table.ts';
import { simulate } from './simulate.ts';
import { simulateTable } from './simulateTable.ts';

const section = (input: object): SimulateSection => parse(simulateSection, input);

function values(table: Table, name: string): Float64Array {
	const column = columnOf(table, name);
	assert.ok(column.kind === 'number');
	return column.values;
}

const mean = (list: Float64Array) => list.reduce((sum, value) => sum + value, 0) / list.length;
function deviation(list: Float64Array): number {
	const middle = mean(list);
	return Math.sqrt(mean(list.map((value) => (value - middle) ** 2)));
}

const vital = {
	seed: 3,
	rows: 400,
	every: '1m',
	series: { column: 'patient', count: 3, prefix: 'p' },
	columns: {
		heart_rate: {
			base: 75,
			noise: 4,
			memory: 0.8,
			spread: 5,
			decimals: 1,
			missing: '5%',
			season: [{ period: '24h', amplitude: 3 }],
		},
		ward: { categories: { a: 2, b: 1 }, per: 'series' },
		spo2: { base: 97, noise: 1, max: 100 },
	},
	episodes: [{ name: 'sepsis', share: 0.1, length: [10, 30], columns: { heart_rate: { add: 30 } } }],
	label: 'anomaly',
};

describe('simulation', () => {
	it('gives the same bytes for the same seed, and others for another', () => {
		const digest = (input: object) => fingerprint(simulate(section(input))).digest;
		assert.equal(digest(vital), digest(vital));
		assert.notEqual(digest(vital), digest({ ...vital, seed: 4 }));
	});

	it('leaves columns and series as they are when others are added', () => {
		const before = simulate(section(vital));
		const wider = simulate(section({ ...vital, columns: { lactate: { base: 1, noise: 1 }, ...vital.columns } }));
		for (const name of ['heart_rate', 'ward', 'spo2', 'anomaly']) {
			assert.equal(columnDigest(columnOf(wider, name)), columnDigest(columnOf(before, name)), name);
		}
		const more = simulate(section({ ...vital, series: { ...vital.series, count: 4 } }));
		for (let row = 0; row < 400; row++) {
			for (let series = 0; series < 3; series++) {
				const at = (table: Table, count: number) => cellOf(columnOf(table, 'heart_rate'), row * count + series);
				assert.equal(at(more, 4), at(before, 3));
			}
		}
	});

	it('orders rows by time and series, and names columns as described', () => {
		const table = simulate(section({ ...vital, start: '2024-03-01T00:00:00Z' }));
		assert.equal(table.rows, 1200);
		assert.deepEqual(
			table.columns.map(({ name }) => name),
			['timestamp', 'patient', 'heart_rate', 'ward', 'spo2', 'anomaly'],
		);
		const shown = [0, 1, 2, 3].map((row) => table.columns.slice(0, 2).map((column) => cellOf(column, row)));
		assert.deepEqual(shown, [
			['2024-03-01T00:00:00.000Z', 'p1'],
			['2024-03-01T00:00:00.000Z', 'p2'],
			['2024-03-01T00:00:00.000Z', 'p3'],
			['2024-03-01T00:01:00.000Z', 'p1'],
		]);
	});

	it('has noise of the deviation and memory asked for', () => {
		const list = values(
			simulate(section({ rows: 200_000, columns: { x: { base: 5, noise: 2, memory: 0.9, decimals: 6 } } })),
			'x',
		);
		// An AR(1) series of n values carries n (1 - φ) / (1 + φ) independent ones for its mean: here 10,526, error 0.0195.
		assert.ok(Math.abs(mean(list) - 5) < 5 * 0.0195, `${mean(list)}`);
		assert.ok(Math.abs(deviation(list) - 2) < 0.1, `${deviation(list)}`);
		const middle = mean(list);
		const centered = list.map((value) => value - middle);
		const neighbours = centered.slice(1).map((value, index) => value * (centered[index] as number));
		assert.ok(Math.abs(mean(neighbours) / deviation(list) ** 2 - 0.9) < 0.01);
	});

	it('has a long tail where the logarithm is what moves', () => {
		const columns = { x: { base: 14, log: true, noise: 0.7, decimals: 6 } };
		const list = values(simulate(section({ rows: 50_000, columns })), 'x');
		const logs = list.map(Math.log);
		// The standard error of the mean is 0.7 / √50,000 = 0.0031, that of the deviation 0.0022.
		assert.ok(Math.abs(mean(logs) - Math.log(14)) < 5 * 0.0031, `${mean(logs)}`);
		assert.ok(Math.abs(deviation(logs) - 0.7) < 5 * 0.0022, `${deviation(logs)}`);
		assert.ok(list.every((value) => value > 0));
	});

	it('computes columns of the made ones, and drops what was needed on the way', async () => {
		const table = await simulateTable(
			section({
				rows: 100,
				time: 't',
				columns: { kind: { categories: { '1': 1, '2': 1 } }, minutes: { base: 10, noise: 2, missing: '10%' } },
				derive: { code: 'kind::BIGINT', end: 't + to_seconds(minutes * 60)' },
				drop: ['kind'],
			}),
		);
		assert.deepEqual(
			table.columns.map(({ name, type }) => [name, type]),
			[
				['t', 'timestamp'],
				['minutes', 'double'],
				['code', 'integer'],
				['end', 'timestamp'],
			],
		);
		const [minutes, starts, ends] = ['minutes', 't', 'end'].map((name) => values(table, name)) as Float64Array[];
		minutes?.forEach((minute, row) => {
			assert.equal(ends?.[row], (starts?.[row] ?? 0) + Math.round(minute * 60_000_000) / 1000);
		});
		assert.ok([...values(table, 'code')].every((code) => code === 1 || code === 2));
		const wrong = (more: object) => simulateTable(section({ rows: 1, columns: { x: { base: 1 } }, ...more }));
		await assert.rejects(wrong({ drop: ['y'] }), { code: 'invalid_config', message: /no column "y"/ });
		await assert.rejects(wrong({ derive: { y: 'z' } }), { code: 'invalid_config', message: /simulate\.derive\.y/ });
		assert.throws(() => simulate(section({ rows: 1, columns: { x: { base: 0, log: true } } })), {
			code: 'invalid_config',
			message: /no logarithm/,
		});
	});

	it('has seasons that peak at their phase', () => {
		const columns = { x: { base: 10, season: [{ period: '24h', amplitude: 2, phase: 0.25 }], decimals: 4 } };
		const list = values(simulate(section({ rows: 48, every: '1h', columns })), 'x');
		// The start is midnight UTC: the peak, 12, lies at 6 h, the trough at 18 h.
		assert.deepEqual([list[6], list[18], list[0], list[30]], [12, 8, 10, 12]);
	});

	it('spreads the levels of series', () => {
		const table = simulate(
			section({ rows: 1, series: { column: 's', count: 5000 }, columns: { x: { base: 50, spread: 10 } } }),
		);
		assert.ok(Math.abs(deviation(values(table, 'x')) - 10) < 0.5);
	});

	it('labels just the share of rows that was asked for, and changes values there alone', () => {
		fc.assert(
			fc.property(
				fc.integer(),
				fc.double({ min: 0, max: 0.6, noNaN: true }),
				fc.integer({ min: 1, max: 40 }),
				fc.integer({ min: 0, max: 40 }),
				(seed, share, shortest, more) => {
					const input = {
						seed,
						rows: 3000,
						columns: { x: { base: 1 } },
						episodes: [{ name: 'e', share, length: [shortest, shortest + more], columns: { x: { add: 5, scale: 2 } } }],
						label: 'bad',
					};
					const table = simulate(section(input));
					const bad = values(table, 'bad');
					const x = values(table, 'x');
					// At most one episode too many or too few.
					assert.ok(Math.abs(bad.reduce((sum, mark) => sum + mark, 0) - share * 3000) <= shortest + more + 1);
					for (let row = 0; row < 3000; row++) {
						if (bad[row] === 0) assert.equal(x[row], 1);
						// 1 + 5 at full strength (there is no deviation to scale); above 1 wherever an episode has set in.
						else assert.ok((x[row] as number) > 1 && (x[row] as number) <= 6);
					}
				},
			),
			{ numRuns: 50 },
		);
	});

	it('keeps the mean share over many short series, each too short for a whole number of episodes', () => {
		const input = {
			rows: 50,
			series: { column: 's', count: 4000 },
			columns: { x: { base: 1 } },
			episodes: [{ name: 'e', share: 0.05, length: [10, 20], columns: { x: { add: 5 } } }],
			label: 'bad',
		};
		const share = mean(values(simulate(section(input)), 'bad'));
		assert.ok(Math.abs(share - 0.05) < 0.005, `${share}`);
	});

	it('lets an episode set in and fade smoothly', () => {
		const input = {
			rows: 100,
			columns: { x: { base: 0, decimals: 6 } },
			episodes: [{ name: 'e', share: 0.4, length: [40, 40], columns: { x: { add: 1 } } }],
			label: 'bad',
		};
		const table = simulate(section(input));
		const bad = values(table, 'bad');
		const inside = values(table, 'x').filter((_, row) => bad[row] === 1);
		assert.equal(inside.length, 40);
		for (let i = 1; i < 10; i++) assert.ok((inside[i] as number) > (inside[i - 1] as number));
		assert.deepEqual([...inside.slice(9, 31)], new Array(22).fill(1));
		assert.deepEqual([...inside].reverse(), [...inside]);
	});

	it('shifts the first series after a share of their rows', () => {
		const plain = {
			rows: 100,
			series: { column: 's', count: 10 },
			columns: { x: { base: 20, noise: 1, decimals: 6 } },
		};
		const shifts = [{ from: '50%', series: 0.3, columns: { x: { add: 1, scale: 2 } } }];
		const before = values(simulate(section(plain)), 'x');
		const after = values(simulate(section({ ...plain, shifts })), 'x');
		for (let row = 0; row < 1000; row++) {
			const shifted = row >= 500 && row % 10 < 3;
			const expected = shifted ? 20 + ((before[row] as number) - 20) * 2 + 1 : (before[row] as number);
			assert.ok(Math.abs((after[row] as number) - expected) < 2e-6);
		}
	});

	it('keeps to bounds, decimals and the share of missing cells', () => {
		const columns = {
			x: { base: 0, noise: 10, min: -5, max: 5, decimals: 1, missing: 0.2 },
			count: { base: 3, noise: 2, decimals: 0 },
			word: { categories: { a: 3, b: 1, never: 0 }, missing: '10%' },
		};
		const table = simulate(section({ rows: 40_000, columns }));
		const x = values(table, 'x').filter((value) => !Number.isNaN(value));
		assert.ok(x.every((value) => value >= -5 && value <= 5 && value === Math.round(value * 10) / 10));
		assert.equal(columnOf(table, 'count').type, 'integer');
		assert.ok(Math.abs(countNulls(columnOf(table, 'x')) / 40_000 - 0.2) < 0.01);
		const word = columnOf(table, 'word');
		assert.ok(word.kind === 'string' && Math.abs(countNulls(word) / 40_000 - 0.1) < 0.01);
		const share = (code: number) => word.codes.filter((other) => other === code).length / 36_000;
		assert.ok(Math.abs(share(0) - 0.75) < 0.015 && share(2) === 0);
	});

	it('draws a category once for each series where that is asked for', () => {
		const ward = columnOf(simulate(section(vital)), 'ward');
		assert.ok(ward.kind === 'string');
		for (let row = 0; row < 1200; row++) assert.equal(ward.codes[row], ward.codes[row % 3]);
	});

	const contradictions: [string, object, string][] = [
		[
			'an episode of an unknown column',
			{ episodes: [{ name: 'e', share: 0.1, length: [1, 2], columns: { y: {} } }] },
			'simulate.episodes[0].columns.y',
		],
		['a shift of a text column', { shifts: [{ columns: { w: { add: 1 } } }] }, 'simulate.shifts[0].columns.w'],
		[
			'an episode shorter at most than at least',
			{ episodes: [{ name: 'e', share: 0.1, length: [5, 2], columns: {} }] },
			'simulate.episodes[0].length',
		],
		['a start that is no time', { start: 'yesterday' }, 'simulate.start'],
		['two columns of one name', { label: 'x' }, 'simulate.columns'],
		['no weight', { columns: { w: { categories: { a: 0 } } } }, 'simulate.columns.w.categories'],
		['bounds the wrong way round', { columns: { x: { base: 1, min: 2, max: 1 } } }, 'simulate.columns.x.min'],
		['more rows than any machine holds', { rows: 50_000_000, series: { column: 's', count: 3 } }, 'simulate.rows'],
	];
	for (const [what, change, field] of contradictions) {
		it(`refuses ${what}, naming the field`, () => {
			const input = section({ rows: 10, columns: { x: { base: 1 }, w: { categories: { a: 1 } } }, ...change });
			assert.throws(
				() => simulate(input),
				(error: unknown) =>
					isPerchError(error) &&
					error.code === 'invalid_config' &&
					error.detail.field === field &&
					error.detail.hint !== undefined,
			);
		});
	}
});
