import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { numberColumn, stringColumn, type Table, tableOf } from '../../data/table.ts';
import { createRandom } from '../../stats/random.ts';
import { trainModel } from '../trainModel.ts';
import { compareVersions } from './compareVersions.ts';

function homes(rows: number, seed: number): Table {
	const random = createRandom('compareVersions.test', seed);
	const draw = () => Array.from({ length: rows }, () => random.normal());
	const [size, age] = [draw(), draw()];
	const price = size.map((value, row) => 3 * value - 2 * (age[row] ?? 0) + 0.5 * random.normal());
	return tableOf([
		numberColumn('size', size),
		numberColumn('age', age),
		numberColumn('price', price),
		stringColumn(
			'kind',
			price.map((value) => (value > 1 ? 'dear' : value > -1 ? 'fair' : 'cheap')),
		),
	]);
}

const made = homes(600, 1);
const train = (target: string, exclude: string[]) =>
	trainModel(made, { model: { type: 'linear', params: {} }, prepare: [], target, exclude });

describe('comparing two versions on the same rows', () => {
	const folder = mkdtempSync(join(tmpdir(), 'perch-compare-'));
	const path = join(folder, 'production.onnx');
	after(() => rmSync(folder, { recursive: true }));

	it('measures both, and a version that lacks a column is worse beyond chance', async () => {
		const [full, part] = [await train('price', ['kind']), await train('price', ['kind', 'age'])];
		writeFileSync(path, full.onnx);
		const rows = full.holdout as Table;
		assert.equal(rows.rows, 120);
		const { mae, r2, cost } = await compareVersions(rows, 'price', 'regression', part.onnx, path, [
			'mae',
			'r2',
			'cost',
		]);
		assert.equal(cost, undefined);
		assert.ok(mae && r2 && mae.rows === 120);
		// What the runs measured on the same rows, up to the tolerance between graph and trainer.
		assert.ok(Math.abs(mae.other - (full.metrics['mae'] ?? 0)) < 1e-4);
		assert.ok(Math.abs(mae.value - (part.metrics['mae'] ?? 0)) < 1e-4);
		assert.ok(0 < mae.low && mae.low < mae.difference && mae.difference < mae.high);
		assert.ok(r2.low < r2.difference && r2.difference < r2.high && r2.high < 0);
		const same = await compareVersions(rows, 'price', 'regression', full.onnx, path, ['mae']);
		assert.deepEqual([same['mae']?.difference, same['mae']?.low, same['mae']?.high], [0, 0, 0]);
	});

	it('finds the classes of the other version by their names', async () => {
		const full = await train('kind', ['price']);
		const two = await trainModel(
			tableOf(homes(300, 2).columns.map((column) => (column.name === 'kind' ? words(column) : column))),
			{ model: { type: 'linear', params: {} }, prepare: [], target: 'kind', exclude: ['price'] },
		);
		writeFileSync(path, two.onnx);
		const compared = await compareVersions(made, 'kind', 'classification', full.onnx, path, ['accuracy', 'log_loss']);
		// The other version never says "fair", so it is right about the others at best.
		assert.ok((compared['accuracy']?.low ?? 0) > 0.05);
		assert.ok((compared['log_loss']?.high ?? 0) < 0);
	});

	it('says why the other version cannot be measured', async () => {
		const full = await train('price', ['kind']);
		writeFileSync(path, full.onnx);
		const without = tableOf(made.columns.filter(({ name }) => name !== 'age'));
		await assert.rejects(compareVersions(without, 'price', 'regression', full.onnx, path, ['mae']), {
			code: 'unknown_column',
		});
	});
});

/** The same column with fair homes called cheap. */
function words(column: Table['columns'][number]) {
	assert.ok(column.kind === 'string');
	return stringColumn(
		column.name,
		[...column.codes].map((code) => (column.dictionary[code] === 'dear' ? 'dear' : 'cheap')),
	);
}
