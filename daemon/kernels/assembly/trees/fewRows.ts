/** Few rows of a tree, whose sums need no histogram. */

import { judge, keep } from './judge';

export function rankFew(codes: usize, order: usize, from: i32, to: i32, ranks: usize): void {
	let low: u32 = 65535;
	let high: u32 = 0;
	const end = order + ((<usize>to) << 2);
	const begin = order + ((<usize>from) << 2);
	for (let at = begin; at < end; at += 4) {
		const code: u32 = load<u16>(codes + ((<usize>load<u32>(at)) << 1));
		if (code === 65535) continue;
		low = min(low, code);
		high = max(high, code);
	}
	const range = max(high, low) - low;
	const factor: u32 = range <= 254 ? 65536 : (254 << 16) / range;
	for (let at = begin; at < end; at += 4, ranks++) {
		const code: u32 = load<u16>(codes + ((<usize>load<u32>(at)) << 1));
		store<u8>(ranks, code === 65535 ? 255 : <u8>(((code - low) * factor) >> 16));
	}
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
