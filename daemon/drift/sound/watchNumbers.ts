import { codesFrom } from '../../stats/gather.ts';
import { sorted } from '../../stats/sort.ts';
import { countAtMost } from '../deciles.ts';
import type { NumberPair } from '../pairs.ts';
import { measureKs } from './measures.ts';
import { areMany, memoryOf, orderOfRanked, quarters, type RowOrder, unordered } from './memory.ts';
import { type Evidence, noMemory } from './sound.ts';
import { constantOf, numbersRows, weighNumbers } from './weigh.ts';

/** One column of a growing sample. */
export interface ColumnWatch {
	add(row: number): void;
	clear(): void;
	/** What the sample shows so far. */
	weigh(): Evidence;
}

/**
 * Counts the sample by the different values of the pool, whose ranks in the reference are known: a row costs one
 * addition, a look one pass over the different values, without sorting.
 */
export function watchNumbers({ reference, current, time }: NumberPair, ordered: Float64Array): ColumnWatch {
	const pool = sorted(current);
	const values = pool.filter((value, index) => index === 0 || value !== pool[index - 1]);
	const ranks = codesFrom(current, (value) => (Number.isNaN(value) ? -1 : countAtMost(values, value) - 1));
	const { below, upTo } = countsAt(ordered, values);
	const counts = new Uint32Array(values.length);
	const constant = constantOf(ordered);
	const rowNumbers = numbersRows(reference, ordered) && numbersRows(current, pool);
	/** Ranks in the order in which they came. */
	const sequence = growingNumbers();
	let [taken, distinct, last] = [0, 0, 0];

	/**
	 * Between two values of the sample only the reference rises, so the widest gap lies at or just below one of them.
	 * In whole numbers, as `ksDistance` counts, so that both give exactly the same.
	 */
	function distance(): number {
		const n = ordered.length;
		let [widest, before] = [0, 0];
		for (let rank = 0; rank < counts.length; rank++) {
			const count = counts[rank] as number;
			if (count === 0) continue;
			const after = before + count;
			const gap = Math.abs(before * n - (below[rank] as number) * taken);
			const gapAt = Math.abs(after * n - (upTo[rank] as number) * taken);
			widest = Math.max(widest, gap, gapAt);
			before = after;
		}
		return widest / (n * taken);
	}

	function order(): RowOrder {
		if (distinct < 2) return unordered;
		const places = quarters(taken);
		const quartiles: [number, number, number] = [0, 0, 0];
		let [quarter, upToRank] = [0, 0];
		for (let rank = 0; quarter < 3; rank++) {
			upToRank += counts[rank] as number;
			while (quarter < 3 && (places[quarter] as number) < upToRank) quartiles[quarter++] = rank;
		}
		return orderOfRanked(sequence.values(), taken, quartiles, areMany(distinct));
	}

	return {
		add(row) {
			const rank = ranks[row] as number;
			if (rank < 0) return;
			sequence.add(rank);
			const count = counts[rank] as number;
			counts[rank] = count + 1;
			distinct += +(count === 0);
			taken += 1;
			last = rank;
		},
		clear() {
			counts.fill(0);
			sequence.clear();
			taken = 0;
			distinct = 0;
		},
		weigh: () =>
			weighNumbers({
				sizes: { reference: ordered.length, current: taken },
				constants: { reference: constant, current: distinct === 1 ? (values[last] as number) : null },
				numbersRows: rowNumbers,
				time,
				memory: () => (time ? noMemory : memoryOf(unordered, order())),
				measure: measureKs(distance, true),
			}),
	};
}

export interface GrowingNumbers {
	add(value: number): void;
	clear(): void;
	/** All that were added, sharing memory: valid until the next is added. */
	values(): Float64Array;
}

export function growingNumbers(): GrowingNumbers {
	let room = new Float64Array(256);
	let length = 0;
	return {
		add(value) {
			if (length === room.length) {
				const larger = new Float64Array(2 * length);
				larger.set(room);
				room = larger;
			}
			room[length] = value;
			length += 1;
		},
		clear() {
			length = 0;
		},
		values: () => room.subarray(0, length),
	};
}

/** How many values of the reference lie below each value, and how many are at most it. Both ascending. */
function countsAt(ordered: Float64Array, values: Float64Array): { below: Uint32Array; upTo: Uint32Array } {
	const [below, upTo] = [new Uint32Array(values.length), new Uint32Array(values.length)];
	let at = 0;
	for (let rank = 0; rank < values.length; rank++) {
		const value = values[rank] as number;
		while (at < ordered.length && (ordered[at] as number) < value) at++;
		below[rank] = at;
		while (at < ordered.length && (ordered[at] as number) <= value) at++;
		upTo[rank] = at;
	}
	return { below, upTo };
}
