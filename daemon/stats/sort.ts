/** Values in ascending order, made once and shared by every statistic of a column. */

/** Below this many values the native sort is faster than passes over histograms. */
const fewValues = 1024;
/** Longer runs of equal upper halves are left to the native sort. */
const longestInsertion = 24;
/** So many values are moved through memory that is kept for the next sort, which saves the system from clearing it. */
const keptRoom = 1 << 20;
let room = new Float64Array(0);

/**
 * A copy of the values without NaN, ascending. -0 and 0 count as equal and come in any order.
 *
 * A radix sort by the upper half of each double (sign, exponent and 20 bits of the fraction) in three passes; the few values
 * that agree in it are put in order afterwards. The doubles themselves move, and only their halves are read as bits, which
 * takes half the time of passes over all 64 bits.
 */
export function sorted(values: Float64Array): Float64Array {
	const [low, middle, high] = [new Uint32Array(2048), new Uint32Array(2048), new Uint32Array(1024)];
	const count = countDigits(values, low, middle, high);
	const target = new Float64Array(count);
	if (count < fewValues) {
		copyPresent(values, target);
		return target.sort();
	}
	const between = roomFor(count);
	moveByLow(values, target, startsOf(low));
	moveByMiddle(target, between, startsOf(middle));
	moveByHigh(between, target, startsOfSigned(high));
	settle(target);
	return target;
}

/** `sorted`, which remembers what it was given: for values that are not changed meanwhile. */
export function sortOnce(): typeof sorted {
	const known = new Map<Float64Array, Float64Array>();
	return (values) => {
		const ascending = known.get(values) ?? sorted(values);
		known.set(values, ascending);
		return ascending;
	};
}

function roomFor(count: number): Float64Array {
	if (count > keptRoom) return new Float64Array(count);
	if (room.length < count) room = new Float64Array(count);
	return room.subarray(0, count);
}

function copyPresent(values: Float64Array, target: Float64Array): void {
	let at = 0;
	for (let i = 0; i < values.length; i++) {
		const value = values[i] as number;
		if (!Number.isNaN(value)) target[at++] = value;
	}
}

/** Both halves of each double, the lower one first. */
function halvesOf(values: Float64Array): Uint32Array {
	return new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
}

/** Counts the values but NaN by each of the three digits of their upper half; returns how many there are. */
function countDigits(values: Float64Array, low: Uint32Array, middle: Uint32Array, high: Uint32Array): number {
	const halves = halvesOf(values);
	let count = 0;
	for (let i = 0; i < values.length; i++) {
		if (Number.isNaN(values[i] as number)) continue;
		const upper = halves[2 * i + 1] as number;
		count++;
		low[upper & 2047] = (low[upper & 2047] as number) + 1;
		middle[(upper >>> 11) & 2047] = (middle[(upper >>> 11) & 2047] as number) + 1;
		high[upper >>> 22] = (high[upper >>> 22] as number) + 1;
	}
	return count;
}

/** Where each digit starts. */
function startsOf(counts: Uint32Array): Uint32Array {
	let at = 0;
	for (let digit = 0; digit < counts.length; digit++) {
		const count = counts[digit] as number;
		counts[digit] = at;
		at += count;
	}
	return counts;
}

/**
 * The same for the digit with the sign. Negative numbers come first, those of the largest size before all others: for
 * their digits it gives the end, from which they are filled backwards.
 */
function startsOfSigned(counts: Uint32Array): Uint32Array {
	let at = 0;
	for (let digit = counts.length - 1; digit >= counts.length / 2; digit--) {
		at += counts[digit] as number;
		counts[digit] = at;
	}
	for (let digit = 0; digit < counts.length / 2; digit++) {
		const count = counts[digit] as number;
		counts[digit] = at;
		at += count;
	}
	return counts;
}

function moveByLow(source: Float64Array, target: Float64Array, starts: Uint32Array): void {
	const halves = halvesOf(source);
	for (let i = 0; i < source.length; i++) {
		const value = source[i] as number;
		if (Number.isNaN(value)) continue;
		const digit = (halves[2 * i + 1] as number) & 2047;
		const to = starts[digit] as number;
		starts[digit] = to + 1;
		target[to] = value;
	}
}

function moveByMiddle(source: Float64Array, target: Float64Array, starts: Uint32Array): void {
	const halves = halvesOf(source);
	for (let i = 0; i < source.length; i++) {
		const digit = ((halves[2 * i + 1] as number) >>> 11) & 2047;
		const to = starts[digit] as number;
		starts[digit] = to + 1;
		target[to] = source[i] as number;
	}
}

function moveByHigh(source: Float64Array, target: Float64Array, starts: Uint32Array): void {
	const halves = halvesOf(source);
	for (let i = 0; i < source.length; i++) {
		const upper = halves[2 * i + 1] as number;
		const digit = upper >>> 22;
		const negative = upper >>> 31;
		const to = (starts[digit] as number) - negative;
		starts[digit] = to + 1 - negative;
		target[to] = source[i] as number;
	}
}

/** Sorts within each run of values whose upper halves agree. */
function settle(values: Float64Array): void {
	const halves = halvesOf(values);
	for (let i = 1; i < values.length; i++) {
		if (!((values[i] as number) < (values[i - 1] as number))) continue;
		const upper = halves[2 * i + 1];
		let [from, end] = [i - 1, i + 1];
		while (from > 0 && halves[2 * from - 1] === upper) from--;
		while (end < values.length && halves[2 * end + 1] === upper) end++;
		if (end - from > longestInsertion) values.subarray(from, end).sort();
		else insertFrom(values, from, i, end);
		i = end;
	}
}

/** Insertion sort of the values from `from` to `end`, of which those before `at` are in order. */
function insertFrom(values: Float64Array, from: number, at: number, end: number): void {
	for (let i = at; i < end; i++) {
		const value = values[i] as number;
		let to = i;
		while (to > from && (values[to - 1] as number) > value) {
			values[to] = values[to - 1] as number;
			to--;
		}
		values[to] = value;
	}
}
