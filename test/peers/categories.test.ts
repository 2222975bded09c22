import assert from 'node:assert/strict';
import { join } from 'node:path';
import { parseTable } from '../../daemon/data/parse/parseColumns.ts';
import { readTable } from '../../daemon/data/read/read.ts';
import { columnOf, numberColumn, stringColumn, type Table, tableOf, takeRows } from '../../daemon/data/table.ts';
import { estimatorOf } from '../../daemon/learn/estimators.ts';
import { measure } from '../../daemon/learn/metrics/measure.ts';
import { type FeatureMatrix, takeMatrixRows } from '../../daemon/learn/preparation/featureMatrix.ts';
import { applyPreparation, fitPreparation } from '../../daemon/learn/preparation/preparation.ts';
import { shuffled } from '../../daemon/learn/split.ts';
import { readTarget } from '../../daemon/learn/target.ts';
import type { ModelSection } from '../../daemon/protocol/project/model.ts';
import { createRandom } from '../../daemon/stats/random.ts';
import { findPython } from './python.ts';

interface Problem {
	name: string;
	table: Table;
	target: string;
	exclude: string[];
	/** What is held against the peers. */
	metric: 'r2' | 'mae' | 'log_loss';
	monotone?: Record<string, 'increasing' | 'decreasing'>;
}

/** Rows of 1,300 shops, the first far more often than the last, which sell more or less and react to the price as they do. */
function sales(rows: number): Table {
	const random = createRandom('categories.test');
	const levels = Array.from({ length: 1300 }, () => [3 * random.normal(), random.normal()] as const);
	const shop = Array.from({ length: rows }, () => Math.floor(1300 * random.next() ** 3));
	const price = Array.from({ length: rows }, () => random.next());
	const month = Array.from({ length: rows }, () => random.integer(12));
	const sold = shop.map((at, row) => {
		const [level, slope] = levels[at] as readonly [number, number];
		return level + 2 * slope * (price[row] as number) + Math.sin((month[row] as number) / 2) + random.normal();
	});
	return tableOf([
		stringColumn(
			'shop',
			shop.map((at) => `shop ${at}`),
		),
		numberColumn('price', price),
		numberColumn('month', month),
		numberColumn('sold', sold),
		stringColumn(
			'band',
			sold.map((one) => (one > 0.5 ? 'much' : 'little')),
		),
	]);
}

function generated(): Problem[] {
	const table = sales(20_000);
	return [
		{ name: 'sales', table, target: 'sold', exclude: ['band'], metric: 'r2' },
		{
			name: 'sales that fall with the price',
			table,
			target: 'sold',
			exclude: ['band'],
			metric: 'r2',
			monotone: { price: 'decreasing' },
		},
		{ name: 'sales, two classes', table, target: 'band', exclude: ['sold'], metric: 'log_loss' },
	];
}

async function homes(data: string): Promise<Problem[]> {
	const { table } = parseTable(await readTable(join(data, 'home-prices/Bengaluru_House_Data.csv')), [
		{ column: 'total_sqft', as: 'range_mean', decimal: '.' },
		{ column: 'total_sqft', as: 'number_with_unit', units: 'square_feet', decimal: '.' },
		{ column: 'size', as: 'number_in_text', decimal: '.' },
	]);
	// A few palaces decide most of R²: the split says more of it than the learner.
	return [{ name: 'homes', table, target: 'price', exclude: ['society', 'availability'], metric: 'mae' }];
}

const python = findPython('lightgbm');

describe('categories beside LightGBM and scikit-learn', function () {
	this.timeout(900_000);
	if ('missing' in python) {
		it.skip(`SKIPPED: ${python.missing}`);
		return;
	}
	const peer = python;

	it('tell as much in generated rows', () => compare(generated()));
	const data = process.env['PERCH_REAL_DATA'];
	if (data === undefined) it.skip('SKIPPED real rows: set PERCH_REAL_DATA to the folder of the real data sets');
	else it('tell as much of homes', async () => compare(await homes(data)));

	async function compare(problems: Problem[]): Promise<void> {
		const cases = problems.map((problem) => ({ ...problem, ...prepared(problem) }));
		const theirs = await peer.run<Record<'lightgbm' | 'histogram' | 'every', number[]>[]>(
			'categoryFigures.py',
			cases.map(({ matrix, raw, target: _, known, train, test, monotone = {} }) => ({
				task: known.task,
				target: Array.from(train, (row) => (known.task === 'regression' ? known.values[row] : known.codes[row])),
				categories: (matrix.categories ?? []).flatMap((count, at) => (count > 0 ? [at] : [])),
				monotone: matrix.names?.map((name) => ({ increasing: 1, decreasing: -1, none: 0 })[monotone[name] ?? 'none']),
				coded: { train: rowsOf(fewer(matrix), train), test: rowsOf(fewer(matrix), test) },
				raw: { train: rowsOf(raw, train), test: rowsOf(raw, test) },
			})),
		);
		for (const [index, { name, metric, matrix, plain, known, train, test, monotone = {} }] of cases.entries()) {
			const figure = (said: Float64Array) => measure(known, test, said)[metric] as number;
			const own = async (model: ModelSection, features: FeatureMatrix) => {
				const ready = estimatorOf(model);
				if (ready.kind !== 'predictor') throw new Error(`${model.type} predicts nothing`);
				const fitted = await ready.fit({ matrix: features, target: known, rows: train }, () => undefined);
				return figure(await fitted.predict(takeMatrixRows(features, test)));
			};
			const boosting = await own({ type: 'gradient_boosting', params: { monotone } }, matrix);
			const other = theirs[index] as (typeof theirs)[number];
			const [light, histogram, every] = [other.lightgbm, other.histogram, other.every].map((said) =>
				figure(Float64Array.from(said)),
			) as [number, number, number];
			const oneHot = await own({ type: 'gradient_boosting', params: { monotone } }, plain);
			const forest = await own({ type: 'random_forest', params: {} }, matrix);
			const forestOneHot = await own({ type: 'random_forest', params: {} }, plain);
			const [a, b, c, d, e, f] = [boosting, light, histogram, oneHot, forest, forestOneHot].map((one) =>
				one.toFixed(4),
			);
			console.log(`      ${name}, ${metric}: boosting ${a}, LightGBM ${b}, scikit-learn ${c}, one-hot ${d}`);
			console.log(`        forest ${e}, one-hot ${f}; LightGBM with every value for itself ${every.toFixed(4)}`);
			const worse = (than: number) =>
				(metric === 'r2' ? than - boosting : boosting - than) / (metric === 'mae' ? than : 1);
			assert.ok(worse(light) <= 0.01 && worse(histogram) <= 0.01 && worse(every) <= 0.02, name);
		}
	}
});

function prepared({ table, target, exclude }: Problem) {
	const known = readTarget(table, target, undefined);
	const mixed = shuffled(known.rows, createRandom('categories'));
	const border = Math.round(mixed.length * 0.7);
	const [train, test] = [mixed.slice(0, border).sort(), mixed.slice(border).sort()];
	const spec = { prepare: [], target, exclude };
	const featuresOf = (asCategories: boolean) => {
		const learned = takeRows(table, train);
		const { preparation } = fitPreparation(learned, spec, { keepMissing: true, shareRare: true, asCategories });
		return applyPreparation(preparation, table);
	};
	const matrix = featuresOf(true);
	const columns = matrix.columns.map((values, feature) => {
		const column = columnOf(table, matrix.names?.[feature] ?? '');
		return column.kind === 'number'
			? values
			: Float32Array.from(column.codes, (code) => (code < 0 ? Number.NaN : code));
	});
	return { known, train, test, matrix, plain: featuresOf(false), raw: { rows: matrix.rows, columns } };
}

function rowsOf({ columns }: FeatureMatrix, rows: Uint32Array): (number | null)[][] {
	return Array.from(rows, (row) =>
		columns.map((column) => (Number.isNaN(column[row]) ? null : (column[row] as number))),
	);
}

/** The 253 most frequent categories and one for all others: scikit-learn takes 255. */
function fewer(matrix: FeatureMatrix): FeatureMatrix {
	const columns = matrix.columns.map((column, feature) =>
		matrix.categories?.[feature] ? column.map((code) => Math.min(code, 253)) : column,
	);
	return { ...matrix, columns };
}
