import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTable } from '../data/parse/parseColumns.ts';
import { numberColumn, stringColumn, type Table, tableOf } from '../data/table.ts';
import { cutWindows } from '../data/window.ts';
import { type TrainingSpec, trainModel } from '../learn/trainModel.ts';
import { openModel } from '../onnx/model.ts';
import { ModelProto, type onnx } from '../onnx/proto.ts';
import type { WindowSection } from '../protocol/project/data.ts';
import type { ParseStep } from '../protocol/project/parse.ts';
import { createRandom } from '../stats/random.ts';
import { makeGolden } from './goldenSet.ts';
import { loadVersion } from './loadedVersion.ts';

const rows = 200;
const random = createRandom('goldenSet.test');
const area = Array.from({ length: rows }, () => 500 + random.integer(1000));
/** As callers send it: areas as text, some as ranges, some missing. */
const raw = tableOf([
	stringColumn(
		'area',
		area.map((value, row) => (row % 9 === 4 ? null : row % 5 === 0 ? `${value - 10} - ${value + 10}` : String(value))),
	),
	stringColumn(
		'city',
		area.map((_, row) => ['a', 'ü "x"', 'c'][row % 3] as string),
	),
	numberColumn(
		'price',
		area.map((value, row) => value * 2 + 100 * (row % 3) + random.normal()),
	),
	stringColumn(
		'kind',
		area.map((value) => (value > 1000 ? 'big' : 'small')),
	),
]);
const parse: ParseStep[] = [{ column: 'area', as: 'range_mean', decimal: '.' }];

/** The file of a model whose golden set was taken from `from`. */
async function trained(table: Table, from: Table, spec: Partial<TrainingSpec>): Promise<Uint8Array> {
	const { onnx } = await trainModel(table, {
		prepare: parse.map((step) => ({ parse: step })),
		model: { type: 'random_forest', params: { trees: 20 } },
		...spec,
		golden: (model) => makeGolden(model, from),
	});
	return onnx;
}

const plain = (spec: Partial<TrainingSpec>) => trained(parseTable(raw, parse).table, raw, spec);

/** The file after something was done to its graph, with its metadata as they were. */
function tampered(file: Uint8Array, change: (node: onnx.INodeProto) => void): Uint8Array {
	const model = ModelProto.decode(file);
	for (const node of model.graph?.node ?? []) change(node);
	return ModelProto.encode(model).finish();
}

describe('the golden set', () => {
	let folder: string;
	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'perch-golden-'));
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	async function load(bytes: Uint8Array): Promise<void> {
		const file = join(folder, 'model.onnx');
		writeFileSync(file, bytes);
		const sha256 = createHash('sha256').update(bytes).digest('hex');
		const version = await loadVersion({
			...{ model: 'flats', version: 3, file, sha256, alias: null, metrics: {}, trained_at: null, dataset: null },
		});
		await version.retire();
	}

	const golden = async (bytes: Uint8Array) => {
		const model = await openModel(bytes);
		await model.close();
		return model.golden;
	};

	it('holds rows as callers send them, with the answers that callers get', async () => {
		const bytes = await plain({ target: 'price', exclude: ['kind'] });
		const set = await golden(bytes);
		assert.equal(set?.rows.length, 16);
		assert.deepEqual(set?.rows[0], {
			area: raw.columns[0]?.kind === 'string' ? raw.columns[0].dictionary[0] : '',
			city: 'a',
		});
		assert.ok(set?.rows.some(({ area: text }) => typeof text === 'string' && text.includes(' - ')));
		assert.ok(set?.answers.every((answer) => typeof answer === 'number' && answer > 500));
		await load(bytes);
	});

	it('passes for classes and for windows of a series', async () => {
		await load(await plain({ target: 'kind', exclude: ['price'] }));
		const window: WindowSection = { size: 5, step: 2, features: ['mean', 'std', 'slope'] };
		const cut = cutWindows(raw, window, { columns: ['price'], key: 'city' });
		const bytes = await trained(cut, raw, {
			...{ prepare: [], model: { type: 'isolation_forest', params: { trees: 10 } }, key: 'city' },
			window: { section: window, columns: ['price'] },
		});
		const set = await golden(bytes);
		assert.deepEqual([set?.rows.length, set?.answers.filter((answer) => answer === null).length], [20, 4]);
		await load(bytes);
	});

	it('refuses a graph that was changed since', async () => {
		const bytes = await plain({ target: 'price', exclude: ['kind'] });
		const leaves = tampered(bytes, ({ attribute }) => {
			for (const one of attribute ?? []) {
				if (one.name === 'target_weights') one.floats = one.floats?.map((weight) => weight * 1.001) ?? null;
			}
		});
		await assert.rejects(load(leaves), {
			code: 'model_mismatch',
			message: /^flats version 3 says \d.* of row 1 of the rows that travel with it, and said \d/,
		});
		const city = tampered(bytes, ({ attribute }) => {
			const words = attribute?.find(({ name }) => name === 'keys_strings');
			words?.strings?.reverse();
		});
		await assert.rejects(load(city), { code: 'model_mismatch' });
	});

	it('refuses a parse step that was changed since', async () => {
		const bytes = await plain({ target: 'price', exclude: ['kind'] });
		const model = ModelProto.decode(bytes);
		for (const entry of model.metadataProps) entry.value = entry.value?.replace('range_mean', 'number_in_text') ?? '';
		await assert.rejects(load(ModelProto.encode(model).finish()), { code: 'model_mismatch' });
	});

	it('refuses one that is cut off', async () => {
		const model = ModelProto.decode(await plain({ target: 'price', exclude: ['kind'] }));
		const broken = (value: string) => {
			for (const entry of model.metadataProps) if (entry.key === 'perch.golden') entry.value = value;
			return load(ModelProto.encode(model).finish());
		};
		await assert.rejects(broken('{"rows": ['), { code: 'invalid_model', message: /golden set/ });
		await assert.rejects(broken('{"rows": [], "answers": [1]}'), {
			code: 'invalid_model',
			message: /0 rows and 1 answer/,
		});
	});
});
