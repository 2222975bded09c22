import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGraph, type Graph } from '../../daemon/onnx/graph.ts';
import { ModelProto, type onnx } from '../../daemon/onnx/proto.ts';
import { createWorkplace } from './commandLine.ts';
import { sumModel } from './smallModels.ts';

interface Imported {
	version: { version: number; status: string; aliases: string[]; task: string; description: string };
	unservable: string | null;
}

const outOfReach = 1n << 40n;

describe('importing a model', () => {
	const place = createWorkplace();
	after(() => place.end());

	const good = sumModel({ inputs: ['a', 'b'] });
	const changed = (change: (model: onnx.ModelProto, graph: onnx.IGraphProto) => void): Uint8Array => {
		const model = ModelProto.decode(good);
		change(model, model.graph ?? {});
		return ModelProto.encode(model).finish();
	};
	const graphOf = (build: (graph: Graph) => void): Uint8Array => {
		const graph = createGraph('foreign');
		build(graph);
		return graph.toBytes({});
	};
	function imports(name: string, bytes: Uint8Array): { code: number | null; value: Imported } {
		writeFileSync(join(place.folder, `${name}.onnx`), bytes);
		const { code, stdout } = place.perch('models', 'import', '--name', name, '--file', `${name}.onnx`, '--json');
		return { code, value: JSON.parse(stdout) };
	}

	it('refuses what no runtime should see', () => {
		const refusals: [string, RegExp, Uint8Array][] = [
			[
				'elsewhere',
				/another file/,
				changed((_, graph) => {
					graph.initializer?.push({
						...{ name: 'w', dims: [1], dataType: 1, dataLocation: 1 },
						externalData: [{ key: 'location', value: '/etc/passwd' }],
					});
				}),
			],
			['custom', /unknown domain evil/, changed((_, graph) => graph.node?.push({ opType: 'Run', domain: 'evil' }))],
			['newer', /operator set 99/, changed((model) => model.opsetImport.splice(0, 1, { domain: '', version: 99 }))],
			['half', /no ONNX model/, good.subarray(0, good.length / 2)],
		];
		for (const [name, message, bytes] of refusals) {
			writeFileSync(join(place.folder, `${name}.onnx`), bytes);
			const { code, error } = place.refused('models', 'import', '--name', name, '--file', `${name}.onnx`);
			assert.deepEqual([code, error.code, error.file], [1, 'invalid_model', join(place.folder, `${name}.onnx`)]);
			assert.match(error.message, message);
		}
		assert.deepEqual(place.json('models', 'list')['models'], []);
	});

	it('keeps what cannot be served, and says so', () => {
		const unservable: [string, RegExp, Uint8Array][] = [
			[
				'picture',
				/shape \[N, 3, 8, 8\]/,
				graphOf((graph) => {
					const pixels = graph.input('pixels', 'float', ['N', 3, 8, 8]);
					graph.output('y', 'float', ['N', 3, 8, 8], graph.node('Abs', [pixels]));
				}),
			],
			['unknown', /cannot load/, changed((_, graph) => Object.assign(graph.node?.[0] ?? {}, { opType: 'Nonsense' }))],
			[
				'onerow',
				/not one row for each/,
				graphOf((graph) => {
					const sum = graph.node('ReduceSum', [graph.input('a', 'float', ['N', 1])], { keepdims: { int: 1 } });
					graph.output('y', 'float', [1, 1], sum);
				}),
			],
			[
				'enormous',
				/./,
				graphOf((graph) => {
					const shape = graph.constant(BigInt64Array.of(outOfReach, outOfReach), [2]);
					const sum = graph.node('ReduceSum', [graph.node('ConstantOfShape', [shape])], { keepdims: { int: 0 } });
					graph.output('y', 'float', ['N', 1], graph.node('Add', [graph.input('a', 'float', ['N', 1]), sum]));
				}),
			],
		];
		for (const [name, reason, bytes] of unservable) {
			const { code, value } = imports(name, bytes);
			assert.deepEqual([name, code, value.version.status, value.version.aliases], [name, 3, 'failed', []]);
			assert.match(value.unservable ?? '', reason);
			assert.ok(value.version.description.includes(`Cannot be served: ${value.unservable}`));
			for (const command of [
				['serve', '--model', `${name}/1`],
				['models', 'promote', `${name}/1`],
			]) {
				const { error } = place.refused(...command);
				assert.match(`${error.message} ${error.hint}`, /is failed\. Cannot be served/);
			}
		}
		const { code, value } = imports('picture', good);
		assert.deepEqual([code, value.version.version, value.version.aliases], [0, 2, ['production']]);
	});

	it('asks the rows that travel with a model, which answers as it did or is not served', () => {
		const lines = Array.from({ length: 60 }, (_, row) => `${row % 7},${row},${3 * row + (row % 7)}`);
		writeFileSync(join(place.folder, 'rows.csv'), `a,b,y\n${lines.join('\n')}\n`);
		place.json('train', '--data', 'rows.csv', '--model', 'linear', '--target', 'y', '--name', 'line');
		place.json('models', 'export', 'line@latest', '--output', 'line.onnx');
		const bytes = readFileSync(join(place.folder, 'line.onnx'));
		assert.deepEqual([imports('same', bytes).code, imports('same', bytes).value.unservable], [0, null]);

		const model = ModelProto.decode(bytes);
		const weights = model.graph?.initializer?.findLast(({ dims }) => String(dims) === '1,1');
		if (weights) weights.rawData = new Uint8Array(Float32Array.of(100_000).buffer);
		const { code, value } = imports('other', ModelProto.encode(model).finish());
		assert.deepEqual([code, value.version.status], [3, 'failed']);
		assert.match(value.unservable ?? '', /other\.onnx says .* of row 1 of the rows that travel with it, and said/);
		assert.equal(place.refused('serve', '--model', 'other.onnx').error.code, 'model_mismatch');
		const { deployments } = place.json<{ deployments: unknown[] }>('deployments', 'list');
		assert.deepEqual(deployments, []);
	});
});
