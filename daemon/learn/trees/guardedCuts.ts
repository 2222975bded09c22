/** Cuts of a number between limits, and such that one side says no less than the other (monotone constraints). */

import { missingBin } from './binnedMatrix.ts';
import { type Limits, leastWeight, type NodeSums, type SplitRules } from './split.ts';

/** A cut of one feature, whatever else there is. */
export interface Cut {
	/** What both sides save. */
	readonly saved: number;
	readonly bin: number;
	readonly missingLeft: boolean;
	/** Sums of the left side. */
	readonly gradient: number;
	readonly weight: number;
	readonly marks?: Uint8Array;
	/** Added to the weight of leaves on both sides. */
	readonly l2?: number;
	readonly limits?: readonly [Limits, Limits];
}

/** What a leaf with these sums says within its limits; `weight` holds what is added to it. */
export function saidBy(gradient: number, weight: number, { low, high }: Limits): number {
	return Math.min(high, Math.max(low, -gradient / weight));
}

/** By how much that lowers the loss, twice over: G² / W where no limit is in the way. */
export function savedBy(gradient: number, weight: number, limits: Limits): number {
	const said = saidBy(gradient, weight, limits);
	return -(2 * gradient * said + weight * said * said);
}

/**
 * Cuts after each of the bins, the missing with either side. With a direction (1: rising, −1: falling) the right side may
 * not say less (more) than the left, and what both say bounds what is said below them: half way between, as LightGBM's
 * "basic" and scikit-learn's histogram boosting do it. Null where no cut saves more than `best`.
 */
export function cutBetween(
	sums: Float64Array,
	bins: number,
	direction: number,
	{ rows, total, limits }: NodeSums,
	{ minRows, l2 }: SplitRules,
	best: number,
): Cut | null {
	const [gradientOfAll, weightOfAll] = total as unknown as [number, number];
	const least = leastWeight(minRows, rows, weightOfAll);
	const missing = [sums[2 * missingBin] as number, sums[2 * missingBin + 1] as number] as const;
	const holes = missing[1] > 0;
	let found: Cut | null = null;
	for (const missingLeft of holes ? [false, true] : [false]) {
		let [gradient, weight] = missingLeft ? missing : [0, 0];
		const last = holes && !missingLeft ? bins : bins - 1;
		for (let bin = 0; bin < last; bin++) {
			const added = sums[2 * bin + 1] as number;
			if (added === 0) continue;
			gradient += sums[2 * bin] as number;
			weight += added;
			const [otherGradient, otherWeight] = [gradientOfAll - gradient, weightOfAll - weight];
			if (weight < least || otherWeight < least) continue;
			const left = saidBy(gradient, weight + l2, limits);
			const right = saidBy(otherGradient, otherWeight + l2, limits);
			if (direction * (right - left) < 0) continue;
			const saved = savedBy(gradient, weight + l2, limits) + savedBy(otherGradient, otherWeight + l2, limits);
			if (!(saved > (found?.saved ?? best))) continue;
			found = {
				...{ saved, bin, missingLeft: holes ? missingLeft : weight >= otherWeight, gradient, weight },
				...(direction !== 0 && { limits: sides(limits, direction, (left + right) / 2) }),
			};
		}
	}
	return found;
}

function sides({ low, high }: Limits, direction: number, middle: number): readonly [Limits, Limits] {
	const lower = { low, high: middle, l2: 0 };
	const upper = { low: middle, high, l2: 0 };
	return direction > 0 ? [lower, upper] : [upper, lower];
}
