/**
 * The generator that NumPy's `RandomState` draws from, so that what a Python program shuffles with a seed can be drawn
 * again: MT19937 from a seed of 32 bits. `mersenneTwister(5489)` gives 3499211612 first.
 * Source: Matsumoto and Nishimura, ACM TOMACS 8 (1998) 3-30, with the seeding of 2002.
 */
export function mersenneTwister(seed: number): () => number {
	const size = 624;
	const state = new Uint32Array(size);
	state[0] = seed;
	for (let i = 1; i < size; i++) {
		const before = state[i - 1] as number;
		state[i] = Math.imul(1_812_433_253, before ^ (before >>> 30)) + i;
	}
	let at = size;
	const twist = () => {
		for (let i = 0; i < size; i++) {
			const mixed = ((state[i] as number) & 0x80000000) | ((state[(i + 1) % size] as number) & 0x7fffffff);
			state[i] = (state[(i + 397) % size] as number) ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
		}
		at = 0;
	};
	return () => {
		if (at === size) twist();
		let value = state[at++] as number;
		value ^= value >>> 11;
		value ^= (value << 7) & 0x9d2c5680;
		value ^= (value << 15) & 0xefc60000;
		value ^= value >>> 18;
		return value >>> 0;
	};
}

/** A whole number from 0 to `most` (below 2^32) by rejection under a mask, as `RandomState` draws it. */
export function drawUpTo(most: number, bits: () => number): number {
	if (most === 0) return 0;
	const mask = 0xffffffff >>> Math.clz32(most);
	for (;;) {
		const drawn = (bits() & mask) >>> 0;
		if (drawn <= most) return drawn;
	}
}

/** A uniform number in [0, 1) of 53 bits, as `RandomState.rand` draws it. */
export function drawShare(bits: () => number): number {
	const high = bits() >>> 5;
	return (high * 67_108_864 + (bits() >>> 6)) / 9_007_199_254_740_992;
}

/** Puts 0 … n - 1 into the order of `RandomState.permutation(n)`, in place where `order` is given. */
export function permute(order: Uint32Array, bits: () => number): Uint32Array {
	for (let last = order.length - 1; last > 0; last--) {
		const other = drawUpTo(last, bits);
		const kept = order[last] as number;
		order[last] = order[other] as number;
		order[other] = kept;
	}
	return order;
}
