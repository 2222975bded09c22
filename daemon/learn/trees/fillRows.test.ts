import assert from 'node:assert/strict';
import { alone } from '../../kernels/team.ts';
import { treeKernels } from '../../kernels/trees.ts';
import { createRandom } from '../../stats/random.ts';
import { binMatrix } from './binnedMatrix.ts';
import { fillRows } from './fillRows.ts';
import type { Slot } from './growthMemory.ts';
import { rowPairs } from './rowPairs.ts';

const [rows, features] = [80_000, 30];
const random = createRandom('fill rows');
const columns = Array.from({ length: features }, () => Float32Array.from({ length: rows }, () => random.integer(200)));

describe('a histogram', () => {
	for (const packed of [true, false]) {
		it(`counts rows that lie far apart like those side by side, ${packed ? 'packed' : 'in pairs'}`, () => {
			const room = { slots: 1, width: packed ? 1 : 2, packed, histograms: 3, threads: 1, codes: false };
			const matrix = binMatrix({ rows, columns }, room, alone);
			const slot = matrix.slots[0] as Slot;
			const pairs = rowPairs(matrix, slot);
			const order = new Uint32Array(matrix.memory.buffer, slot.order, rows);
			// Every twentieth row; the gradient is the row's number, and it weighs 1.
			const count = rows / 20;
			for (let at = 0; at < count; at++) {
				order[at] = 20 * at;
				pairs.stage.set([20 * at, 1], 2 * at);
			}
			pairs.settle(0, count, 1, 1);
			const wanted = new Float64Array(512);
			for (let at = 0; at < count; at++) {
				const bin = columns[features - 1]?.[20 * at] as number;
				wanted[2 * bin] = (wanted[2 * bin] as number) + 20 * at;
				wanted[2 * bin + 1] = (wanted[2 * bin + 1] as number) + 1;
			}
			fillRows(treeKernels(matrix.memory), matrix, slot, slot.histograms, 0, count);
			const found = new Float64Array(512);
			pairs.readSums(slot.histograms, features - 1, found);
			assert.deepEqual(found, wanted);
		});
	}
});
