import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type Column, numberColumn, stringColumn, type Table, tableOf } from '../../data/table.ts';
import type { PerformanceTask } from '../../protocol/driftPerformance.ts';
import { judgePerformance } from './judgePerformance.ts';
import { guessTask, type ScoredRows } from './outcomes.ts';

// The figures are those of scikit-learn 1.9.1 and Evidently 0.7.23 on the same formulas, with i = np.arange(400):
//   t = (7919*i%1000)/10+1;  p = t+((6151*i)%200-90)/20
//   m.mean_absolute_error(t, p), m.root_mean_squared_error(t, p), m.r2_score(t, p), …
//   error_bias_table(d, error_with_quantiles(d, 'p', 't', 0.05), ['size'], ['town'])
//   y = ((i*i+i//3)%5<2);  prob = ((3*i*i+17*y*i+i//7)%97+1)/99*0.6+0.3*y
//   m.precision_score(y, prob >= 0.5), m.roc_auc_score(y, prob), calibration_curve(y, prob, n_bins=10), …
const rows = Array.from({ length: 400 }, (_, i) => i);

function near(found: number | null | undefined, expected: number, what = ''): void {
	assert.ok(
		found != null && Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
		`${what} ${found}, not ${expected}`,
	);
}

function scored(target: Column | null, prediction: Column | null, change: Partial<ScoredRows> = {}): ScoredRows {
	const table: Table = change.table ?? { rows: rows.length, columns: [] };
	return { table, target, prediction, anomalyScore: null, proba: null, ...change };
}

const nothing = scored(null, null, { table: { rows: 0, columns: [] } });

function judge(reference: ScoredRows, task: PerformanceTask | null = null, current: ScoredRows = nothing) {
	const features = reference.table.columns.map(({ name }) => name);
	return judgePerformance({ reference, current }, { task, target: 'truth', prediction: 'model', features });
}

const truth = rows.map((i) => ((7919 * i) % 1000) / 10 + 1);
const predicted = truth.map((t, i) => t + (((6151 * i) % 200) - 90) / 20);

describe('performance of regression', () => {
	const size = rows.map((i) => ((i * 29) % 37) + ((predicted[i] as number) - (truth[i] as number)) * 2);
	const town = rows.map(
		(i) => ((predicted[i] as number) - (truth[i] as number) > 4 ? 'z' : ['x', 'y', 'z'][(i % 7) % 3]) as string,
	);
	const sample = scored(numberColumn('t', truth), numberColumn('p', predicted), {
		table: tableOf([numberColumn('size', size), stringColumn('town', town)]),
	});

	it('has the figures of scikit-learn', () => {
		const { task, regression, reason } = judge(sample);
		const figures = regression?.figures.reference;
		assert.equal(task, 'regression');
		near(figures?.mean_error, 0.475);
		near(figures?.error_std, 2.890330435272524);
		near(figures?.mae, 2.5225);
		near(figures?.rmse, 2.9255341392641445);
		near(figures?.mape, 0.13648082035064238);
		near(figures?.r2, 0.9897986549183088);
		near(figures?.max_error, 5.45);
		assert.equal(regression?.figures.current, null);
		assert.equal(reason, 'No labels in the current data.');
	});

	it('parts the bias as Evidently does', () => {
		const groups = new Map(judge(sample).features.map(({ column, groups }) => [column, groups?.reference]));
		near(groups.get('size')?.overall as number, 18.9825);
		near(groups.get('size')?.underestimation as number, 7.7);
		near(groups.get('size')?.overestimation as number, 27.2);
		near(groups.get('size')?.range, 35.008976660682244);
		assert.deepEqual(groups.get('town'), { overall: 'z', underestimation: 'y', overestimation: 'z', range: 1 });
	});

	it('tells the error of each value of a feature', () => {
		const parts = judge(sample).features.find(({ column }) => column === 'town')?.parts;
		const own = rows.filter((i) => town[i] === 'x').map((i) => (predicted[i] as number) - (truth[i] as number));
		const found = parts?.find(({ segment }) => segment === 'x')?.reference;
		assert.equal(found?.rows, own.length);
		near(found?.mean_error, own.reduce((sum, error) => sum + error, 0) / own.length);
		near(found?.mae, own.reduce((sum, error) => sum + Math.abs(error), 0) / own.length);
	});

	it('leaves out and counts rows without a label, and null where a figure is not defined', () => {
		const some = judge(
			scored(
				numberColumn(
					't',
					rows.map((i) => (i % 4 === 0 ? null : 0)),
				),
				numberColumn(
					'p',
					rows.map((i) => (i % 4 === 1 ? null : 0.5)),
				),
			),
			'regression',
		);
		assert.deepEqual(some.left_out, { reference: 200, current: 0 });
		assert.deepEqual(some.regression?.figures.reference, {
			rows: 200,
			mean_error: 0.5,
			error_std: 0,
			mae: 0.5,
			rmse: 0.5,
			mape: null,
			r2: null,
			max_error: 0.5,
		});
	});

	it('refuses text', () => {
		const text = stringColumn('t', rows.map(String));
		assert.throws(() => judge(scored(text, numberColumn('p', predicted)), 'regression'), { code: 'invalid_data' });
	});
});

describe('performance of classification', () => {
	const y = rows.map((i) => +((i * i + Math.floor(i / 3)) % 5 < 2));
	const prob = rows.map(
		(i) =>
			((((3 * i * i + 17 * (y[i] as number) * i + Math.floor(i / 7)) % 97) + 1) / 99) * 0.6 + 0.3 * (y[i] as number),
	);

	it('has the figures of scikit-learn for two classes, from probabilities alone', () => {
		const { task, classification } = judge(scored(numberColumn('t', y, 'integer'), numberColumn('p', prob)));
		assert.equal(task, 'classification');
		assert.equal(classification?.positive, '1');
		const figures = classification?.figures.reference;
		const expected = {
			accuracy: 0.765,
			precision: 0.8051948051948052,
			recall: 0.6595744680851063,
			f1: 0.7251461988304093,
			precision_macro: 0.7725161017843944,
			recall_macro: 0.7590325170614212,
			f1_macro: 0.7599530120789602,
			precision_weighted: 0.7705553795797698,
			recall_weighted: 0.765,
			f1_weighted: 0.762041420873873,
			roc_auc: 0.8836059815335207,
			log_loss: 0.47021497520397104,
			brier: 0.15300211202938477,
		};
		for (const [name, value] of Object.entries(expected)) near(figures?.[name as keyof typeof expected], value, name);
		assert.deepEqual(classification?.confusion.reference, [
			[182, 30],
			[64, 124],
		]);
	});

	it('is calibrated as calibration_curve has it', () => {
		const points = judge(scored(numberColumn('t', y, 'integer'), numberColumn('p', prob))).classification?.calibration
			?.reference;
		const observed = [0, 0, 0, 0.42105263157894735, 0.5230769230769231, 0.5384615384615384, 1, 1, 1];
		const mean = [
			0.05610948191593353, 0.15225424981522545, 0.2476190476190476, 0.3469696969696971, 0.4468065268065269,
			0.5451282051282049, 0.6548209366391184, 0.7492121212121212, 0.8339602925809821,
		];
		assert.equal(points?.length, observed.length);
		for (const [at, point] of (points ?? []).entries()) {
			near(point.observed, observed[at] as number);
			near(point.predicted, mean[at] as number);
		}
	});

	it('has the figures of scikit-learn for three classes, the order of the probabilities whichever', () => {
		// w = (k*k+k//3)%4, 3 as 0; pp = rows of ((k*(c+3)*7+k//5)%23)+1+10*(w==c), each divided by its sum
		const w = rows.map((k) => ((k * k + Math.floor(k / 3)) % 4) % 3);
		const raw = [0, 1, 2].map((c) =>
			rows.map((k) => ((k * (c + 3) * 7 + Math.floor(k / 5)) % 23) + 1 + 10 * +(w[k] === c)),
		);
		const sum = rows.map((k) => raw.reduce((total, values) => total + (values[k] as number), 0));
		const proba = raw.map((values) => Float64Array.from(values, (value, k) => value / (sum[k] as number)));
		const z = rows.map((k) => {
			const given = proba.map((values) => values[k] as number);
			return String(given.indexOf(Math.max(...given)));
		});
		const { classification } = judge(
			scored(numberColumn('t', w, 'integer'), stringColumn('p', z), {
				proba: { classes: ['2', '0', '1'], values: [proba[2], proba[0], proba[1]] as Float64Array[] },
			}),
		);
		assert.deepEqual(classification?.classes, ['0', '1', '2']);
		assert.equal(classification?.positive, null);
		assert.equal(classification?.calibration, null);
		const figures = classification?.figures.reference;
		near(figures?.accuracy, 0.7275);
		near(figures?.roc_auc, 0.9082623253809214);
		near(figures?.log_loss, 0.7503732881464111);
		near(figures?.precision_macro, 0.6936772124870619);
		near(figures?.recall_macro, 0.7202594171997158);
		near(figures?.f1_macro, 0.6969596733864724);
		near(figures?.precision_weighted, 0.7610153518771849);
		near(figures?.f1_weighted, 0.7376222338008938);
		assert.equal(figures?.f1, null);
		assert.deepEqual(classification?.confusion.reference, [
			[149, 30, 21],
			[10, 47, 10],
			[13, 25, 95],
		]);
		const one = classification?.by_class[1];
		assert.equal(one?.reference?.rows, 67);
		near(one?.reference?.precision, 0.46078431372549017);
		near(one?.reference?.recall, 0.7014925373134329);
		near(one?.reference?.f1, 0.5562130177514792);
	});

	it('takes true, 1 and "True" for one class', () => {
		const flags = y.map((value) => value === 1);
		const target = numberColumn('t', y, 'boolean');
		for (const prediction of [
			stringColumn(
				'p',
				flags.map((flag) => (flag ? 'True' : 'False')),
			),
			numberColumn('p', y, 'integer'),
			stringColumn('p', y.map(String)),
		]) {
			const { classification } = judge(scored(target, prediction));
			assert.deepEqual(classification?.classes, ['false', 'true']);
			assert.equal(classification?.figures.reference?.accuracy, 1);
		}
	});

	it('shows twenty classes and takes the others together', () => {
		const many = rows.map((i) => `class ${i % 25}`);
		const { classification } = judge(scored(stringColumn('t', many), stringColumn('p', many)));
		assert.equal(classification?.classes.length, 20);
		assert.equal(classification?.others, 5);
		assert.equal(classification?.confusion.reference?.[20]?.[20], 80);
		assert.equal(classification?.figures.reference?.accuracy, 1);
	});

	it('tells no classes of what has a hundred and one', () => {
		const many = rows.map((i) => `class ${i % 101}`);
		const made = judge(scored(stringColumn('t', many), stringColumn('p', many)));
		assert.equal(made.classification, undefined);
		assert.match(made.reason ?? '', /101 different values/);
	});
});

describe('performance on anomalies', () => {
	// lab = where(i%11==0, -1, 1); pred = where((i%13==0)|(i%22==0), -1, 1); sc = ((i*37)%101)/200 + where(lab==-1, .3, 0)
	const labels = rows.map((i) => (i % 11 === 0 ? -1 : 1));
	const answers = rows.map((i) => (i % 13 === 0 || i % 22 === 0 ? -1 : 1));
	const score = Float64Array.from(rows, (i) => ((i * 37) % 101) / 200 + (i % 11 === 0 ? 0.3 : 0));

	it('has the figures of scikit-learn with anomalies as positives, labelled −1 or 1', () => {
		for (const target of [labels, labels.map((label) => +(label === -1))]) {
			const { task, classification } = judge(
				scored(numberColumn('t', target, 'integer'), numberColumn('p', answers, 'integer'), { anomalyScore: score }),
			);
			assert.equal(task, 'anomaly');
			assert.equal(classification?.positive, 'anomaly');
			const figures = classification?.figures.reference;
			near(figures?.accuracy, 0.8875);
			near(figures?.precision, 0.4166666666666667);
			near(figures?.recall, 0.5405405405405406);
			near(figures?.f1, 0.47058823529411764);
			near(figures?.roc_auc, 0.8905144814235724);
			assert.equal(figures?.log_loss, null);
		}
	});

	it('takes a side whose labels are all 1 by the convention of the other', () => {
		const ones = scored(
			numberColumn(
				't',
				rows.map(() => 1),
			),
			numberColumn(
				'p',
				rows.map(() => 1),
			),
		);
		const { classification } = judge(scored(numberColumn('t', labels), numberColumn('p', answers)), null, ones);
		assert.equal(classification?.figures.current?.accuracy, 1);
		assert.deepEqual(classification?.confusion.current, [
			[400, 0],
			[0, 0],
		]);
	});
});

describe('the task', () => {
	const column = (values: readonly number[]) =>
		numberColumn(
			'x',
			rows.map((i) => values[i % values.length] as number),
		);
	const cases: [string, Column, Column, PerformanceTask][] = [
		['few whole labels, whole predictions', column([1, 2, 3]), column([1, 3, 3]), 'classification'],
		['few whole labels, fractions beyond 1', column([1, 2, 3]), column([1.5, 2.5]), 'regression'],
		['two labels, probabilities', column([0, 1]), column([0.25, 0.75]), 'classification'],
		['many whole labels', column(rows), column(rows), 'regression'],
		['−1 and 1', column([-1, 1]), column([1, 1, -1]), 'anomaly'],
		[
			'text',
			stringColumn(
				'x',
				rows.map(() => 'a'),
			),
			column([1]),
			'classification',
		],
	];
	for (const [what, target, prediction, task] of cases) {
		it(`of ${what} is ${task}`, () => {
			assert.equal(guessTask({ reference: scored(target, prediction), current: nothing }), task);
		});
	}
});
