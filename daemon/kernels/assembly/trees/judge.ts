/** Cuts of a node held against the best one so far. */

/** One cut: what it leaves on both sides, against the best one so far. */
export function judge(left: v128, total: v128, l2: v128, least: f64, best: usize): f64 {
	const right = f64x2.sub(total, left);
	if (f64x2.extract_lane(left, 1) < least || f64x2.extract_lane(right, 1) < least) return -1;
	const gradients = v128.shuffle<f64>(left, right, 0, 2);
	const weights = f64x2.add(v128.shuffle<f64>(left, right, 1, 3), l2);
	const saved = f64x2.div(f64x2.mul(gradients, gradients), weights);
	const sum = f64x2.extract_lane(saved, 0) + f64x2.extract_lane(saved, 1);
	return sum > load<f64>(best) ? sum : -1;
}

export function keep(best: usize, sum: f64, left: v128, feature: i32, bin: i32, next: i32, missingLeft: i32): void {
	store<f64>(best, sum);
	v128.store(best, left, 16);
	store<i32>(best, feature, 32);
	store<i32>(best, bin, 36);
	store<i32>(best, next, 40);
	store<i32>(best, missingLeft, 44);
}
