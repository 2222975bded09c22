/** Where columns lie, and which of them are seen. */

export interface ColumnLayout {
	/** Left edges in pixels, and the right edge of the last. */
	readonly edges: readonly number[];
	/** The columns of which a pixel lies between `from` and `to`; `last` is not among them. */
	seen(from: number, to: number): { first: number; last: number };
}

export function columnLayout(widths: readonly number[]): ColumnLayout {
	const edges = [0];
	for (const width of widths) edges.push((edges.at(-1) as number) + width);
	/** How many edges lie at or before a pixel. */
	const before = (pixel: number): number => {
		let [low, high] = [0, edges.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((edges[middle] as number) <= pixel) low = middle + 1;
			else high = middle;
		}
		return low;
	};
	return {
		edges,
		seen(from, to) {
			const first = Math.max(0, before(from) - 1);
			return { first: Math.min(first, widths.length), last: Math.min(widths.length, Math.max(first, before(to - 1))) };
		},
	};
}

const [narrowest, widest, letter, padding] = [132, 340, 7.4, 24];

/** A width in pixels for a column with this name and these first values. */
export function widthFor(name: string, values: readonly (string | null | undefined)[]): number {
	const longest = Math.max(name.length + 5, ...values.map((value) => value?.length ?? 4));
	return Math.round(Math.min(widest, Math.max(narrowest, longest * letter + padding)));
}
