/** Features cut into at most 255 bins each, as histogram learners see them. */
import type { Team, Work } from '../../kernels/team.ts';
import { sorted } from '../../stats/sort.ts';
import { type FeatureMatrix, shareMatrix, spreadRows } from '../preparation/featureMatrix.ts';
import { type BinnedMatrix, type GrowthSpace, type Room, reserveGrowth } from './growthMemory.ts';

/** The bin of missing values, in every feature. */
export const missingBin = 255;
/** Bins that a feature may have beside the one of missing values. */
const mostBins = 255;
/** Bins that each end of a feature may be cut into beside the even ones. */
const mostTailBins = 20;
/** Rows that the edges are chosen from at most: the quantiles of 200,000 rows lie within 0.3 % of those of all. */
const edgeRows = 200_000;

/**
 * Cuts each feature where its distinct values lie, half way between two, or at its quantiles where there are too many
 * (as LightGBM and scikit-learn's histogram learners do), finer at both ends. NaN is missing. There is room for growing.
 */
export function binMatrix(matrix: FeatureMatrix, room: Room, team: Team): BinnedMatrix {
	const { rows, columns } = shareMatrix(matrix, team);
	const space = reserveGrowth(matrix, room);
	const categories = matrix.categories ?? columns.map(() => 0);
	const cutting = team.open(cutWork, { columns, categories });
	const cuts = cutting.run(columns.length);
	cutting.close();
	const edges = cuts.map((cut) => cut.edges);
	const binning = team.open(binWork, { columns, cuts, space });
	binning.run(Math.ceil(rows / blockRows));
	binning.close();
	return {
		...space,
		rows,
		features: columns.length,
		edges,
		exact: cuts.map(({ exact }) => exact),
		columns,
		categories,
	};
}

interface Cuts {
	readonly edges: Float32Array;
	readonly exact: boolean;
	/** The least and the greatest value that was seen. */
	readonly ends: readonly [number, number];
}

/** The edges of a feature a part. */
export const cutWork: Work<{ columns: readonly Float32Array[]; categories: readonly number[] }, Cuts> = {
	name: 'cuts',
	prepare:
		({ columns, categories }) =>
		(feature) => {
			const known = categories[feature] as number;
			return known > 0 ? categoryEdges(known) : edgesOf(columns[feature] as Float32Array);
		},
};

/** Categories are their own bins, whether rows have them or not. */
function categoryEdges(known: number): Cuts {
	return {
		edges: Float32Array.from({ length: known - 1 }, (_, code) => code + 0.5),
		exact: true,
		ends: [0, known - 1],
	};
}

interface Binned {
	readonly columns: readonly Float32Array[];
	readonly cuts: readonly Cuts[];
	readonly space: GrowthSpace;
}

/** Rows that are put into bins at once: what they fill stays in the cache. */
const blockRows = 1024;

/** A block of rows a part. */
export const binWork: Work<Binned, void> = {
	name: 'bins',
	prepare({ columns, cuts, space: { memory, bins, byColumn, codes, stride } }) {
		const byRow = new Uint8Array(memory.buffer, bins);
		const all = new Uint8Array(memory.buffer, byColumn);
		const count = columns[0]?.length ?? 0;
		const padded = cuts.map(({ edges }) => {
			const room = new Float32Array(256).fill(Number.POSITIVE_INFINITY);
			room.set(edges);
			return room;
		});
		const places = codes === null ? null : cuts.map(placesOf);
		const coded = codes === null ? null : new Uint16Array(memory.buffer, codes, count * columns.length);
		return (block) => {
			for (const [feature, values] of columns.entries()) {
				const from = block * blockRows;
				const rows = values.subarray(from, from + blockRows);
				const { length } = (cuts[feature] as Cuts).edges;
				const column = all.subarray(feature * count + from, feature * count + from + rows.length);
				fillBins(rows, padded[feature] as Float32Array, length, column);
				if (places !== null && coded !== null) {
					fillCodes(rows, column, places[feature] as Places, coded.subarray(feature * count + from));
				}
				for (let row = 0, to = from * stride + feature; row < column.length; row++, to += stride) {
					byRow[to] = column[row] as number;
				}
			}
		};
	},
};

function edgesOf(column: Float32Array): Cuts {
	const all = column.length <= edgeRows;
	const sample = new Float64Array(Math.min(column.length, edgeRows));
	if (all) sample.set(column);
	else {
		const rows = spreadRows(column.length, edgeRows);
		for (let at = 0; at < rows.length; at++) sample[at] = column[rows[at] as number] as number;
	}
	const ordered = sorted(sample);
	const ends = [ordered[0] ?? 0, ordered.at(-1) ?? 0] as const;
	const distinct = distinctOf(ordered);
	if (distinct !== null) {
		const edges = distinct.slice(1).map((value, index) => between(distinct[index] as number, value));
		return { edges: Float32Array.from(edges), exact: all, ends };
	}
	const cuts: number[] = [];
	let at = 0;
	for (const wanted of cutRanks(ordered.length)) {
		at = Math.max(at, Math.ceil(wanted));
		while (at < ordered.length && ordered[at] === ordered[at - 1]) at++;
		if (at >= ordered.length) break;
		const cut = between(ordered[at - 1] as number, ordered[at] as number);
		if (cuts.length === 0 || cut > (cuts[cuts.length - 1] as number)) cuts.push(cut);
	}
	return { edges: Float32Array.from(cuts), exact: false, ends };
}

/** Null for more of them than there are bins. */
function distinctOf(ordered: Float64Array): number[] | null {
	const distinct: number[] = [];
	for (let at = 0; at < ordered.length; at++) {
		if (at > 0 && ordered[at] === ordered[at - 1]) continue;
		if (distinct.length === mostBins) return null;
		distinct.push(ordered[at] as number);
	}
	return distinct;
}

/**
 * How many of so many ordered values lie below each cut: even shares, and towards both ends ever smaller ones, down to a
 * single value. Heavy tails would else lie in one bin together, and a forest could not tell a mansion from a palace.
 */
function cutRanks(length: number): number[] {
	const share = length / (mostBins - 2 * mostTailBins);
	const tail: number[] = [];
	for (
		let rank = 1;
		rank < share && tail.length < mostTailBins;
		rank = Math.max(rank + 1, Math.round(rank * Math.SQRT2))
	) {
		tail.push(rank);
	}
	const even = Array.from({ length: mostBins - 2 * mostTailBins - 1 }, (_, bin) => (bin + 1) * share);
	return [...tail, ...even, ...tail.map((rank) => length - rank).reverse()];
}

/** The value after which a bin ends; infinite for the last one. */
export function edgeAfter({ edges }: Pick<BinnedMatrix, 'edges'>, feature: number, bin: number): number {
	return edges[feature]?.[bin] ?? Number.POSITIVE_INFINITY;
}

/** A float32 that is at least `low` and below `high`. */
export function between(low: number, high: number): number {
	const middle = Math.fround(low + (high - low) / 2);
	return middle < high ? middle : low;
}

/** Writes the bins of values; `edges` are padded with infinity. */
function fillBins(values: Float32Array, edges: Float32Array, last: number, bins: Uint8Array): void {
	// By halving, always in eight steps: the comparison becomes a flag and not a branch.
	for (let row = 0; row < values.length; row++) {
		const value = values[row] as number;
		let at = 0;
		at += +(value > (edges[at + 127] as number)) << 7;
		at += +(value > (edges[at + 63] as number)) << 6;
		at += +(value > (edges[at + 31] as number)) << 5;
		at += +(value > (edges[at + 15] as number)) << 4;
		at += +(value > (edges[at + 7] as number)) << 3;
		at += +(value > (edges[at + 3] as number)) << 2;
		at += +(value > (edges[at + 1] as number)) << 1;
		at += +(value > (edges[at] as number));
		bins[row] = Number.isNaN(value) ? missingBin : Math.min(at, last);
	}
}

/** By bin: where it begins, and how many codes a unit of its width has. */
interface Places {
	readonly begins: Float64Array;
	readonly codes: Float64Array;
}

/** Codes of a bin: its values are told apart as finely as that, however close together the bin lies. */
const codesOfBin = 256;

function placesOf({ edges, ends: [least, greatest] }: Cuts): Places {
	const begins = Float64Array.from({ length: 256 }, (_, bin) => (bin === 0 ? least : (edges[bin - 1] ?? greatest)));
	const codes = begins.map((begin, bin) => {
		const width = (edges[bin] ?? greatest) - begin;
		return width > 0 && width < Number.POSITIVE_INFINITY ? codesOfBin / width : 0;
	});
	return { begins, codes };
}

/** Writes what lies in a higher place a code that is not lower; 65535 is missing. */
function fillCodes(values: Float32Array, bins: Uint8Array, { begins, codes }: Places, into: Uint16Array): void {
	for (let row = 0; row < values.length; row++) {
		const bin = bins[row] as number;
		const place = ((values[row] as number) - (begins[bin] as number)) * (codes[bin] as number);
		// NaN, of what is infinite, is the lowest place.
		const code = place >= codesOfBin ? codesOfBin - 1 : place > 0 ? Math.floor(place) : 0;
		into[row] = bin === missingBin ? 65535 : bin * codesOfBin + code;
	}
}
