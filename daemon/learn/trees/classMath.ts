/** Cuts by the weights of three or more classes (Gini). */
import { treeKernels } from '../../kernels/trees.ts';
import { edgeAfter, missingBin } from './binnedMatrix.ts';
import { createFewRanks } from './fewRanks.ts';
import type { BinnedMatrix, Slot } from './growthMemory.ts';
import { partFew, partRows } from './partRows.ts';
import { rowPairs } from './rowPairs.ts';
import { type FewRows, leastWeight, type NodeSums, type Split, type SplitMath, type SplitRules } from './split.ts';

/** Over the weights of a slot and the codes of the classes; weights are whole numbers, so that all sums are exact. */
export function createClassMath(
	matrix: BinnedMatrix,
	slot: Slot,
	rules: SplitRules,
	{ codes, classes }: { codes: Uint16Array; classes: number },
): SplitMath {
	const { memory, stride, features: width } = matrix;
	const kernels = treeKernels(memory);
	const bytes = new Uint8Array(memory.buffer, matrix.bins, matrix.rows * stride);
	const order = new Uint32Array(memory.buffer, slot.order, matrix.rows);
	const pairs = rowPairs(matrix, slot);
	const members = new Uint8Array(memory.buffer, slot.few.members, 256);
	const fewRanks = new Uint8Array(memory.buffer, slot.few.ranks, width * 256);
	const fewSums = new Float64Array(memory.buffer, slot.few.sums, 256 * classes);
	const ranks = createFewRanks(matrix, slot, kernels);
	const histogramAt = (address: number) => new Float64Array(memory.buffer, address, slot.histogramBytes / 8);
	const every = Uint8Array.from({ length: 256 }, (_, bin) => bin);
	let fewFrom = 0;

	const few: FewRows = {
		search(from, to, node, features) {
			ranks.need(features);
			const scan = startScan(node, rules);
			const filled = new Uint8Array(256);
			for (let index = 0; index < features.length; index++) {
				const feature = features[index] as number;
				filled.fill(0);
				for (let at = from; at < to; at++) {
					const member = members[at] as number;
					const rank = fewRanks[256 * feature + member] as number;
					const row = order[fewFrom + member] as number;
					const place = rank * classes + (codes[row] as number);
					fewSums[place] = (fewSums[place] as number) + pairs.weight(row);
					filled[rank] = 1;
				}
				const holes = filled[missingBin] === 1;
				let known = 0;
				for (let rank = 0; rank < missingBin; rank++) if (filled[rank] === 1) every[known++] = rank;
				scanFeature(scan, fewSums, 0, feature, every, known, holes);
				fewSums.fill(0);
			}
			for (let bin = 0; bin < 256; bin++) every[bin] = bin;
			return readScan(scan, ranks.threshold(from, to));
		},
		part: (split, from, to) => partFew(kernels, slot, split, from, to),
	};

	return {
		rules,
		sum(from, to) {
			const sums = new Float64Array(classes);
			for (let at = from; at < to; at++) {
				const row = order[at] as number;
				const code = codes[row] as number;
				sums[code] = (sums[code] as number) + pairs.weight(row);
			}
			return sums;
		},
		fill(histogram, from, to) {
			const sums = histogramAt(histogram).fill(0);
			for (let at = from; at < to; at++) {
				const row = order[at] as number;
				const weight = pairs.weight(row);
				let base = codes[row] as number;
				for (let feature = 0; feature < width; feature++, base += 256 * classes) {
					const place = base + (bytes[row * stride + feature] as number) * classes;
					sums[place] = (sums[place] as number) + weight;
				}
			}
		},
		subtract: (from, other) => kernels.subtractNumbers(from, other, slot.histogramBytes),
		search(histogram, node, features) {
			const sums = histogramAt(histogram);
			const scan = startScan(node, rules);
			for (let index = 0; index < features.length; index++) {
				const feature = features[index] as number;
				const base = feature * 256 * classes;
				const count = (matrix.edges[feature] as Float32Array).length + 1;
				let missing = 0;
				for (let one = 0; one < classes; one++) missing += sums[base + missingBin * classes + one] as number;
				scanFeature(scan, sums, base, feature, every, count, missing > 0);
			}
			return readScan(scan, (feature, bin) => edgeAfter(matrix, feature, bin));
		},
		part: (split, from, to) => partRows(kernels, matrix, slot, split, from, to),
		openFew(from, to, byRank) {
			ranks.open(from, to, byRank);
			fewFrom = from;
			return few;
		},
	};
}

interface ClassScan {
	readonly total: Float64Array;
	readonly weight: number;
	readonly least: number;
	/** What the node saves uncut: the sum of squares over the weight. */
	readonly whole: number;
	gain: number;
	feature: number;
	bin: number;
	next: number;
	missingLeft: boolean;
	readonly left: Float64Array;
}

function startScan({ rows, total }: NodeSums, { minRows }: SplitRules): ClassScan {
	let [weight, squares] = [0, 0];
	for (const sum of total) {
		weight += sum;
		squares += sum * sum;
	}
	const whole = squares / weight;
	const nothing = { feature: -1, bin: 0, next: 0, missingLeft: false, left: new Float64Array(total.length) };
	return { total, weight, whole, least: leastWeight(minRows, rows, weight), gain: 1e-12 * whole, ...nothing };
}

function readScan(
	{ feature, bin, next, missingLeft, gain, left }: ClassScan,
	threshold: (feature: number, bin: number, next: number) => number,
): Split | null {
	return feature < 0 ? null : { feature, bin, threshold: threshold(feature, bin, next), missingLeft, gain, left };
}

/** Cuts after each of the bins, the missing with either side. */
function scanFeature(
	scan: ClassScan,
	sums: Float64Array,
	base: number,
	feature: number,
	bins: Uint8Array,
	known: number,
	holes: boolean,
): void {
	scanOneWay(scan, sums, base, feature, bins, holes ? known : known - 1, known, holes, false);
	if (holes) scanOneWay(scan, sums, base, feature, bins, known - 1, known, holes, true);
}

function scanOneWay(
	scan: ClassScan,
	sums: Float64Array,
	base: number,
	feature: number,
	bins: Uint8Array,
	last: number,
	known: number,
	holes: boolean,
	missingLeft: boolean,
): void {
	const { total, weight, least, whole } = scan;
	const classes = total.length;
	const left = new Float64Array(classes);
	let weightLeft = 0;
	if (missingLeft) {
		left.set(sums.subarray(base + missingBin * classes, base + (missingBin + 1) * classes));
		for (const sum of left) weightLeft += sum;
	}
	for (let at = 0; at < last; at++) {
		const from = base + (bins[at] as number) * classes;
		let squaresLeft = 0;
		let squaresRight = 0;
		for (let one = 0; one < classes; one++) {
			const added = sums[from + one] as number;
			const value = (left[one] as number) + added;
			const other = (total[one] as number) - value;
			left[one] = value;
			weightLeft += added;
			squaresLeft += value * value;
			squaresRight += other * other;
		}
		const weightRight = weight - weightLeft;
		if (weightLeft < least || weightRight < least) continue;
		const gain = squaresLeft / weightLeft + squaresRight / weightRight - whole;
		if (!(gain > scan.gain)) continue;
		scan.gain = gain;
		scan.feature = feature;
		scan.bin = bins[at] as number;
		scan.next = at + 1 < known ? (bins[at + 1] as number) : -1;
		scan.missingLeft = holes ? missingLeft : weightLeft >= weightRight;
		scan.left.set(left);
	}
}
