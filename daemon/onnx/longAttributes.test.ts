import assert from 'node:assert/strict';
import { ModelProto, type onnx } from './proto.ts';

/** An attribute as it comes back from a file. */
function returned(attribute: onnx.IAttributeProto): onnx.IAttributeProto {
	const model = { irVersion: 8, opsetImport: [], graph: { node: [{ attribute: [attribute] }] } };
	return ModelProto.decode(ModelProto.encode(model).finish()).graph?.node?.[0]?.attribute?.[0] ?? {};
}

describe('attributes of a graph', () => {
	it('come back as they were written: whole numbers of any size, floats and words', () => {
		const words = ['LEAF', 'BRANCH_LEQ', '', 'LEAF', 'other', 'é'];
		const ints = [0, 1, 127, 128, 16_383, 16_384, 2 ** 28 - 1, 2 ** 28, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER];
		const floats = [0, -1.5, Number.POSITIVE_INFINITY];
		const strings = words.map((word) => new TextEncoder().encode(word));
		const read = returned({ name: 'many', type: 7, ints, floats, strings });
		assert.deepEqual([read.name, read.type, read.ints, read.floats], ['many', 7, ints, floats]);
		assert.deepEqual(
			read.strings?.map((word) => new TextDecoder().decode(word)),
			words,
		);
	});

	it('keep negative numbers, and the largest that 64 bits hold', () => {
		// −1 and 2^63 − 1 as the format writes them: two's complement, seven bits a byte, the lowest first.
		const list = [...new Array<number>(9).fill(255), 1, ...new Array<number>(8).fill(255), 127];
		// An attribute of 21 bytes in a node in a graph in a model.
		const bytes = Uint8Array.from([58, 25, 10, 23, 42, 21, 66, 19, ...list]);
		const attribute = ModelProto.decode(bytes).graph?.node?.[0]?.attribute?.[0] ?? {};
		assert.deepEqual(attribute.ints?.map(String), ['-1', '9223372036854775807']);
		assert.deepEqual(returned(attribute).ints?.map(String), ['-1', '9223372036854775807']);
	});
});
