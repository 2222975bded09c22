/**
 * What the growing of trees on binned features does most; the twin is daemon/kernels/treesTwin.ts, and
 * treeKernels.ts says what the arguments mean. A pair is a gradient and a weight, whole numbers in float64 both, so that sums are exact in any order.
 */

import { judge, keep } from './trees/judge';

export { partFew, rankFew, searchFew } from './trees/fewRows';
export { bringRows, settlePacked, settlePairs, sumPacked, sumPairs } from './trees/rowPairs';

export function fillPairs(
	histogram: usize,
	bins: usize,
	stride: usize,
	features: i32,
	pairs: usize,
	order: usize,
	from: i32,
	to: i32,
): void {
	const eights = features & ~7;
	const end = order + ((<usize>to) << 2);
	for (let at = order + ((<usize>from) << 2); at < end; at += 4) {
		const row: usize = load<u32>(at);
		const pair = v128.load(pairs + (row << 4));
		const values = bins + row * stride;
		let base = histogram;
		let feature = 0;
		for (; feature < eights; feature += 8, base += 32768) {
			const eight = load<u64>(values + feature);
			let a = base + <usize>((eight & 255) << 4);
			v128.store(a, f64x2.add(v128.load(a), pair));
			a = base + <usize>(((eight >> 8) & 255) << 4);
			v128.store(a, f64x2.add(v128.load(a, 4096), pair), 4096);
			a = base + <usize>(((eight >> 16) & 255) << 4);
			v128.store(a, f64x2.add(v128.load(a, 8192), pair), 8192);
			a = base + <usize>(((eight >> 24) & 255) << 4);
			v128.store(a, f64x2.add(v128.load(a, 12288), pair), 12288);
			a = base + <usize>(((eight >> 32) & 255) << 4);
			v128.store(a, f64x2.add(v128.load(a, 16384), pair), 16384);
			a = base + <usize>(((eight >> 40) & 255) << 4);
			v128.store(a, f64x2.add(v128.load(a, 20480), pair), 20480);
			a = base + <usize>(((eight >> 48) & 255) << 4);
			v128.store(a, f64x2.add(v128.load(a, 24576), pair), 24576);
			a = base + <usize>((eight >> 56) << 4);
			v128.store(a, f64x2.add(v128.load(a, 28672), pair), 28672);
		}
		for (; feature < features; feature++, base += 4096) {
			const a = base + ((<usize>load<u8>(values + feature)) << 4);
			v128.store(a, f64x2.add(v128.load(a), pair));
		}
	}
}

export function fillPacked(
	histogram: usize,
	bins: usize,
	stride: usize,
	features: i32,
	packed: usize,
	order: usize,
	from: i32,
	to: i32,
): void {
	const eights = features & ~7;
	const end = order + ((<usize>to) << 2);
	for (let at = order + ((<usize>from) << 2); at < end; at += 4) {
		const row: usize = load<u32>(at);
		const pair = load<i64>(packed + (row << 3));
		const values = bins + row * stride;
		let base = histogram;
		let feature = 0;
		for (; feature < eights; feature += 8, base += 16384) {
			const eight = load<u64>(values + feature);
			let a = base + <usize>((eight & 255) << 3);
			store<i64>(a, load<i64>(a) + pair);
			a = base + <usize>(((eight >> 8) & 255) << 3);
			store<i64>(a, load<i64>(a, 2048) + pair, 2048);
			a = base + <usize>(((eight >> 16) & 255) << 3);
			store<i64>(a, load<i64>(a, 4096) + pair, 4096);
			a = base + <usize>(((eight >> 24) & 255) << 3);
			store<i64>(a, load<i64>(a, 6144) + pair, 6144);
			a = base + <usize>(((eight >> 32) & 255) << 3);
			store<i64>(a, load<i64>(a, 8192) + pair, 8192);
			a = base + <usize>(((eight >> 40) & 255) << 3);
			store<i64>(a, load<i64>(a, 10240) + pair, 10240);
			a = base + <usize>(((eight >> 48) & 255) << 3);
			store<i64>(a, load<i64>(a, 12288) + pair, 12288);
			a = base + <usize>((eight >> 56) << 3);
			store<i64>(a, load<i64>(a, 14336) + pair, 14336);
		}
		for (; feature < features; feature++, base += 2048) {
			const a = base + ((<usize>load<u8>(values + feature)) << 3);
			store<i64>(a, load<i64>(a) + pair);
		}
	}
}

/** Gradient and weight of what is packed: the weight in the lower 24 bits. */
function unpack(packed: i64): v128 {
	return f64x2.replace_lane(f64x2.splat(<f64>(packed >> 24)), 1, <f64>(packed & 0xffffff));
}

export function scanPacked(
	histogram: usize,
	feature: i32,
	count: i32,
	totalGradient: f64,
	totalWeight: f64,
	l2: f64,
	least: f64,
	best: usize,
): void {
	const total = f64x2.replace_lane(f64x2.splat(totalGradient), 1, totalWeight);
	const ridge = f64x2.splat(l2);
	const base = histogram + ((<usize>feature) << 11);
	const missing = load<i64>(base, 2040);
	const holes = missing !== 0;
	scanPackedOneWay(base, feature, holes ? count : count - 1, f64x2.splat(0), total, ridge, least, best, holes, 0);
	if (holes) scanPackedOneWay(base, feature, count - 1, unpack(missing), total, ridge, least, best, true, 1);
}

function scanPackedOneWay(
	base: usize,
	feature: i32,
	last: i32,
	left: v128,
	total: v128,
	l2: v128,
	least: f64,
	best: usize,
	holes: bool,
	missingLeft: i32,
): void {
	for (let bin = 0; bin < last; bin++, base += 8) {
		const added = load<i64>(base);
		if (added === 0) continue;
		left = f64x2.add(left, unpack(added));
		const sum = judge(left, total, l2, least, best);
		if (sum < 0) continue;
		const weight = f64x2.extract_lane(left, 1);
		const side = holes ? missingLeft : <i32>(weight >= f64x2.extract_lane(total, 1) - weight);
		keep(best, sum, left, feature, bin, bin + 1, side);
	}
}

export function addPacked(to: usize, from: usize, bytes: i32): void {
	for (const end = to + bytes; to < end; to += 16, from += 16) {
		v128.store(to, i64x2.add(v128.load(to), v128.load(from)));
	}
}

export function subtractPacked(to: usize, from: usize, bytes: i32): void {
	for (const end = to + bytes; to < end; to += 16, from += 16) {
		v128.store(to, i64x2.sub(v128.load(to), v128.load(from)));
	}
}

export function addNumbers(to: usize, from: usize, bytes: i32): void {
	for (const end = to + bytes; to < end; to += 16, from += 16) {
		v128.store(to, f64x2.add(v128.load(to), v128.load(from)));
	}
}

export function subtractNumbers(to: usize, from: usize, bytes: i32): void {
	for (const end = to + bytes; to < end; to += 16, from += 16) {
		v128.store(to, f64x2.sub(v128.load(to), v128.load(from)));
	}
}

export function scanPairs(
	histogram: usize,
	feature: i32,
	count: i32,
	totalGradient: f64,
	totalWeight: f64,
	l2: f64,
	least: f64,
	best: usize,
): void {
	const total = f64x2.replace_lane(f64x2.splat(totalGradient), 1, totalWeight);
	const ridge = f64x2.splat(l2);
	const base = histogram + ((<usize>feature) << 12);
	const missing = v128.load(base, 4080);
	const holes = f64x2.extract_lane(missing, 1) > 0;
	scanOneWay(base, feature, holes ? count : count - 1, f64x2.splat(0), total, ridge, least, best, holes, 0);
	if (holes) scanOneWay(base, feature, count - 1, missing, total, ridge, least, best, true, 1);
}

function scanOneWay(
	base: usize,
	feature: i32,
	last: i32,
	left: v128,
	total: v128,
	l2: v128,
	least: f64,
	best: usize,
	holes: bool,
	missingLeft: i32,
): void {
	for (let bin = 0; bin < last; bin++, base += 16) {
		const added = v128.load(base);
		if (f64x2.extract_lane(added, 1) === 0) continue;
		left = f64x2.add(left, added);
		const sum = judge(left, total, l2, least, best);
		if (sum < 0) continue;
		const weight = f64x2.extract_lane(left, 1);
		const side = holes ? missingLeft : <i32>(weight >= f64x2.extract_lane(total, 1) - weight);
		keep(best, sum, left, feature, bin, bin + 1, side);
	}
}

export function partRows(order: usize, scratch: usize, from: i32, to: i32, bins: usize, marks: usize): i32 {
	let left = scratch + ((<usize>from) << 2);
	let right = scratch + ((<usize>to) << 2) - 4;
	const begin = left;
	for (let at = from; at < to; at++) {
		const row = load<u32>(order + ((<usize>at) << 2));
		const goesLeft: usize = load<u8>(marks + <usize>load<u8>(bins + row));
		store<u32>(left, row);
		store<u32>(right, row);
		left += goesLeft << 2;
		right -= (1 - goesLeft) << 2;
	}
	return <i32>((left - begin) >> 2);
}

export function copyRows(to: usize, from: usize, count: i32): void {
	memory.copy(to, from, (<usize>count) << 2);
}

export function copyBackwards(to: usize, last: usize, count: i32): void {
	for (let at = 0; at < count; at++, to += 4, last -= 4) store<u32>(to, load<u32>(last));
}
