/** Random numbers that are the same on every machine and for every number of threads. */
import { createHash } from 'node:crypto';

/** One stream of random numbers. */
export interface Random {
	/** Uniform in [0, 1), 53 bits. */
	next(): number;
	/** Uniform in 0..n-1 without bias; n is 1 to 2^32. */
	integer(n: number): number;
	/** Standard normal. */
	normal(): number;
}

/**
 * A stream that belongs to these seed parts alone, such as a seed, a purpose and an index: streams with other parts are
 * independent of it, so that work may be divided and columns added without changing what the rest draws.
 * The parts are hashed by SHA-256, whose first 128 bits are the state of xoshiro128**.
 */
export function createRandom(...seed: readonly (number | string)[]): Random {
	const hash = createHash('sha256').update(JSON.stringify(seed)).digest();
	const bits = xoshiro128(hash.readUInt32LE(0), hash.readUInt32LE(4), hash.readUInt32LE(8), hash.readUInt32LE(12));
	const next = () => ((bits() >>> 5) * 67_108_864 + (bits() >>> 6)) / 9_007_199_254_740_992;
	let spare: number | null = null;
	return {
		next,
		integer(n) {
			const fair = 4_294_967_296 - (4_294_967_296 % n);
			let drawn = bits();
			while (drawn >= fair) drawn = bits();
			return drawn % n;
		},
		normal() {
			if (spare !== null) {
				const kept = spare;
				spare = null;
				return kept;
			}
			const [first, second] = polar(next);
			spare = second;
			return first;
		},
	};
}

/** Two independent standard normals by Marsaglia's polar method (1964). */
function polar(next: () => number): [number, number] {
	for (;;) {
		const x = 2 * next() - 1;
		const y = 2 * next() - 1;
		const square = x * x + y * y;
		if (square > 0 && square < 1) {
			const scale = Math.sqrt((-2 * Math.log(square)) / square);
			return [x * scale, y * scale];
		}
	}
}

/**
 * The generator xoshiro128** 1.1 (Blackman and Vigna 2018, https://prng.di.unimi.it/xoshiro128starstar.c):
 * from a state that is not all zero to unsigned 32-bit integers, period 2^128 - 1.
 */
export function xoshiro128(s0: number, s1: number, s2: number, s3: number): () => number {
	let [a, b, c, d] = [s0 | 0, s1 | 0, s2 | 0, s3 | 0];
	return () => {
		const scrambled = Math.imul(b, 5);
		const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
		const shifted = b << 9;
		c ^= a;
		d ^= b;
		b ^= c;
		a ^= d;
		c ^= shifted;
		d = (d << 11) | (d >>> 21);
		return result >>> 0;
	};
}

/** Puts the values into random order, in place (Fisher-Yates). */
export function shuffle<A extends Uint32Array | Float64Array | unknown[]>(values: A, random: Random): A {
	for (let last = values.length - 1; last > 0; last--) {
		const other = random.integer(last + 1);
		const kept = values[last];
		values[last] = values[other] as never;
		values[other] = kept as never;
	}
	return values;
}
