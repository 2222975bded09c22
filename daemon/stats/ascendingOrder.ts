/** Below this many values the native sort is faster than passes over histograms. */
const fewValues = 2048;
const digit = 2048;

/**
 * The places of the values in ascending order, without those of NaN; equal values keep their order. -0 comes before 0.
 * ascendingOrder([3, NaN, 1]) = [2, 0].
 *
 * A radix sort of the places by the bits of the doubles, six passes of 11 bits at most.
 */
export function ascendingOrder(values: Float64Array): Uint32Array {
	let order = new Uint32Array(values.length);
	let count = 0;
	for (let i = 0; i < values.length; i++) {
		order[count] = i;
		count += +!Number.isNaN(values[i] as number);
	}
	order = order.subarray(0, count);
	if (count < fewValues) {
		return order.sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
	}
	const [low, high] = orderedHalves(values);
	let target = new Uint32Array(count);
	for (let pass = 0; pass < 6; pass++) {
		const digitOf = digits[pass] as (low: number, high: number) => number;
		const starts = new Uint32Array(digit);
		for (let i = 0; i < count; i++) {
			const place = order[i] as number;
			const bin = digitOf(low[place] as number, high[place] as number);
			starts[bin] = (starts[bin] as number) + 1;
		}
		if (starts.includes(count)) continue;
		let at = 0;
		for (let bin = 0; bin < digit; bin++) {
			const size = starts[bin] as number;
			starts[bin] = at;
			at += size;
		}
		for (let i = 0; i < count; i++) {
			const place = order[i] as number;
			const bin = digitOf(low[place] as number, high[place] as number);
			const to = starts[bin] as number;
			starts[bin] = to + 1;
			target[to] = place;
		}
		[order, target] = [target, order];
	}
	return order;
}

const digits: ((low: number, high: number) => number)[] = [
	(low) => low & 2047,
	(low) => (low >>> 11) & 2047,
	(low, high) => (low >>> 22) | ((high & 1) << 10),
	(_, high) => (high >>> 1) & 2047,
	(_, high) => (high >>> 12) & 2047,
	(_, high) => high >>> 23,
];

/** The bits of doubles as two unsigned halves that order as the doubles do. */
function orderedHalves(values: Float64Array): [Uint32Array, Uint32Array] {
	const bits = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
	const low = new Uint32Array(values.length);
	const high = new Uint32Array(values.length);
	for (let i = 0; i < values.length; i++) {
		const highBits = bits[2 * i + 1] as number;
		const negative = -(highBits >>> 31);
		low[i] = (bits[2 * i] as number) ^ negative;
		high[i] = highBits ^ (negative | 0x80000000);
	}
	return [low, high];
}
