import assert from 'node:assert/strict';
import { join } from 'node:path';
import { alone, startTeam, type Team } from '../../kernels/team.ts';
import { createRandom } from '../../stats/random.ts';
import { fitIsolationForest } from '../isolation/isolationForest.ts';
import { scoreSamples } from '../isolation/isolationScore.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import { fitBoosting } from './gradientBoosting.ts';
import type { LossTarget } from './loss.ts';
import { type ForestTarget, fitForest } from './randomForest.ts';

const rows = 40_000;
const random = createRandom('threads');
const columns = Array.from({ length: 5 }, (_, column) =>
	Float32Array.from({ length: rows }, () => {
		const drawn = random.normal();
		return column === 2 && drawn > 1 ? Number.NaN : column === 3 ? Math.round(drawn) : drawn;
	}),
);
const matrix: FeatureMatrix = { rows, columns };
const values = Float64Array.from(columns[0] as Float32Array, (value, row) => {
	return value ** 2 + (columns[1]?.[row] as number) + (columns[3]?.[row] as number) + random.normal();
});
const all = Uint32Array.from({ length: rows }, (_, row) => row);
const quiet = () => undefined;

/** A thread that never comes would let this pass: so it is waited for. */
function trainUntilHelped(team: Team, train: (team: Team) => unknown): unknown {
	const first = train(team);
	const again = train(team);
	assert.deepEqual(again, first);
	return first;
}

describe('training by threads', function () {
	this.timeout(120_000);
	let team: Team;
	before(() => {
		team = startTeam(join(import.meta.dirname, '../../trainThread.ts'), 3);
	});
	after(() => team.close());

	it('grows the same forests for any number of them', () => {
		const params = { trees: 7, max_depth: 12, min_samples_leaf: 2, features: 0.7, bootstrap: true, seed: 3 };
		const targets: ForestTarget[] = [
			{ kind: 'numbers', values },
			{ kind: 'classes', codes: Uint16Array.from(values, (value) => +(value > 1)), classes: 2 },
			{ kind: 'classes', codes: Uint16Array.from(values, (value) => +(value > 0) + +(value > 2)), classes: 3 },
		];
		for (const target of targets) {
			const train = (by: Team) => fitForest(matrix, target, all.subarray(0, 20_000), params, quiet, by);
			assert.deepEqual(trainUntilHelped(team, train), train(alone));
		}
	});

	it('boosts the same trees for any number of them', () => {
		const params = {
			...{ trees: 6, learning_rate: 0.2, max_leaves: 31, max_depth: 0, min_samples_leaf: 20, l2: 0.5, features: 0.9 },
			...{ early_stopping: 3, seed: 3 },
		};
		const codes = (classes: number) =>
			Uint16Array.from(values, (value) => Math.min(classes - 1, Math.max(0, Math.round(value))));
		const targets: LossTarget[] = [
			{ answer: { kind: 'numbers', values }, weights: null },
			{ answer: { kind: 'classes', codes: codes(2), classes: 2 }, weights: null },
			{ answer: { kind: 'classes', codes: codes(3), classes: 3 }, weights: null },
		];
		for (const target of targets) {
			const train = (by: Team) =>
				fitBoosting(matrix, target, all.subarray(0, 36_000), all.subarray(36_000), params, quiet, by);
			assert.deepEqual(trainUntilHelped(team, train), train(alone));
		}
	});

	it('boosts the same trees of categories, along directions', () => {
		const codes = Float32Array.from(values, (value, row) => (Math.abs(Math.round(30 * value)) + row) % 200);
		const coded = { rows, columns: [...columns, codes], categories: [0, 0, 0, 0, 0, 200] };
		const sets = { cat_smooth: 10, cat_l2: 10, max_cat_to_onehot: 4, max_cat_threshold: 32, min_data_per_group: 100 };
		const params = {
			...{ trees: 6, learning_rate: 0.2, max_leaves: 31, max_depth: 0, min_samples_leaf: 20, l2: 0, features: 1 },
			...{ early_stopping: 0, seed: 3, special: { directions: Int8Array.of(0, 1, 0, -1, 0, 0), sets } },
		};
		const train = (by: Team) =>
			fitBoosting(
				coded,
				{ answer: { kind: 'numbers', values }, weights: null },
				all,
				all.subarray(0, 0),
				params,
				quiet,
				by,
			);
		const { rounds } = train(alone);
		assert.ok(rounds.some(([tree]) => tree?.sets !== undefined));
		assert.deepEqual((trainUntilHelped(team, train) as ReturnType<typeof train>).rounds, rounds);
	});

	it('scores the same isolation forest for any number of them', () => {
		const known = { rows, columns: columns.filter((_, column) => column !== 2) };
		const forest = fitIsolationForest(known, { trees: 20, sample_size: 256, features: 1, seed: 3 });
		const score = (by: Team) => scoreSamples(forest, known, by);
		assert.deepEqual(trainUntilHelped(team, score), score(alone));
	});
});
