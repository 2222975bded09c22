/**
 * Categories as ranks, for forests: ordered once by what the target says of them, after which cuts of the ranks part them by
 * sets (Wright & König 2019, who found it no worse than ordering them anew in every node; for three classes or more by the
 * first principal component of their shares, Coppersmith, Hong & Hosking 1999).
 */
import type { Graph } from '../../onnx/graph.ts';
import { type FeatureMatrix, sharedColumn } from '../preparation/featureMatrix.ts';
import type { ForestTarget } from './randomForest.ts';

/** Rows that say the mean of all, added to those of each category: a rare one is not taken at its word. */
const smoothRows = 10;

/** By feature: the rank of each code, or null for numbers. */
export type CategoryRanks = readonly (Float32Array | null)[];

/** Null where no feature has categories. */
export function rankCategories(matrix: FeatureMatrix, target: ForestTarget, rows: Uint32Array): CategoryRanks | null {
	const { columns, categories } = matrix;
	if (categories === undefined) return null;
	return columns.map((column, feature) => {
		const count = categories[feature] as number;
		return count === 0 ? null : ranksOf(scoresOf(column, count, target, rows));
	});
}

/** The matrix with ranks in the place of codes. */
export function rankedMatrix({ rows, columns, names }: FeatureMatrix, ranks: CategoryRanks | null): FeatureMatrix {
	const taken = columns.map((column, feature) => {
		const of = ranks?.[feature];
		if (!of) return column;
		const ranked = sharedColumn(column.length);
		for (let row = 0; row < ranked.length; row++) ranked[row] = of[column[row] as number] as number;
		return ranked;
	});
	return { rows, columns: taken, ...(names && { names }) };
}

/** The same as nodes, of `[N, k]`; categories are the last of the features. */
export function addRanks(graph: Graph, features: string, ranks: CategoryRanks | null): string {
	if (ranks === null) return features;
	const tables = ranks.filter((one) => one !== null);
	const plain = ranks.length - tables.length;
	const ends = (...places: number[]) => graph.constant(BigInt64Array.from(places, BigInt), [places.length]);
	const slice = (from: number, to: number) => graph.node('Slice', [features, ends(from), ends(to), ends(1)]);
	let next = 0;
	const starts = tables.map((table) => {
		next += table.length;
		return next - table.length;
	});
	const codes = graph.node('Add', [
		slice(plain, ranks.length),
		graph.constant(Float32Array.from(starts), [1, starts.length]),
	]);
	const all = Float32Array.from(tables.flatMap((table) => [...table]));
	const ranked = graph.node('Gather', [
		graph.constant(all, [all.length]),
		graph.node('Cast', [codes], { to: { int: 7 } }),
	]);
	return plain === 0 ? ranked : graph.node('Concat', [slice(0, plain), ranked], { axis: { int: 1 } });
}

function ranksOf(scores: Float64Array): Float32Array {
	const ranks = new Float32Array(scores.length);
	const order = [...scores.keys()].sort((a, b) => (scores[a] as number) - (scores[b] as number) || a - b);
	for (const [rank, code] of order.entries()) ranks[code] = rank;
	return ranks;
}

/** A number a category: the mean of the target, or where the shares of the classes lie along their main direction. */
function scoresOf(column: Float32Array, count: number, target: ForestTarget, rows: Uint32Array): Float64Array {
	const width = target.kind === 'numbers' ? 1 : target.classes;
	const sums = new Float64Array(count * width);
	const total = new Float64Array(width);
	const weights = new Float64Array(count);
	let all = 0;
	for (const row of rows) {
		const weight = target.weights ? (target.weights[row] as number) : 1;
		const code = column[row] as number;
		const output = target.kind === 'numbers' ? 0 : (target.codes[row] as number);
		const added = weight * (target.kind === 'numbers' ? (target.values[row] as number) : 1);
		sums[code * width + output] = (sums[code * width + output] as number) + added;
		total[output] = (total[output] as number) + added;
		weights[code] = (weights[code] as number) + weight;
		all += weight;
	}
	const smooth = (smoothRows * all) / rows.length;
	const share = (code: number, output: number) => {
		const mean = (total[output] as number) / all;
		return ((sums[code * width + output] as number) + smooth * mean) / ((weights[code] as number) + smooth) - mean;
	};
	const along =
		width < 3 ? Float64Array.from({ length: width }, (_, output) => output + 1) : mainDirection(share, weights, width);
	return Float64Array.from({ length: count }, (_, code) => {
		let score = 0;
		for (let output = 0; output < width; output++) score += (along[output] as number) * share(code, output);
		return score;
	});
}

const mostTurns = 100;

/** The first eigenvector of the covariance of shares, by the power method. */
function mainDirection(
	share: (code: number, output: number) => number,
	weights: Float64Array,
	width: number,
): Float64Array {
	const covariance = new Float64Array(width * width);
	for (const [code, weight] of weights.entries()) {
		for (let i = 0; i < width; i++) {
			for (let j = 0; j < width; j++) {
				covariance[i * width + j] = (covariance[i * width + j] as number) + weight * share(code, i) * share(code, j);
			}
		}
	}
	let along = Float64Array.from({ length: width }, (_, output) => output + 1);
	for (let turn = 0; turn < mostTurns; turn++) {
		const next = along.map((_, i) =>
			along.reduce((sum, one, j) => sum + one * (covariance[i * width + j] as number), 0),
		);
		const length = Math.hypot(...next);
		if (length === 0) break;
		along = next.map((one) => one / length);
	}
	return along;
}
