/** The twin of assembly/trees.ts. */
import type { TreeKernels } from './treeKernels.ts';

export function treesTwin(buffer: SharedArrayBuffer): TreeKernels {
	const bytes = new Uint8Array(buffer);
	const words = new Uint32Array(buffer, 0, buffer.byteLength >> 2);
	const signed = new Int32Array(buffer, 0, buffer.byteLength >> 2);
	const halves = new Uint16Array(buffer, 0, buffer.byteLength >> 1);
	const doubles = new Float64Array(buffer, 0, buffer.byteLength >> 3);
	const longs = new BigInt64Array(buffer, 0, buffer.byteLength >> 3);

	const addPair = (to: number, from: number) => {
		doubles[to] = (doubles[to] as number) + (doubles[from] as number);
		doubles[to + 1] = (doubles[to + 1] as number) + (doubles[from + 1] as number);
	};

	/** Cuts along pairs at `base` (in float64), by the bins that `binAt` lists, and keeps the best. */
	const scan = (
		base: number,
		feature: number,
		last: number,
		binAt: (at: number) => number,
		nextOf: (at: number) => number,
		from: { gradient: number; weight: number },
		{ sums, totalGradient, totalWeight, l2, least, best, holes, missingLeft }: Scan,
	) => {
		let { gradient, weight } = from;
		const to = best / 8;
		for (let at = 0; at < last; at++) {
			const bin = binAt(at);
			const added = sums[base + 2 * bin + 1] as number;
			if (added === 0) continue;
			gradient += sums[base + 2 * bin] as number;
			weight += added;
			const otherGradient = totalGradient - gradient;
			const otherWeight = totalWeight - weight;
			if (weight < least || otherWeight < least) continue;
			const sum = (gradient * gradient) / (weight + l2) + (otherGradient * otherGradient) / (otherWeight + l2);
			if (!(sum > (doubles[to] as number))) continue;
			doubles[to] = sum;
			doubles[to + 2] = gradient;
			doubles[to + 3] = weight;
			signed[2 * to + 8] = feature;
			signed[2 * to + 9] = bin;
			signed[2 * to + 10] = nextOf(at);
			signed[2 * to + 11] = holes ? missingLeft : +(weight >= otherWeight);
		}
	};

	/** Cuts one feature along 256 pairs at `base`. */
	const scanFeature = (base: number, feature: number, count: number, known: Omit<Scan, 'holes' | 'missingLeft'>) => {
		const { sums } = known;
		const missing = { gradient: sums[base + 510] as number, weight: sums[base + 511] as number };
		const holes = missing.weight > 0;
		const bin = (at: number) => at;
		const next = (at: number) => at + 1;
		const last = holes ? count : count - 1;
		scan(base, feature, last, bin, next, nothing, { ...known, holes, missingLeft: 0 });
		if (holes) scan(base, feature, count - 1, bin, next, missing, { ...known, holes, missingLeft: 1 });
	};

	return {
		scanPairs(histogram, feature, count, totalGradient, totalWeight, l2, least, best) {
			const known = { sums: doubles, totalGradient, totalWeight, l2, least, best };
			scanFeature(histogram / 8 + 512 * feature, feature, count, known);
		},
		fillPacked(histogram, bins, stride, features, packed, order, from, to) {
			for (let at = order / 4 + from; at < order / 4 + to; at++) {
				const row = words[at] as number;
				for (let feature = 0; feature < features; feature++) {
					const place = histogram / 8 + 256 * feature + (bytes[bins + row * stride + feature] as number);
					longs[place] = (longs[place] as bigint) + (longs[packed / 8 + row] as bigint);
				}
			}
		},
		scanPacked(histogram, feature, count, totalGradient, totalWeight, l2, least, best) {
			const pairs = new Float64Array(512);
			for (let bin = 0; bin < 256; bin++) {
				const packed = longs[histogram / 8 + 256 * feature + bin] as bigint;
				pairs[2 * bin] = Number(packed >> 24n);
				pairs[2 * bin + 1] = Number(packed & 0xffffffn);
			}
			scanFeature(0, feature, count, { sums: pairs, totalGradient, totalWeight, l2, least, best });
		},
		settlePairs(pairs, order, from, to, staged, ofGradient, ofWeight) {
			for (let at = from; at < to; at++) {
				const place = pairs / 8 + 2 * (words[order / 4 + at] as number);
				const stage = staged / 8 + 2 * (at - from);
				doubles[place] = roundToEven((doubles[stage] as number) * ofGradient);
				doubles[place + 1] = Math.max(1, roundToEven((doubles[stage + 1] as number) * ofWeight));
			}
		},
		settlePacked(packed, order, from, to, staged, ofGradient, ofWeight) {
			for (let at = from; at < to; at++) {
				const stage = staged / 8 + 2 * (at - from);
				const gradient = roundToEven((doubles[stage] as number) * ofGradient);
				const weight = Math.max(1, roundToEven((doubles[stage + 1] as number) * ofWeight));
				longs[packed / 8 + (words[order / 4 + at] as number)] = BigInt(gradient) * 0x1000000n + BigInt(weight);
			}
		},
		bringRows(...[order, from, to, bins, stride, pairs, pairBytes, nearBins, nearStride, nearPairs]) {
			for (let at = from; at < to; at++) {
				const row = words[order / 4 + at] as number;
				bytes.copyWithin(nearBins + (at - from) * nearStride, bins + row * stride, bins + row * stride + nearStride);
				const pair = pairs + row * pairBytes;
				bytes.copyWithin(nearPairs + (at - from) * pairBytes, pair, pair + pairBytes);
			}
		},
		sumPairs(pairs, order, from, to, sums) {
			doubles.fill(0, sums / 8, sums / 8 + 2);
			for (let at = from; at < to; at++) addPair(sums / 8, pairs / 8 + 2 * (words[order / 4 + at] as number));
		},
		sumPacked(packed, order, from, to, sums) {
			let sum = 0n;
			for (let at = from; at < to; at++) sum += longs[packed / 8 + (words[order / 4 + at] as number)] as bigint;
			doubles[sums / 8] = Number(sum >> 24n);
			doubles[sums / 8 + 1] = Number(sum & 0xffffffn);
		},
		addPacked(to, from, size) {
			for (let at = 0; at < size / 8; at++) {
				longs[to / 8 + at] = (longs[to / 8 + at] as bigint) + (longs[from / 8 + at] as bigint);
			}
		},
		subtractPacked(to, from, size) {
			for (let at = 0; at < size / 8; at++) {
				longs[to / 8 + at] = (longs[to / 8 + at] as bigint) - (longs[from / 8 + at] as bigint);
			}
		},
		fillPairs(histogram, bins, stride, features, pairs, order, from, to) {
			for (let at = order / 4 + from; at < order / 4 + to; at++) {
				const row = words[at] as number;
				const values = bins + row * stride;
				const pair = pairs / 8 + 2 * row;
				for (let feature = 0; feature < features; feature++) {
					addPair(histogram / 8 + 512 * feature + 2 * (bytes[values + feature] as number), pair);
				}
			}
		},
		addNumbers(to, from, size) {
			for (let at = 0; at < size / 8; at++) {
				doubles[to / 8 + at] = (doubles[to / 8 + at] as number) + (doubles[from / 8 + at] as number);
			}
		},
		subtractNumbers(to, from, size) {
			for (let at = 0; at < size / 8; at++) {
				doubles[to / 8 + at] = (doubles[to / 8 + at] as number) - (doubles[from / 8 + at] as number);
			}
		},
		partRows(order, scratch, from, to, bins, marks) {
			let left = scratch / 4 + from;
			let right = scratch / 4 + to - 1;
			for (let at = order / 4 + from; at < order / 4 + to; at++) {
				const row = words[at] as number;
				if (bytes[marks + (bytes[bins + row] as number)] === 1) words[left++] = row;
				else words[right--] = row;
			}
			return left - scratch / 4 - from;
		},
		copyRows(to, from, count) {
			words.copyWithin(to / 4, from / 4, from / 4 + count);
		},
		copyBackwards(to, last, count) {
			for (let at = 0; at < count; at++) words[to / 4 + at] = words[last / 4 - at] as number;
		},
		rankFew(codes, order, from, to, ranks) {
			const all = [...words.subarray(order / 4 + from, order / 4 + to)].map((row) => halves[codes / 2 + row] as number);
			const known = all.filter((code) => code !== 65535);
			const low = Math.min(...known);
			const range = Math.max(...known) - low;
			const factor = range <= 254 ? 65536 : Math.floor((254 * 65536) / range);
			for (const [at, code] of all.entries()) {
				bytes[ranks + at] = code === 65535 ? 255 : Math.floor(((code - low) * factor) / 65536);
			}
		},
		searchFew(
			...[ranks, pairs, members, from, to, features, featureCount, totalGradient, totalWeight, l2, least, scratch, best]
		) {
			const base = scratch / 8;
			for (let index = 0; index < featureCount; index++) {
				const feature = signed[features / 4 + index] as number;
				const seen = new Set<number>();
				for (let at = from; at < to; at++) {
					const member = bytes[members + at] as number;
					const rank = bytes[ranks + 256 * feature + member] as number;
					addPair(base + 2 * rank, pairs / 8 + 2 * member);
					seen.add(rank);
				}
				const holes = seen.delete(255);
				const known = [...seen].sort((a, b) => a - b);
				const scanned = { sums: doubles, totalGradient, totalWeight, l2, least, best, holes, missingLeft: 0 };
				const missing = { gradient: doubles[base + 510] as number, weight: doubles[base + 511] as number };
				const bin = (at: number) => known[at] as number;
				const next = (at: number) => known[at + 1] ?? -1;
				scan(base, feature, known.length - +!holes, bin, next, nothing, scanned);
				if (holes) scan(base, feature, known.length - 1, bin, next, missing, { ...scanned, missingLeft: 1 });
				doubles.fill(0, base, base + 512);
			}
		},
		partFew(members, _scratch, from, to, column, cut, missing) {
			const all = bytes.slice(members + from, members + to);
			const goesLeft = (member: number) => {
				const rank = bytes[column + member] as number;
				return rank <= cut || rank === missing;
			};
			const left = all.filter(goesLeft);
			bytes.set(left, members + from);
			bytes.set(
				all.filter((member) => !goesLeft(member)),
				members + from + left.length,
			);
			return from + left.length;
		},
	};
}

interface Scan {
	/** Pairs by bin. */
	readonly sums: Float64Array;
	readonly totalGradient: number;
	readonly totalWeight: number;
	readonly l2: number;
	readonly least: number;
	readonly best: number;
	readonly holes: boolean;
	readonly missingLeft: number;
}

const nothing = { gradient: 0, weight: 0 };

function roundToEven(value: number): number {
	const rounded = Math.round(value);
	return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
