import assert from 'node:assert/strict';
import { type Judged, proposeAtRandom, proposeByTpe } from './propose.ts';
import { type Dimension, type Params, readSpace } from './space.ts';

/** Branin: three minima of 0.397887. https://www.sfu.ca/~ssurjano/branin.html */
function branin({ x, y }: Params): number {
	const [a, b] = [Number(x), Number(y)];
	return (
		(b - (5.1 / (4 * Math.PI ** 2)) * a * a + (5 / Math.PI) * a - 6) ** 2 +
		10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) +
		10
	);
}
const braninSpace = readSpace({
	x: { min: -5, max: 10, type: 'float', log: false },
	y: { min: 0, max: 15, type: 'float', log: false },
});

const alpha = [1, 1.2, 3, 3.2];
const weights = [
	[10, 3, 17, 3.5, 1.7, 8],
	[0.05, 10, 17, 0.1, 8, 14],
	[3, 3.5, 1.7, 10, 17, 8],
	[17, 8, 0.05, 10, 0.1, 14],
];
const centers = [
	[1312, 1696, 5569, 124, 8283, 5886],
	[2329, 4135, 8307, 3736, 1004, 9991],
	[2348, 1451, 3522, 2883, 3047, 6650],
	[4047, 8828, 8732, 5743, 1091, 381],
];
/** Hartmann in six dimensions: a minimum of −3.32237. https://www.sfu.ca/~ssurjano/hart6.html */
function hartmann6(params: Params): number {
	return -alpha.reduce((sum, height, hill) => {
		const off = [0, 1, 2, 3, 4, 5].reduce(
			(all, axis) =>
				all + (weights[hill]?.[axis] ?? 0) * (Number(params[`x${axis}`]) - (centers[hill]?.[axis] ?? 0) / 1e4) ** 2,
			0,
		);
		return sum + height * Math.exp(-off);
	}, 0);
}
const hartmannSpace = readSpace(
	Object.fromEntries(
		[0, 1, 2, 3, 4, 5].map((axis) => [`x${axis}`, { min: 0, max: 1, type: 'float' as const, log: false }]),
	),
);

type Propose = (seed: number, trial: number, ended: Judged[]) => Params;
const byTpe =
	(space: readonly Dimension[]): Propose =>
	(seed, trial, ended) =>
		proposeByTpe(space, seed, trial, ended, []);
const atRandom =
	(space: readonly Dimension[]): Propose =>
	(seed, trial) =>
		proposeAtRandom(space, seed, trial);

/** Median over 20 seeds of the best of 60 trials. */
function medianBest(f: (params: Params) => number, propose: Propose): number {
	const bests = Array.from({ length: 20 }, (_, seed) => {
		const ended: Judged[] = [];
		for (let trial = 0; trial < 60; trial++) {
			const params = propose(seed, trial, ended);
			ended.push({ params, loss: f(params), pruned: false });
		}
		return Math.min(...ended.map(({ loss }) => loss));
	}).sort((a, b) => a - b);
	return ((bests[9] ?? 0) + (bests[10] ?? 0)) / 2;
}

describe('searching for the best params', () => {
	it('knows the functions that it is tried on', () => {
		assert.ok(Math.abs(branin({ x: Math.PI, y: 2.275 }) - 0.397887) < 1e-6);
		const at = [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573];
		assert.ok(Math.abs(hartmann6(Object.fromEntries(at.map((x, axis) => [`x${axis}`, x]))) + 3.32237) < 1e-5);
	});

	it('by TPE comes closer than at random on Branin', () => {
		const [tpe, random] = [medianBest(branin, byTpe(braninSpace)), medianBest(branin, atRandom(braninSpace))];
		assert.ok(tpe < random, `${tpe} against ${random}`);
	});

	it('by TPE comes closer than at random on Hartmann-6', () => {
		const [tpe, random] = [medianBest(hartmann6, byTpe(hartmannSpace)), medianBest(hartmann6, atRandom(hartmannSpace))];
		assert.ok(tpe < random, `${tpe} against ${random}`);
	});

	it('learns which choice and which order of size is best', () => {
		const space = readSpace({ kind: ['a', 'b', 'c'], rate: { min: 1e-4, max: 1, log: true }, trees: [10, 500] });
		const loss = ({ kind, rate, trees }: Params) =>
			(kind === 'b' ? 0 : 5) + Math.abs(Math.log10(Number(rate)) + 2) + Math.abs(Number(trees) - 200) / 100;
		const ended: Judged[] = [];
		for (let trial = 0; trial < 60; trial++) {
			const params = proposeByTpe(space, 1, trial, ended, []);
			ended.push({ params, loss: loss(params), pruned: false });
		}
		const late = ended.slice(40);
		assert.ok(late.filter(({ params }) => params['kind'] === 'b').length > 13);
		for (const { params } of ended) {
			assert.ok(Number.isInteger(params['trees']) && Number(params['trees']) >= 10 && Number(params['trees']) <= 500);
			assert.ok(Number(params['rate']) >= 1e-4 && Number(params['rate']) <= 1);
		}
		assert.ok(Math.min(...ended.map(({ loss: one }) => one)) < 0.5);
	});
});

describe('a space', () => {
	it('is read from what perch.yaml says', () => {
		assert.deepEqual(
			readSpace({
				trees: [50, 400],
				alpha: [0.5, 2],
				penalty: ['l1', 'l2'],
				depth: [4, 8, 16],
				two: { choices: [4, 20] },
			}),
			[
				{ name: 'trees', kind: 'int', min: 50, max: 400, log: false },
				{ name: 'alpha', kind: 'float', min: 0.5, max: 2, log: false },
				{ name: 'penalty', kind: 'choice', choices: ['l1', 'l2'] },
				{ name: 'depth', kind: 'choice', choices: [4, 8, 16] },
				{ name: 'two', kind: 'choice', choices: [4, 20] },
			],
		);
	});

	it('draws every whole number and every factor as often', () => {
		const space = readSpace({ depth: [1, 4], rate: { min: 0.01, max: 1, log: true } });
		const drawn = Array.from({ length: 4000 }, (_, trial) => proposeAtRandom(space, 3, trial));
		for (const depth of [1, 2, 3, 4]) {
			const share = drawn.filter((one) => one['depth'] === depth).length / 4000;
			assert.ok(Math.abs(share - 0.25) < 0.03, `${depth}: ${share}`);
		}
		const low = drawn.filter((one) => Number(one['rate']) < 0.1).length / 4000;
		assert.ok(Math.abs(low - 0.5) < 0.03, String(low));
	});
});
