import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createRandom } from '../stats/random.ts';
import { createLayout, type KernelMemory, plainMemory, shareMemory } from './kernelMemory.ts';
import { bestBytes, fewScratchBytes } from './treeKernels.ts';
import { treeKernels } from './trees.ts';

const [rows, features, stride, few] = [300, 11, 12, 90];

/** Everything that a tree asks of its kernels, on the same random rows; returns what they left in memory and said. */
function growOnce(memory: KernelMemory, holes: boolean) {
	const layout = createLayout();
	const at = {
		bins: layout.reserve(rows * stride),
		pairs: layout.reserve(rows * 16),
		packed: layout.reserve(rows * 8),
		staged: layout.reserve(rows * 16),
		settled: layout.reserve(2 * rows * 16),
		near: layout.reserve(2 * 40 * 32),
		order: layout.reserve(rows * 4),
		scratch: layout.reserve(rows * 4),
		codes: layout.reserve(rows * 2),
		ranks: layout.reserve(features * 256),
		marks: layout.reserve(256),
		members: layout.reserve(256),
		spare: layout.reserve(256),
		list: layout.reserve(features * 4),
		histograms: layout.reserve(3 * features * 4096),
		sums: layout.reserve(fewScratchBytes),
		best: layout.reserve(bestBytes),
		found: layout.reserve(bestBytes * 8),
	};
	const room = layout.bytes;
	const kernels = treeKernels(memory);
	const random = createRandom('tree kernels', String(holes));
	const numbers = (from: number, length: number) => new Float64Array(memory.buffer, from, length);
	const bytes = new Uint8Array(memory.buffer);
	for (let value = 0; value < rows * stride; value++) {
		bytes[at.bins + value] = holes && random.next() < 0.1 ? 255 : random.integer(40);
	}
	const order = new Uint32Array(memory.buffer, at.order, rows);
	const longs = new BigInt64Array(memory.buffer, at.packed, rows);
	let [gradient, weight] = [0, 0];
	for (let row = 0; row < rows; row++) {
		const [g, w] = [random.integer(2001) - 1000, 1 + random.integer(3)];
		order[row] = rows - 1 - row;
		numbers(at.pairs, 2 * rows).set([g, w], 2 * row);
		longs[row] = BigInt(g) * 2n ** 24n + BigInt(w);
		gradient += g;
		weight += w;
	}
	const kept: number[] = [];
	const staged = numbers(at.staged, 2 * rows);
	for (let place = 0; place < 2 * rows; place++)
		staged[place] = place % 2 === 0 ? random.integer(41) / 4 - 5 : random.next();
	kernels.settlePairs(at.settled, at.order, 3, rows, at.staged, 2, 3);
	kernels.settlePacked(at.settled + rows * 16, at.order, 3, rows, at.staged, 2, 3);
	kernels.sumPairs(at.settled, at.order, 9, rows, at.best);
	kernels.sumPacked(at.settled + rows * 16, at.order, 9, rows, at.best + 16);
	assert.deepEqual(numbers(at.best, 2), numbers(at.best + 16, 2));
	numbers(at.best, 4).fill(0);
	kernels.bringRows(at.order, 20, 60, at.bins, stride, at.packed, 8, at.near, 16, at.near + 40 * 16);
	kernels.bringRows(at.order, 60, 90, at.bins, stride, at.pairs, 16, at.near + 40 * 24, 16, at.near + 40 * 40);
	const keep = (place: number) => {
		numbers(at.found + bestBytes * place, 8).set(numbers(at.best, 8));
		numbers(at.best, 8).fill(0);
	};

	const [whole, part, packed] = [0, 1, 2].map((place) => at.histograms + place * features * 4096) as [
		number,
		number,
		number,
	];
	kernels.fillPairs(whole, at.bins, stride, features, at.pairs, at.order, 0, rows);
	kernels.fillPairs(part, at.bins, stride, features, at.pairs, at.order, 10, 100);
	kernels.subtractNumbers(whole, part, features * 4096);
	kernels.addNumbers(whole, part, features * 4096);
	for (let feature = 0; feature < features; feature++) {
		kernels.scanPairs(whole, feature, 40, gradient, weight, 2, 5, at.best);
	}
	keep(0);
	kernels.fillPacked(packed, at.bins, stride, features, at.packed, at.order, 0, rows);
	kernels.fillPacked(packed + features * 2048, at.bins, stride, features, at.packed, at.order, 10, 100);
	kernels.subtractPacked(packed, packed + features * 2048, features * 2048);
	kernels.addPacked(packed, packed + features * 2048, features * 2048);
	for (let feature = 0; feature < features; feature++) {
		kernels.scanPacked(packed, feature, 40, gradient, weight, 2, 5, at.best);
	}
	keep(1);
	for (let bin = 0; bin < 256; bin += 3) bytes[at.marks + bin] = 1;
	const left = kernels.partRows(at.order, at.scratch, 5, 205, at.bins, at.marks);
	assert.ok(left > 20 && left < 180);
	kernels.copyRows(at.order + 20, at.scratch + 20, left);
	kernels.copyBackwards(at.order + 20 + 4 * left, at.scratch + 4 * 204, 200 - left);
	kept.push(left);

	let [fewGradient, fewWeight] = [0, 0];
	for (let member = 0; member < few; member++) {
		bytes[at.members + member] = member;
		fewGradient += numbers(at.pairs, 2 * rows)[2 * member] as number;
		fewWeight += numbers(at.pairs, 2 * rows)[2 * member + 1] as number;
	}
	const codes = new Uint16Array(memory.buffer, at.codes, rows);
	// Many codes, and few.
	for (const [spread, count] of [
		[65_000, few],
		[200, 7],
	] as const) {
		for (let feature = 0; feature < features; feature++) {
			for (let row = 0; row < rows; row++) codes[row] = holes && row % 9 === 0 ? 65535 : random.integer(spread);
			new Int32Array(memory.buffer, at.list, features)[feature] = features - 1 - feature;
			kernels.rankFew(at.codes, at.order, 4, 4 + count, at.ranks + 256 * feature);
		}
		if (count < few) continue;
		const { ranks, pairs, members, list, sums, best } = at;
		kernels.searchFew(ranks, pairs, members, 0, few, list, features, fewGradient, fewWeight, 0, 0.5, sums, best);
		keep(2);
	}
	kept.push(kernels.partFew(at.members, at.spare, 3, few, at.ranks + 512, 2, holes ? 255 : -1));
	// What is only worked in may be left as it is.
	bytes.fill(0, at.spare, at.spare + 256);
	bytes.fill(0, at.sums + 4096, at.sums + fewScratchBytes);
	return {
		kept,
		best: [...numbers(at.found, 24)],
		memory: createHash('sha256').update(bytes.slice(0, room)).digest('hex'),
	};
}

describe('kernels of trees', () => {
	it('leave behind what their twins do', () => {
		for (const holes of [false, true]) {
			const found = growOnce(shareMemory(1 << 19), holes);
			assert.deepEqual(found, growOnce(plainMemory(1 << 19), holes));
			// What is packed and what is not are the same rows: the same cut is best.
			assert.deepEqual(found.best.slice(0, 6), found.best.slice(8, 14));
			assert.ok((found.best[0] as number) > 0 && (found.best[16] as number) > 0);
		}
	});
});
