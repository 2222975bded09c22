import assert from 'node:assert/strict';
import { createRandom } from '../stats/random.ts';
import { isolationKernels } from './isolation.ts';
import { createLayout, type KernelMemory, plainMemory, shareMemory } from './kernelMemory.ts';

describe('kernels', () => {
	it('lie where nothing else does, in memory that is large enough', () => {
		const layout = createLayout();
		assert.deepEqual([layout.reserve(1), layout.reserve(65), layout.reserve(8), layout.bytes], [0, 64, 192, 256]);
		const { buffer, wasm } = shareMemory(65_537);
		assert.equal(buffer.byteLength, 131_072);
		assert.ok(wasm !== null && plainMemory(10).wasm === null);
	});

	it('walk rows to the leaves that the twin finds', () => {
		const [depth, rows, columns] = [5, 64, 3];
		const walk = (memory: KernelMemory) => {
			const random = createRandom('kernels');
			const layout = createLayout();
			const nodes = layout.reserve(8 * 2 ** depth);
			const leaves = layout.reserve(8 * 2 ** depth);
			const values = layout.reserve(4 * rows * columns);
			const lengths = layout.reserve(8 * rows);
			const floats = new Float32Array(memory.buffer, 0, layout.bytes / 4);
			const words = new Uint32Array(memory.buffer, 0, layout.bytes / 4);
			const doubles = new Float64Array(memory.buffer, 0, layout.bytes / 8);
			for (let node = 0; node < 2 ** depth; node++) {
				words[nodes / 4 + 2 * node] = random.integer(columns) * rows * 4;
				floats[nodes / 4 + 2 * node + 1] = random.normal();
				doubles[leaves / 8 + node] = node;
			}
			for (let at = 0; at < rows * columns; at++) {
				floats[values / 4 + at] = at % 7 === 0 ? Number.NaN : random.normal();
			}
			isolationKernels(memory).addLengths(nodes, leaves, depth, values, lengths, rows);
			return [...doubles.subarray(lengths / 8, lengths / 8 + rows)];
		};
		const found = walk(shareMemory(16_384));
		assert.deepEqual(found, walk(plainMemory(16_384)));
		assert.ok(new Set(found).size > 10);
	});
});
