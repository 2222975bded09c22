import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { parseTable } from '../../daemon/data/parse/parseColumns.ts';
import { readTable } from '../../daemon/data/read/read.ts';
import { columnOf, type Table, takeRows } from '../../daemon/data/table.ts';
import { alone } from '../../daemon/kernels/team.ts';
import { fitLasso, fitRidge } from '../../daemon/learn/linear/leastSquares.ts';
import { fitLogistic } from '../../daemon/learn/linear/logistic.ts';
import { measure } from '../../daemon/learn/metrics/measure.ts';
import { type FeatureMatrix, takeMatrixRows } from '../../daemon/learn/preparation/featureMatrix.ts';
import { applyPreparation, fitPreparation } from '../../daemon/learn/preparation/preparation.ts';
import { shuffled } from '../../daemon/learn/split.ts';
import type { Target } from '../../daemon/learn/target.ts';
import { boostingPredictor } from '../../daemon/learn/trees/boostingPredictor.ts';
import { forestPredictor } from '../../daemon/learn/trees/forestPredictor.ts';
import { rowWeights } from '../../daemon/learn/weights/rowWeights.ts';
import { parse } from '../../daemon/protocol/parse.ts';
import { gradientBoostingParams, randomForestParams } from '../../daemon/protocol/project/model.ts';
import { gatherNumbers } from '../../daemon/stats/gather.ts';
import { createRandom } from '../../daemon/stats/random.ts';
import { findPython } from './python.ts';

interface Problem {
	name: string;
	matrix: FeatureMatrix;
	target: Target;
}

const at = (column: Float32Array, row: number) => column[row] as number;

/** Friedman's first problem (1991): 10 sin(π a b) + 20 (c − ½)² + 10 d + 5 e + noise, and three columns that tell nothing. */
function friedman(rows: number): { matrix: FeatureMatrix; values: Float64Array } {
	const random = createRandom('friedman');
	const columns = Array.from({ length: 8 }, () => Float32Array.from({ length: rows }, () => random.next()));
	const [a, b, c, d, e] = columns as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
	const values = Float64Array.from({ length: rows }, (_, row) => {
		const smooth = 10 * Math.sin(Math.PI * at(a, row) * at(b, row)) + 20 * (at(c, row) - 0.5) ** 2;
		return smooth + 10 * at(d, row) + 5 * at(e, row) + random.normal();
	});
	return { matrix: { rows, columns }, values };
}

function generated(): Problem[] {
	const rows = 12_000;
	const { matrix, values } = friedman(rows);
	const all = Uint32Array.from({ length: rows }, (_, row) => row);
	const two = Uint16Array.from(values, (value) => +(value > 14));
	const three = Uint16Array.from(values, (value) => +(value > 12) + +(value > 17));
	const weights = Float64Array.from(all, (row) => (at(matrix.columns[5] as Float32Array, row) > 0.5 ? 3 : 0.2));
	return [
		{ name: 'friedman, weighed', matrix, target: { task: 'regression', values, rows: all, weights } },
		{
			name: 'friedman, two classes, weighed',
			matrix,
			target: { task: 'classification', codes: two, classes: ['0', '1'], rows: all, weights },
		},
		{
			name: 'friedman, three classes, weighed',
			matrix,
			target: { task: 'classification', codes: three, classes: ['0', '1', '2'], rows: all, weights },
		},
		{ name: 'friedman', matrix, target: { task: 'regression', values, rows: all } },
		{
			name: 'friedman, two classes',
			matrix,
			target: { task: 'classification', codes: two, classes: ['0', '1'], rows: all },
		},
		{
			name: 'friedman, three classes',
			matrix,
			target: { task: 'classification', codes: three, classes: ['0', '1', '2'], rows: all },
		},
	];
}

/** The features that a preparation makes of a table, without holes: forests of others take none. */
function problemOf(name: string, table: Table, target: string, exclude: string[]): Problem {
	const column = columnOf(table, target);
	if (column.kind !== 'number') throw new Error(`${target} is no number`);
	const { preparation } = fitPreparation(table, { prepare: [], target, exclude }, { shareRare: true });
	const rows = Uint32Array.from({ length: table.rows }, (_, row) => row);
	return {
		name,
		matrix: applyPreparation(preparation, table),
		target: { task: 'regression', values: column.values, rows },
	};
}

async function realProblems(data: string): Promise<Problem[]> {
	const { table: homes } = parseTable(await readTable(join(data, 'home-prices/Bengaluru_House_Data.csv')), [
		{ column: 'total_sqft', as: 'range_mean', decimal: '.' },
		{ column: 'total_sqft', as: 'number_with_unit', units: 'square_feet', decimal: '.' },
		{ column: 'size', as: 'number_in_text', decimal: '.' },
	]);
	const trips = await readTable(join(data, 'taxi/green_tripdata_2021-01.parquet'), {
		columns: ['duration', 'trip_distance', 'fare_amount', 'PULocationID', 'DOLocationID', 'passenger_count'],
	});
	return [
		problemOf('homes', homes, 'price', ['society', 'availability']),
		problemOf(
			'trips',
			takeRows(
				trips,
				Uint32Array.from({ length: 20_000 }, (_, row) => row * 3),
			),
			'duration',
			[],
		),
	];
}

const quiet = () => undefined;
const python = findPython();

describe('learners beside scikit-learn', function () {
	this.timeout(900_000);
	if ('missing' in python) {
		it.skip(`SKIPPED: ${python.missing}`);
		return;
	}
	const peer = python;

	it('find the same coefficients', async () => {
		const { matrix, values } = friedman(2000);
		const rows = Uint32Array.from({ length: 2000 }, (_, row) => row);
		const train = rowsOf(matrix, rows);
		const codes = Uint16Array.from(values, (value) => +(value > 12) + +(value > 17));
		const two = codes.map((code) => Math.min(code, 1));
		const weights = Float64Array.from(rows, (row) => (row % 5) / 2);
		const weighed = rows.filter((row) => (weights[row] as number) > 0);
		const balanced = rowWeights(
			{ task: 'classification', codes, classes: ['0', '1', '2'], rows, weights },
			weighed,
			'balanced',
		);
		const plain = [
			{ kind: 'none', task: 'regression', target: [...values], ours: fitRidge(matrix, values, rows, 0, false) },
			{ kind: 'l2', task: 'regression', target: [...values], ours: fitRidge(matrix, values, rows, 1, false) },
			{ kind: 'l1', task: 'regression', target: [...values], ours: fitLasso(matrix, values, rows, 0.1, false) },
			{ kind: 'l2', task: 'classification', target: [...two], ours: fitLogistic(matrix, two, 2, rows, 1, false) },
			{ kind: 'l2', task: 'classification', target: [...codes], ours: fitLogistic(matrix, codes, 3, rows, 1, false) },
		];
		const withWeights = [
			{
				kind: 'l2',
				task: 'regression',
				target: [...values],
				ours: fitRidge(matrix, values, weighed, 1, false, weights),
			},
			{
				kind: 'l1',
				task: 'regression',
				target: [...values],
				ours: fitLasso(matrix, values, weighed, 0.1, false, weights),
			},
			{
				kind: 'l2',
				task: 'classification',
				target: [...two],
				ours: fitLogistic(matrix, two, 2, weighed, 1, false, weights),
			},
			{
				...{ kind: 'l2', task: 'classification', target: [...codes], class_weight: 'balanced' },
				ours: fitLogistic(matrix, codes, 3, weighed, 1, false, balanced),
			},
		];
		const cases = [...plain, ...withWeights.map((one) => ({ ...one, weights: [...weights] }))];
		const input = cases.map(({ ours: _, ...one }) => ({ ...one, seeds: [0], train, test: train.slice(0, 1) }));
		const theirs = await peer.run<{ coefficients: number[][]; intercepts: number[] }[]>('learnersFigures.py', input);
		for (const [index, { kind, task, ours }] of cases.entries()) {
			const { coefficients, intercepts } = theirs[index] as (typeof theirs)[number];
			for (const [output, row] of coefficients.entries()) {
				for (const [feature, value] of [...row, intercepts[output] as number].entries()) {
					const own = feature < row.length ? ours.coefficients[output]?.[feature] : ours.intercepts[output];
					assert.ok(
						Math.abs((own ?? Number.NaN) - value) < 1e-4,
						`${kind} ${task} ${output} ${feature}: ${own} and ${value}`,
					);
				}
			}
		}
	});

	it('predict as well from generated rows', () => comparePredictions(generated()));

	const data = process.env['PERCH_REAL_DATA'];
	if (data === undefined) it.skip('SKIPPED real rows: set PERCH_REAL_DATA to the folder of the real data sets');
	else it('predict as well from homes and trips', async () => comparePredictions(await realProblems(data)));

	async function comparePredictions(problems: Problem[]): Promise<void> {
		// The log loss of a forest differs more from seed to seed than from one program to the other.
		const kinds = [
			{ kind: 'random_forest', seeds: [7, 8, 9] },
			{ kind: 'gradient_boosting', seeds: [7] },
		] as const;
		const cases = problems.flatMap((problem) =>
			kinds.map((kind) => ({ ...problem, ...kind, ...parts(problem.target) })),
		);
		const input = cases.map(({ kind, seeds, matrix, target, train, test }) => ({
			...{ kind, seeds, task: target.task, train: rowsOf(matrix, train), test: rowsOf(matrix, test) },
			target: [...train].map((row) => (target.task === 'regression' ? target.values[row] : target.codes[row])),
			...(target.weights && { weights: [...gatherNumbers(target.weights, train)] }),
		}));
		const theirs = await peer.run<{ said: number[][] }[]>('learnersFigures.py', input);
		for (const [index, { name, kind, seeds, matrix, target, train, test }] of cases.entries()) {
			const lesson = { matrix, target, rows: train };
			const metric = target.task === 'regression' ? 'r2' : 'log_loss';
			const measured = (said: Float64Array) => (measure(target, test, said)[metric] ?? Number.NaN) / seeds.length;
			let [own, other] = [0, 0];
			for (const [place, seed] of seeds.entries()) {
				const fitted =
					kind === 'random_forest'
						? forestPredictor.fit(lesson, parse(randomForestParams, { max_depth: 12, seed }), quiet, alone)
						: boostingPredictor.fit(lesson, parse(gradientBoostingParams, { seed }), quiet, alone);
				own += measured(await fitted.predict(takeMatrixRows(matrix, test)));
				other += measured(Float64Array.from(theirs[index]?.said[place] ?? []));
			}
			console.log(`      ${name}, ${kind}: ${own.toFixed(4)}, scikit-learn ${other.toFixed(4)}`);
			// R² is better when it is greater, log loss when it is less.
			const worse = target.task === 'regression' ? other - own : own - other;
			assert.ok(worse <= 0.005, `${name}, ${kind}: ${own} and ${other}`);
		}
	}
});

function parts({ rows }: Target): { train: Uint32Array; test: Uint32Array } {
	const mixed = shuffled(rows, createRandom('learners'));
	const border = Math.round(rows.length * 0.6);
	return { train: mixed.slice(0, border).sort(), test: mixed.slice(border).sort() };
}

function rowsOf({ columns }: FeatureMatrix, rows: Uint32Array): number[][] {
	return Array.from(rows, (row) => columns.map((column) => column[row] as number));
}
