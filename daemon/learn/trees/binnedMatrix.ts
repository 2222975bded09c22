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
	const task = team.open(binWork, { columns, space });
	const cuts = task.run(columns.length);
	task.close();
	return {
		...space,
		rows,
		features: columns.length,
		edges: cuts.map(({ edges }) => edges),
		exact: cuts.map(({ exact }) => exact),
		columns,
	};
}

interface Cuts {
	readonly edges: Float32Array;
	readonly exact: boolean;
}

/** A feature a part. */
export const binWork: Work<{ columns: readonly Float32Array[]; space: GrowthSpace }, Cuts> = {
	name: 'bins',
	prepare({ columns, space: { memory, bins, stride } }) {
		const bytes = new Uint8Array(memory.buffer, bins);
		return (feature) => {
			const column = columns[feature] as Float32Array;
			const cuts = edgesOf(column);
			fillBins(column, cuts.edges, bytes, feature, stride);
			return cuts;
		};
	},
};

function edgesOf(column: Float32Array): Cuts {
	const all = column.length <= edgeRows;
	const sample = all
		? Float64Array.from(column)
		: Float64Array.from(spreadRows(column.length, edgeRows), (row) => column[row] as number);
	const ordered = sorted(sample);
	const { length } = ordered;
	const distinct: number[] = [];
	const upTo: number[] = [];
	for (let at = 0; at < length; at++) {
		if (at + 1 < length && ordered[at + 1] === ordered[at]) continue;
		distinct.push(ordered[at] as number);
		upTo.push(at + 1);
	}
	if (distinct.length <= mostBins) {
		const edges = distinct.slice(1).map((value, index) => between(distinct[index] as number, value));
		return { edges: Float32Array.from(edges), exact: all };
	}
	const cuts: number[] = [];
	let index = 0;
	for (const wanted of cutRanks(length)) {
		while ((upTo[index] as number) < wanted) index++;
		if (index + 1 >= distinct.length) break;
		const cut = between(distinct[index] as number, distinct[index + 1] as number);
		if (cuts.length === 0 || cut > (cuts[cuts.length - 1] as number)) cuts.push(cut);
	}
	return { edges: Float32Array.from(cuts), exact: false };
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

/** A float32 that is at least `low` and below `high`. */
export function between(low: number, high: number): number {
	const middle = Math.fround(low + (high - low) / 2);
	return middle < high ? middle : low;
}

function fillBins(
	column: Float32Array,
	edges: Float32Array,
	bins: Uint8Array,
	feature: number,
	stride: number,
): void {
	const padded = new Float32Array(256).fill(Number.POSITIVE_INFINITY);
	padded.set(edges);
	const { length } = edges;
	// By halving, always in eight steps: the comparison becomes a flag and not a branch.
	for (let row = 0, to = feature; row < column.length; row++, to += stride) {
		const value = column[row] as number;
		let at = 0;
		at += +(value > (padded[at + 127] as number)) << 7;
		at += +(value > (padded[at + 63] as number)) << 6;
		at += +(value > (padded[at + 31] as number)) << 5;
		at += +(value > (padded[at + 15] as number)) << 4;
		at += +(value > (padded[at + 7] as number)) << 3;
		at += +(value > (padded[at + 3] as number)) << 2;
		at += +(value > (padded[at + 1] as number)) << 1;
		at += +(value > (padded[at] as number));
		bins[to] = Number.isNaN(value) ? missingBin : Math.min(at, length);
	}
}
