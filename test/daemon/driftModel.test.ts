import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DriftReport } from '../../daemon/protocol/drift.ts';
import { createWorkplace } from './commandLine.ts';
import { limitModel, sumModel } from './smallModels.ts';

describe('perch drift with labels and predictions', () => {
	const place = createWorkplace();
	after(() => place.end());

	const path = (name: string) => join(place.folder, name);
	/** Columns a, b, their sum and what else `row` gives; `shift` moves a. */
	const write = (name: string, head: string, shift: number, row: (a: number, b: number, i: number) => unknown[]) => {
		const lines = Array.from({ length: 500 }, (_, i) => {
			const [a, b] = [((i * 37) % 100) / 10 + shift, (i * 61) % 7];
			return [a, b, ...row(a, b, i)].join(',');
		});
		writeFileSync(path(name), `a,b,${head}\n${lines.join('\n')}\n`);
	};
	const drift = (...more: string[]) =>
		place.json<DriftReport>('drift', '--reference', 'before.csv', '--current', 'after.csv', ...more);

	it('scores both sides with a model, and holds it against the labels', () => {
		const truth = (a: number, b: number, i: number) => [a + b + (i % 2 ? 1 : -1)];
		write('before.csv', 'y', 0, truth);
		write('after.csv', 'y', 4, (a, b, i) => [Number(truth(a, b, i)[0]) + 3]);
		writeFileSync(path('sum.onnx'), sumModel({ inputs: ['a', 'b'] }));
		const report = drift('--model', 'sum.onnx', '--target', 'y');
		assert.deepEqual(report.columns.map(({ column }) => column).sort(), ['a', 'b'], 'the label is judged apart');
		assert.deepEqual([report.target?.column, report.target?.drift], ['y', true]);
		assert.equal(report.predictions?.from, 'sum');
		const [prediction] = report.predictions?.columns ?? [];
		assert.deepEqual([prediction?.column, prediction?.drift], ['prediction', true]);
		// The sum moves by 4 as a does; the labels by 7, so that the model is 3 too low.
		assert.ok(Math.abs((prediction?.current.mean ?? 0) - (prediction?.reference.mean ?? 0) - 4) < 1e-4);
		const figures = report.performance?.regression?.figures;
		assert.ok(Math.abs(figures?.reference?.mean_error ?? 1) < 1e-4);
		assert.ok(Math.abs((figures?.reference?.mae ?? 0) - 1) < 1e-4);
		assert.ok(Math.abs((figures?.current?.mean_error ?? 0) + 3) < 1e-4);
		assert.equal(report.performance?.task, 'regression');
		assert.deepEqual(report.performance?.features.map(({ column }) => column).sort(), ['a', 'b']);
	});

	it('counts the label among the columns only where it is asked for', () => {
		const report = drift('--target', 'y', '--columns', 'a,y');
		assert.deepEqual(
			report.columns.map(({ column }) => column),
			['a', 'y'],
		);
		assert.equal(report.target?.column, 'y');
		assert.equal(report.predictions, undefined);
	});

	it('measures what an anomaly model says against labels of −1 and 1', () => {
		// An anomaly is a sum over 12; the labels of every tenth row are turned round.
		const label = (a: number, b: number, i: number) => [(a + b > 12 ? -1 : 1) * (i % 10 === 0 ? -1 : 1)];
		write('before.csv', 'sick', 0, label);
		write('after.csv', 'sick', 2, label);
		writeFileSync(path('limit.onnx'), limitModel({ inputs: ['a', 'b'] }, -12));
		const report = drift('--model', 'limit.onnx', '--target', 'sick');
		assert.deepEqual(
			report.predictions?.columns.map(({ column }) => column),
			['label', 'anomaly_score'],
		);
		const { task, classification } = report.performance ?? {};
		assert.equal(task, 'anomaly');
		assert.equal(classification?.figures.reference?.accuracy, 0.9);
		assert.equal(classification?.figures.current?.accuracy, 0.9);
	});

	it('takes predictions and probabilities that lie in the data', () => {
		const row = (_: number, b: number, i: number) => {
			const sure = b / 10 + 0.05;
			return [i % 3 === 0 ? 'yes' : 'no', sure >= 0.5 ? 'yes' : 'no', sure, 1 - sure];
		};
		write('before.csv', 'truth,said,proba_yes,proba_no', 0, row);
		write('after.csv', 'truth,said,proba_yes,proba_no', 0, row);
		const report = drift('--target', 'truth', '--prediction', 'said');
		assert.equal(report.performance?.task, 'classification');
		assert.equal(report.performance?.classification?.positive, 'yes');
		assert.ok((report.performance?.classification?.figures.reference?.log_loss ?? 0) > 0);
		assert.ok((report.performance?.classification?.calibration?.current?.length ?? 0) > 1);
		const code = (...more: string[]) =>
			place.refused('drift', '--reference', 'before.csv', '--current', 'after.csv', ...more);
		assert.equal(code('--prediction', 'nothing').error.code, 'unknown_column');
		assert.equal(code('--target', 'nothing').error.code, 'unknown_column');
		assert.equal(code('--prediction', 'said', '--model', 'sum.onnx').error.code, 'invalid_arguments');
		assert.equal(code('--prediction', 'said', '--target', 'a', '--task', 'regression').error.code, 'invalid_data');
	});

	it('takes the target and the production version of a project', () => {
		const row = (a: number, b: number) => [a + b];
		write('before.csv', 'y', 0, row);
		write('after.csv', 'y', 0, row);
		place.json('models', 'import', '--name', 'sums', '--file', 'sum.onnx');
		const project = (columns: string) =>
			`name: sums\ndata: {source: before.csv, current: after.csv, target: y, columns: [${columns}]}\nmodel: {type: isolation_forest}\nregister: {as: sums}\n`;
		writeFileSync(path('perch.yaml'), project('a, b'));
		const report = place.json<DriftReport>('drift');
		assert.equal(report.predictions?.from, 'sums version 1');
		assert.equal(report.predictions?.drift, false);
		assert.equal(report.target?.column, 'y');
		assert.equal(report.performance?.regression?.figures.current?.rows, 500);
		writeFileSync(path('after.csv'), 'a,y\n1,2\n'.concat('3,4\n'.repeat(200)));
		const without = place.json<DriftReport>('drift');
		assert.match(without.predictions?.reason ?? '', /cannot score these rows: .*"b"/);
		assert.deepEqual(without.predictions?.columns, []);
	});
});
