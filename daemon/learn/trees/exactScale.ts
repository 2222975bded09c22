/** The power of two that makes whole numbers of numbers up to `largest`, of which so many add up to less than 2^53. */
export function exactScale(largest: number, count: number): number {
	return largest === 0 ? 1 : 2 ** (52 - Math.ceil(Math.log2(largest)) - Math.ceil(Math.log2(count + 1)));
}
