import assert from 'node:assert/strict';
import { AttributeProto, ModelProto, type onnx } from './proto.ts';
import { decodeModel, encodeModel } from './wire.ts';

const { INTS, FLOATS, STRINGS, STRING } = AttributeProto.AttributeType;
const many = 5000;
const list = <T>(value: (index: number) => T) => Array.from({ length: many }, (_, index) => value(index));
const bytes = (text: string) => new TextEncoder().encode(text);

function modelWith(attribute: onnx.IAttributeProto[]): onnx.IModelProto {
	return {
		irVersion: 8,
		producerName: 'perch',
		opsetImport: [{ domain: 'ai.onnx.ml', version: 3 }],
		graph: {
			name: 'g',
			node: [
				{ name: 'first', opType: 'Identity', input: ['a'], output: ['b'] },
				{
					name: 'second',
					opType: 'TreeEnsembleRegressor',
					domain: 'ai.onnx.ml',
					input: ['b'],
					output: ['c'],
					attribute,
				},
			],
			input: [{ name: 'a', type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: 'N' }] } } } }],
			initializer: [{ name: 'k', dims: [2], dataType: 1, rawData: new Uint8Array(8).fill(7) }],
		},
		metadataProps: [{ key: 'perch', value: '{}' }],
	};
}

const models: [string, onnx.IModelProto][] = [
	[
		'short lists',
		modelWith([
			{ name: 'i', type: INTS, ints: [1, -2, 300] },
			{ name: 'f', type: FLOATS, floats: [0.5, -1e30] },
			{ name: 's', type: STRING, s: bytes('SUM') },
		]),
	],
	[
		'long lists',
		modelWith([
			{ name: 'i', type: INTS, ints: list((index) => index * 12_345_678_901) },
			{ name: 'f', type: FLOATS, floats: list((index) => Math.fround(index / 7) - 100) },
			{
				name: 's',
				type: STRINGS,
				strings: list((index) => bytes(['BRANCH_LEQ', 'LEAF', '', 'x'.repeat(200)][index % 4] ?? '')),
			},
		]),
	],
	['long lists with negative numbers', modelWith([{ name: 'i', type: INTS, ints: list((index) => index - 50) }])],
	['no graph', { irVersion: 8 }],
];

/** What the generated code says of a model, with whole numbers and bytes as text. */
const told = (model: onnx.IModelProto) => ModelProto.fromObject(model).toJSON();

describe('ONNX files as bytes', () => {
	for (const [what, model] of models) {
		it(`are those of the generated code, with ${what}`, () => {
			const generated = ModelProto.encode(model).finish();
			assert.deepEqual(told(ModelProto.decode(encodeModel(model))), told(ModelProto.decode(generated)));
			assert.deepEqual(told(decodeModel(generated)), told(ModelProto.decode(generated)));
			assert.deepEqual(told(decodeModel(encodeModel(decodeModel(generated)))), told(ModelProto.decode(generated)));
		});
	}

	it('take lists whose values have a field each, as other writers leave them', () => {
		// Fields 8 and 7 of an attribute: a varint of 5 (key 8·8 + 0), and 1.5 as float32 (key 7·8 + 5).
		const fields = list(() => [64, 5, 61, 0, 0, 192, 63]).flat();
		const attribute = Uint8Array.from([10, 1, 105, ...fields]);
		const length = (size: number) => (size < 128 ? [size] : [(size % 128) + 128, size >> 7]);
		const within = (key: number, content: readonly number[]) => [key, ...long(content.length), ...content];
		const long = (size: number): number[] =>
			size < 16_384 ? length(size) : [(size % 128) + 128, ...length(size >> 7)];
		const file = Uint8Array.from(within(58, within(10, within(42, [...attribute]))));
		const [read] = decodeModel(file).graph?.node?.[0]?.attribute ?? [];
		assert.deepEqual([read?.name, read?.ints, read?.floats], ['i', list(() => 5), list(() => 1.5)]);
	});

	it('throw where they are cut off', () => {
		const whole = encodeModel(models[1]?.[1] ?? {});
		for (const share of [0.1, 0.5, 0.9, 0.999]) {
			assert.throws(() => decodeModel(whole.subarray(0, Math.floor(whole.length * share))), RangeError);
		}
	});
});
