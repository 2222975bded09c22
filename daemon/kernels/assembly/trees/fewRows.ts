/** Few rows of a tree, whose sums need no histogram. */

import { judge, keep } from './judge';

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
