import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { isPerchError } from '../protocol/errors.ts';
import { checkModelBytes, checkModelFile } from './checkFile.ts';
import { createGraph } from './graph.ts';
import { ModelProto, type onnx } from './proto.ts';

function sample(): Uint8Array {
	const graph = createGraph('test');
	const sum = graph.node('Add', [graph.input('x', 'float', ['N', 1]), graph.constant(Float32Array.of(1), [1, 1])]);
	graph.output('y', 'float', ['N', 1], sum);
	return graph.toBytes({});
}

/** The sample with something changed in it. */
function changed(change: (model: onnx.ModelProto, graph: onnx.IGraphProto) => void): Uint8Array {
	const model = ModelProto.decode(sample());
	change(model, model.graph ?? {});
	return ModelProto.encode(model).finish();
}

const subgraph = (inner: onnx.IGraphProto): onnx.INodeProto => ({
	opType: 'If',
	attribute: [{ name: 'then_branch', type: 5, g: inner }],
});
const external: onnx.ITensorProto = {
	name: 'w',
	dims: [1],
	dataType: 1,
	dataLocation: 1,
	externalData: [{ key: 'location', value: '../../etc/passwd' }],
};

describe('checking a model file', () => {
	it('passes what Perch writes', () => {
		assert.equal(checkModelBytes(sample()).graph.node?.length, 1);
	});

	it('refuses data in other files, wherever it hides', () => {
		const hidden = [
			changed((_, graph) => graph.initializer?.push(external)),
			changed((_, graph) => graph.initializer?.push({ ...external, dataLocation: 0 })),
			changed((_, graph) =>
				graph.node?.push({ opType: 'Constant', attribute: [{ name: 'value', type: 4, t: external }] }),
			),
			changed((_, graph) => graph.sparseInitializer?.push({ values: external })),
			changed((_, graph) => graph.node?.push(subgraph({ node: [subgraph({ initializer: [external] })] }))),
		];
		for (const bytes of hidden) {
			assert.throws(() => checkModelBytes(bytes), { code: 'invalid_model', message: /another file/ });
		}
	});

	it('refuses unknown domains and functions of the model itself', () => {
		const custom = { opType: 'Run', domain: 'evil.ops' };
		for (const bytes of [
			changed((_, graph) => graph.node?.push(custom)),
			changed((_, graph) => graph.node?.push(subgraph({ node: [custom] }))),
		]) {
			assert.throws(() => checkModelBytes(bytes), { code: 'invalid_model', message: /evil\.ops/ });
		}
		const own = changed((model) => model.functions.push({ name: 'f', domain: 'local' }));
		assert.throws(() => checkModelBytes(own), { code: 'invalid_model', message: /functions of its own/ });
	});

	it('refuses tensors that claim more than the file holds', () => {
		const large = changed((_, graph) => graph.initializer?.push({ name: 'w', dims: [100_000, 100_000], dataType: 1 }));
		assert.throws(() => checkModelBytes(large), { code: 'invalid_model', message: /100000, 100000/ });
		const negative = changed((_, graph) => graph.initializer?.push({ name: 'w', dims: [-1, -1], dataType: 1 }));
		assert.throws(() => checkModelBytes(negative), { code: 'invalid_model' });
		const sparse = changed((_, graph) => graph.sparseInitializer?.push({ dims: [1e6, 1e6] }));
		assert.throws(() => checkModelBytes(sparse), { code: 'invalid_model', message: /sparse/ });
	});

	it('refuses what nests too deep', () => {
		let inner: onnx.IGraphProto = { node: [{ opType: 'Relu' }] };
		for (let level = 0; level < 20; level++) inner = { node: [subgraph(inner)] };
		assert.throws(() => checkModelBytes(changed((_, graph) => graph.node?.push(...(inner.node ?? [])))), {
			code: 'invalid_model',
			message: /nested/,
		});
	});

	it('answers a file that is cut off anywhere, or whose bytes are changed, with a PerchError or a model', () => {
		const whole = sample();
		const damaged = fc.oneof(
			fc.nat(whole.length - 1).map((length) => whole.slice(0, length)),
			fc
				.tuple(fc.nat(whole.length - 1), fc.nat(255))
				.map(([at, byte]) => whole.map((old, index) => (index === at ? byte : old))),
			fc.uint8Array({ maxLength: 200 }),
		);
		fc.assert(
			fc.property(damaged, (bytes) => {
				try {
					assert.ok(checkModelBytes(bytes).graph.output?.length);
				} catch (error) {
					assert.ok(isPerchError(error) && error.code === 'invalid_model' && error.detail.hint, String(error));
				}
			}),
			{ numRuns: 1000 },
		);
	});

	it('names the file', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'perch-check-'));
		try {
			const path = join(folder, 'm.onnx');
			await assert.rejects(checkModelFile(path), {
				code: 'file_not_found',
				detail: { file: path, hint: 'Check the path.' },
			});
			for (const content of ['', 'not a model at all', '<html></html>']) {
				await writeFile(path, content);
				await assert.rejects(
					checkModelFile(path),
					(error) => isPerchError(error) && error.code === 'invalid_model' && error.detail.file === path,
				);
			}
		} finally {
			await rm(folder, { recursive: true });
		}
	});
});
