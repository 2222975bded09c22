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

/** By feature: what takes the place of each code, or null for numbers. */
export type CategoryTables = readonly (Float32Array | null)[];

/** By rank, from 0. Null where no feature has categories. */
export function rankCategories(matrix: FeatureMatrix, target: ForestTarget, rows: Uint32Array): CategoryTables | null {
	const { columns, categories } = matrix;
	if (categories === undefined) return null;
	return columns.map((column, feature) => {
		const count = categories[feature] as number;
		if (count === 0) return null;
		return ranksOf(sumsOf(column, count, target, rows), isTelling(column, count, target, rows));
	});
}

/** The matrix with what the tables say in the place of codes, as numbers. */
export function mappedMatrix({ rows, columns, names }: FeatureMatrix, tables: CategoryTables | null): FeatureMatrix {
	const taken = columns.map((column, feature) => {
		const of = tables?.[feature];
		if (!of) return column;
		const ranked = sharedColumn(column.length);
		for (let row = 0; row < ranked.length; row++) ranked[row] = of[column[row] as number] as number;
		return ranked;
	});
	return { rows, columns: taken, ...(names && { names }) };
}

/** The matrix with bins in the place of codes, still as categories. */
export function groupedMatrix(matrix: FeatureMatrix, tables: CategoryTables | null): FeatureMatrix {
	const { categories } = matrix;
	if (tables === null || categories === undefined) return matrix;
	return { ...mappedMatrix(matrix, tables), categories: categories.map((count) => Math.min(count, mostBins)) };
}

/** What the tables say as nodes, of `[N, k]`; categories are the last of the features. */
export function addTables(graph: Graph, features: string, all: CategoryTables | null): string {
	if (all === null) return features;
	const tables = all.filter((one) => one !== null);
	const plain = all.length - tables.length;
	const ends = (...places: number[]) => graph.constant(BigInt64Array.from(places, BigInt), [places.length]);
	const slice = (from: number, to: number) => graph.node('Slice', [features, ends(from), ends(to), ends(1)]);
	let next = 0;
	const starts = tables.map((table) => {
		next += table.length;
		return next - table.length;
	});
	const codes = graph.node('Add', [
		slice(plain, all.length),
		graph.constant(Float32Array.from(starts), [1, starts.length]),
	]);
	const values = Float32Array.from(tables.flatMap((table) => [...table]));
	const ranked = graph.node('Gather', [
		graph.constant(values, [values.length]),
		graph.node('Cast', [codes], { to: { int: 7 } }),
	]);
	return plain === 0 ? ranked : graph.node('Concat', [slice(0, plain), ranked], { axis: { int: 1 } });
}

/** Bins that boosting parts by sets; null has its own. */
const mostBins = 254;
/** Frequent categories that have a bin for themselves, where others share bins by what the target says of them. */
const ownBins = 190;
/** Rows that share a bin at least. */
const fewestTogether = 30;

/**
 * By bin, for cuts by sets: of more categories than bins the most frequent ones (the first codes) have one each. The others
 * share one with those that the target says about the same of, or all the same where it says nothing of them. Null where no
 * feature has so many.
 */
export function groupCategories(matrix: FeatureMatrix, target: ForestTarget, rows: Uint32Array): CategoryTables | null {
	const { columns, categories } = matrix;
	if (categories === undefined || categories.every((count) => count <= mostBins)) return null;
	return columns.map((column, feature) => {
		const count = categories[feature] as number;
		if (count === 0) return null;
		const bins = Float32Array.from({ length: count }, (_, code) => code);
		if (count <= mostBins) return bins;
		const sums = sumsOf(column, count, target, rows);
		bins[count - 1] = mostBins - 1;
		if (!isTelling(column, count, target, rows)) return bins.fill(mostBins - 2, mostBins - 2, -1);
		return shareBins(bins, sums);
	});
}

function shareBins(bins: Float32Array, sums: CategorySums): Float32Array {
	const scores = scoresOf(sums);
	const rest = [...bins.keys()].slice(ownBins, -1);
	rest.sort((a, b) => (scores[a] as number) - (scores[b] as number) || a - b);
	const all = rest.reduce((sum, code) => sum + (sums.rows[code] as number), 0);
	const groups = Math.max(1, Math.min(mostBins - ownBins - 1, Math.floor(all / fewestTogether)));
	let below = 0;
	for (const code of rest) {
		bins[code] = ownBins + Math.min(groups - 1, Math.floor((below * groups) / Math.max(1, all)));
		below += sums.rows[code] as number;
	}
	return bins;
}

/** A deviation of the standard normal distribution beyond which one in a thousand lies. */
const sure = 3.09;

/**
 * Whether the target differs more between rare categories than within them: by analysis of variance, whose logarithm of F
 * has about the variance 2/df₁ + 2/df₂ by chance (Fisher 1924), on the ranks of numbers, of which a few great ones do not
 * hide what the others say (Conover & Iman 1981). Rare categories that say nothing would be learned by heart.
 */
function isTelling(column: Float32Array, categories: number, target: ForestTarget, taken: Uint32Array): boolean {
	const first = mostBins - 2;
	const rare = taken.filter((row) => (column[row] as number) >= first && (column[row] as number) < categories - 1);
	if (categories <= mostBins || rare.length === 0) return false;
	const ranked = target.kind === 'numbers' ? { ...target, values: placesOf(target.values, rare) } : target;
	const { sums, squares, weights, rows, width } = sumsOf(column, categories, ranked, rare);
	const known = [...rows.keys()].filter((code) => (rows[code] as number) > 0);
	const count = known.reduce((sum, code) => sum + (rows[code] as number), 0);
	const [between, within] = [known.length - 1, count - known.length];
	if (between < 1 || within < 1) return false;
	const all = known.reduce((sum, code) => sum + (weights[code] as number), 0);
	let [ofMeans, ofRows] = [0, 0];
	for (let output = 0; output < width; output++) {
		const mean = known.reduce((sum, code) => sum + (sums[code * width + output] as number), 0) / all;
		for (const code of known) {
			const [sum, weight] = [sums[code * width + output] as number, weights[code] as number];
			ofMeans += weight * (sum / weight - mean) ** 2;
			ofRows += (squares[code * width + output] as number) - (sum * sum) / weight;
		}
	}
	return Math.log(ofMeans / between / (ofRows / within)) > sure * Math.sqrt(2 / between + 2 / within);
}

/** By row: the place of its value among those of the rows, equal ones at the same. */
function placesOf(values: Float64Array, rows: Uint32Array): Float64Array {
	const order = rows.slice().sort((a, b) => (values[a] as number) - (values[b] as number));
	const places = new Float64Array(values.length);
	let place = 0;
	for (const [at, row] of order.entries()) {
		if (at > 0 && values[row] !== values[order[at - 1] as number]) place = at;
		places[row] = place;
	}
	return places;
}

/** Rare categories of which the target says nothing share a rank. */
function ranksOf(sums: CategorySums, rareOnesTell: boolean): Float32Array {
	const scores = scoresOf(sums);
	if (!rareOnesTell && scores.length > mostBins) scores.fill(0, mostBins - 2, -1);
	const ranks = new Float32Array(scores.length);
	const order = [...scores.keys()].sort((a, b) => (scores[a] as number) - (scores[b] as number) || a - b);
	let rank = -1;
	let before = Number.NaN;
	for (const code of order) {
		if (scores[code] !== before) rank++;
		ranks[code] = rank;
		before = scores[code] as number;
	}
	return ranks;
}

/** What the rows of each category add up to; numbers less their mean, of classes their shares. */
interface CategorySums {
	/** Numbers a category: one, or one a class. */
	readonly width: number;
	readonly sums: Float64Array;
	readonly squares: Float64Array;
	readonly weights: Float64Array;
	readonly rows: Float64Array;
}

function sumsOf(column: Float32Array, count: number, target: ForestTarget, rows: Uint32Array): CategorySums {
	const width = target.kind === 'numbers' ? 1 : target.classes;
	const found = {
		...{ width, sums: new Float64Array(count * width), squares: new Float64Array(count * width) },
		...{ weights: new Float64Array(count), rows: new Float64Array(count) },
	};
	const weightOf = (row: number) => (target.weights ? (target.weights[row] as number) : 1);
	let [sum, all] = [0, 0];
	for (const row of rows) {
		all += weightOf(row);
		if (target.kind === 'numbers') sum += weightOf(row) * (target.values[row] as number);
	}
	const add = (to: Float64Array, at: number, value: number) => {
		to[at] = (to[at] as number) + value;
	};
	for (const row of rows) {
		const [weight, code] = [weightOf(row), column[row] as number];
		const place = code * width + (target.kind === 'numbers' ? 0 : (target.codes[row] as number));
		const value = target.kind === 'numbers' ? (target.values[row] as number) - sum / all : 1;
		add(found.sums, place, weight * value);
		add(found.squares, place, weight * value * value);
		add(found.weights, code, weight);
		add(found.rows, code, 1);
	}
	return found;
}

/** A number a category: the mean of the target, or where the shares of the classes lie along their main direction. */
function scoresOf({ width, sums, weights, rows }: CategorySums): Float64Array {
	const sumUp = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
	const all = sumUp(weights);
	const smooth = (smoothRows * all) / sumUp(rows);
	const means = Float64Array.from({ length: width }, (_, output) => {
		return sums.reduce((sum, value, at) => (at % width === output ? sum + value : sum), 0) / all;
	});
	const share = (code: number, output: number) => {
		const mean = means[output] as number;
		return ((sums[code * width + output] as number) + smooth * mean) / ((weights[code] as number) + smooth) - mean;
	};
	const along =
		width < 3 ? Float64Array.from({ length: width }, (_, output) => output + 1) : mainDirection(share, weights, width);
	return Float64Array.from(weights, (_, code) => {
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
