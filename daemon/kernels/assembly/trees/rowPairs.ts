/** The gradient and the weight of rows: made whole numbers, and added up. */

/** A gradient and a weight in float64, times their scales, as whole numbers (even ones where halfway); each weighs 1 at least. */
function whole(staged: usize, scales: v128): v128 {
	const scaled = f64x2.nearest(f64x2.mul(v128.load(staged), scales));
	return f64x2.max(scaled, f64x2(-Infinity, 1));
}

export function settlePairs(
	pairs: usize,
	order: usize,
	from: i32,
	to: i32,
	staged: usize,
	ofGradient: f64,
	ofWeight: f64,
): void {
	const scales = f64x2.replace_lane(f64x2.splat(ofGradient), 1, ofWeight);
	const end = order + ((<usize>to) << 2);
	for (let at = order + ((<usize>from) << 2); at < end; at += 4, staged += 16) {
		v128.store(pairs + ((<usize>load<u32>(at)) << 4), whole(staged, scales));
	}
}

export function settlePacked(
	packed: usize,
	order: usize,
	from: i32,
	to: i32,
	staged: usize,
	ofGradient: f64,
	ofWeight: f64,
): void {
	const scales = f64x2.replace_lane(f64x2.splat(ofGradient), 1, ofWeight);
	const end = order + ((<usize>to) << 2);
	for (let at = order + ((<usize>from) << 2); at < end; at += 4, staged += 16) {
		const pair = whole(staged, scales);
		const gradient = <i64>f64x2.extract_lane(pair, 0);
		store<i64>(packed + ((<usize>load<u32>(at)) << 3), (gradient << 24) + <i64>f64x2.extract_lane(pair, 1));
	}
}

export function sumPairs(pairs: usize, order: usize, from: i32, to: i32, sums: usize): void {
	let sum = f64x2.splat(0);
	const end = order + ((<usize>to) << 2);
	for (let at = order + ((<usize>from) << 2); at < end; at += 4) {
		sum = f64x2.add(sum, v128.load(pairs + ((<usize>load<u32>(at)) << 4)));
	}
	v128.store(sums, sum);
}

export function sumPacked(packed: usize, order: usize, from: i32, to: i32, sums: usize): void {
	let sum: i64 = 0;
	const end = order + ((<usize>to) << 2);
	for (let at = order + ((<usize>from) << 2); at < end; at += 4) {
		sum += load<i64>(packed + ((<usize>load<u32>(at)) << 3));
	}
	store<f64>(sums, <f64>(sum >> 24));
	store<f64>(sums, <f64>(sum & 0xffffff), 8);
}

export function bringRows(
	order: usize,
	from: i32,
	to: i32,
	bins: usize,
	stride: usize,
	pairs: usize,
	pairBytes: usize,
	nearBins: usize,
	nearStride: usize,
	nearPairs: usize,
): void {
	const end = order + ((<usize>to) << 2);
	for (let at = order + ((<usize>from) << 2); at < end; at += 4) {
		const row: usize = load<u32>(at);
		const values = bins + row * stride;
		for (let byte: usize = 0; byte < nearStride; byte += 16) v128.store(nearBins + byte, v128.load(values + byte));
		nearBins += nearStride;
		if (pairBytes === 8) store<i64>(nearPairs, load<i64>(pairs + (row << 3)));
		else v128.store(nearPairs, v128.load(pairs + (row << 4)));
		nearPairs += pairBytes;
	}
}
