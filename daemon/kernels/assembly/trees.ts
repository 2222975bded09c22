/**
 * What the growing of trees on binned features does most; the twin is daemon/kernels/trees.ts, which says what the arguments
 * mean. A pair is a gradient and a weight, whole numbers in float64 both, so that sums are exact in any order.
 */

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

/** One cut: what it leaves on both sides, against the best one so far. */
function judge(left: v128, total: v128, l2: v128, least: f64, best: usize): f64 {
	const right = f64x2.sub(total, left);
	if (f64x2.extract_lane(left, 1) < least || f64x2.extract_lane(right, 1) < least) return -1;
	const gradients = v128.shuffle<f64>(left, right, 0, 2);
	const weights = f64x2.add(v128.shuffle<f64>(left, right, 1, 3), l2);
	const saved = f64x2.div(f64x2.mul(gradients, gradients), weights);
	const sum = f64x2.extract_lane(saved, 0) + f64x2.extract_lane(saved, 1);
	return sum > load<f64>(best) ? sum : -1;
}

function keep(best: usize, sum: f64, left: v128, feature: i32, bin: i32, next: i32, missingLeft: i32): void {
	store<f64>(best, sum);
	v128.store(best, left, 16);
	store<i32>(best, feature, 32);
	store<i32>(best, bin, 36);
	store<i32>(best, next, 40);
	store<i32>(best, missingLeft, 44);
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

export function partRows(
	order: usize,
	scratch: usize,
	from: i32,
	to: i32,
	bins: usize,
	stride: usize,
	cut: i32,
	missing: i32,
): i32 {
	let left = scratch + ((<usize>from) << 2);
	let right = scratch + ((<usize>to) << 2) - 4;
	const begin = left;
	for (let at = from; at < to; at++) {
		const row = load<u32>(order + ((<usize>at) << 2));
		const bin: i32 = load<u8>(bins + <usize>row * stride);
		const goesLeft: usize = <usize>(i32(bin <= cut) | i32(bin === missing));
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

export function rankFew(values: usize, count: i32, keys: usize, ranks: usize, distinct: usize): i32 {
	let known = 0;
	for (let at = 0; at < count; at++) {
		const value = load<f32>(values + (at << 2));
		// No comparison holds for NaN.
		if (!(value <= f32.POSITIVE_INFINITY)) {
			store<u8>(ranks + at, 255);
			continue;
		}
		// The bits of a float in the order of its value; adding 0 makes one zero of both.
		const bits = reinterpret<u32>(value + 0);
		const key = bits ^ (<u32>(<i32>bits >> 31) | 0x80000000);
		store<u64>(keys + (known << 3), ((<u64>key) << 8) | <u64>at);
		known++;
	}
	if (known === 0) return 0;
	const sorted = known <= 24 ? insertKeys(keys, known) : radixKeys(keys, keys + 2048, keys + 4096, known);
	let rank = -1;
	let last: u64 = u64.MAX_VALUE;
	for (let at = 0; at < known; at++) {
		const key = load<u64>(sorted + (at << 3));
		const member = <usize>(key & 255);
		if (key >> 8 !== last) {
			last = key >> 8;
			rank++;
			store<f32>(distinct + (rank << 2), load<f32>(values + (member << 2)) + 0);
		}
		store<u8>(ranks + member, <u8>rank);
	}
	return rank + 1;
}

function insertKeys(keys: usize, count: i32): usize {
	const end = keys + (count << 3);
	for (let at = keys + 8; at < end; at += 8) {
		const key = load<u64>(at);
		let to = at;
		for (; to > keys && load<u64>(to - 8) > key; to -= 8) store<u64>(to, load<u64>(to - 8));
		store<u64>(to, key);
	}
	return keys;
}

/** By the four bytes of the value, lowest first; a byte that all share is passed over. */
function radixKeys(keys: usize, other: usize, counts: usize, count: i32): usize {
	for (let shift: u64 = 8; shift < 40; shift += 8) {
		memory.fill(counts, 0, 1024);
		for (let at = 0; at < count; at++) {
			const place = counts + <usize>(((load<u64>(keys + (at << 3)) >> shift) & 255) << 2);
			store<u32>(place, load<u32>(place) + 1);
		}
		const first = counts + <usize>(((load<u64>(keys) >> shift) & 255) << 2);
		if (load<u32>(first) === count) continue;
		let sum: u32 = 0;
		for (let place = counts; place < counts + 1024; place += 4) {
			const here = load<u32>(place);
			store<u32>(place, sum);
			sum += here;
		}
		for (let at = 0; at < count; at++) {
			const key = load<u64>(keys + (at << 3));
			const place = counts + <usize>(((key >> shift) & 255) << 2);
			const to = load<u32>(place);
			store<u64>(other + (to << 3), key);
			store<u32>(place, to + 1);
		}
		const kept = keys;
		keys = other;
		other = kept;
	}
	return keys;
}

export function searchFew(
	ranks: usize,
	pairs: usize,
	members: usize,
	from: i32,
	to: i32,
	features: usize,
	featureCount: i32,
	totalGradient: f64,
	totalWeight: f64,
	l2: f64,
	least: f64,
	scratch: usize,
	best: usize,
): void {
	const total = f64x2.replace_lane(f64x2.splat(totalGradient), 1, totalWeight);
	const ridge = f64x2.splat(l2);
	for (let index = 0; index < featureCount; index++) {
		const feature = load<i32>(features + (index << 2));
		fillFew(ranks + ((<usize>feature) << 8), pairs, members, from, to, scratch);
		const holes = load<u64>(scratch, 4120) >> 63 !== 0;
		const missing = v128.load(scratch, 4080);
		const count = listBins(scratch);
		const known = count - i32(holes);
		const last = holes ? known : known - 1;
		scanFew(scratch, feature, last, known, f64x2.splat(0), total, ridge, least, best, holes, 0);
		if (holes) scanFew(scratch, feature, known - 1, known, missing, total, ridge, least, best, true, 1);
		for (let at = 0; at < count; at++) {
			v128.store(scratch + ((<usize>load<u8>(scratch + at, 4128)) << 4), f64x2.splat(0));
		}
	}
}

/** Sums by rank in 4096 bytes, then 32 bytes of bits that say which ranks there are, then room for their list. */
function fillFew(column: usize, pairs: usize, members: usize, from: i32, to: i32, scratch: usize): void {
	for (let at = from; at < to; at++) {
		const member: usize = load<u8>(members + at);
		const rank: usize = load<u8>(column + member);
		const sum = scratch + (rank << 4);
		v128.store(sum, f64x2.add(v128.load(sum), v128.load(pairs + (member << 4))));
		const word = scratch + ((rank >> 6) << 3);
		store<u64>(word, load<u64>(word, 4096) | ((<u64>1) << (rank & 63)), 4096);
	}
}

/** Lists the ranks in ascending order, clears their bits, and returns how many there are. */
function listBins(scratch: usize): i32 {
	let count = 0;
	for (let word = 0; word < 4; word++) {
		const at = scratch + (word << 3);
		for (let bits = load<u64>(at, 4096); bits !== 0; bits &= bits - 1) {
			store<u8>(scratch + count, <u8>((word << 6) + <i32>ctz(bits)), 4128);
			count++;
		}
		store<u64>(at, 0, 4096);
	}
	return count;
}

function scanFew(
	scratch: usize,
	feature: i32,
	last: i32,
	known: i32,
	left: v128,
	total: v128,
	l2: v128,
	least: f64,
	best: usize,
	holes: bool,
	missingLeft: i32,
): void {
	for (let at = 0; at < last; at++) {
		const rank: usize = load<u8>(scratch + at, 4128);
		left = f64x2.add(left, v128.load(scratch + (rank << 4)));
		const sum = judge(left, total, l2, least, best);
		if (sum < 0) continue;
		const next: i32 = at + 1 < known ? load<u8>(scratch + at, 4129) : -1;
		const weight = f64x2.extract_lane(left, 1);
		const side = holes ? missingLeft : <i32>(weight >= f64x2.extract_lane(total, 1) - weight);
		keep(best, sum, left, feature, <i32>rank, next, side);
	}
}

export function partFew(
	members: usize,
	scratch: usize,
	from: i32,
	to: i32,
	column: usize,
	cut: i32,
	missing: i32,
): i32 {
	let left = members + from;
	let right = scratch;
	for (let at = from; at < to; at++) {
		const member = load<u8>(members + at);
		const rank: i32 = load<u8>(column + member);
		const goesLeft: usize = <usize>(i32(rank <= cut) | i32(rank === missing));
		store<u8>(left, member);
		store<u8>(right, member);
		left += goesLeft;
		right += 1 - goesLeft;
	}
	memory.copy(left, scratch, right - scratch);
	return <i32>(left - members);
}
