/**
 * Can the two samples be told apart by all their columns together? A logistic regression is asked which rows are current
 * ones: fitted on every second tenth of both samples, in the order of their rows, and asked of the others. The area under its
 * ROC curve is 0.5 where nothing drifted, up to chance. Rows that are scored are never fitted on: scores of models that share
 * rows, as in cross-validation, spread more than independent ones (of 200 rows a side it called 13 in 100 drift).
 *
 * Source: Lopez-Paz and Oquab, Revisiting classifier two-sample tests, ICLR 2017.
 */
import type { Column, Table } from '../../data/table.ts';
import { linearScores } from '../../learn/linear/linearScores.ts';
import { fitLogistic } from '../../learn/linear/logistic.ts';
import { takeMatrixRows } from '../../learn/preparation/featureMatrix.ts';
import type { DriftMultivariate } from '../../protocol/driftMultivariate.ts';
import { normalCdf } from '../../stats/normal.ts';
import { quantile } from '../../stats/quantile.ts';
import { rocAuc } from '../../stats/rocAuc.ts';
import { sorted } from '../../stats/sort.ts';
import { finiteOnly } from '../numberSample.ts';
import { pairColumns } from '../pairs.ts';
import { sampleRows } from '../segments/sampleRows.ts';
import { memoryOf, orderOfNumbers, type RowOrder } from './memory.ts';
import { orderRows } from './rowOrder.ts';
import { effectiveSizes, fewestLiveRows, type Sizes } from './sound.ts';
import { numbersRows } from './weigh.ts';

/** So many rows a side are asked of, at most. */
const mostRows = 5_000;

/** An area below this is no drift, however certain: two bells that lie 0.18 deviations apart, with a KS distance of 0.07. */
export const aucFloor = 0.55;

/** Stricter than for columns: the memory of scores is itself only estimated. */
const level = 0.01;

/** The samples are cut into so many stretches, every second of which is scored. */
const stretches = 10;
const mostCategories = 10;
/** Columns beyond those that give so many features are not asked. */
const mostFeatures = 200;
const mostNamed = 5;
/** The inverse of how much the squares of the weights count: many columns with few rows shall not be learned by heart. */
const strength = 0.01;

/** Values of all rows, those of the reference first. */
interface Feature {
	column: string;
	values: Float32Array;
}

/** By these columns of both tables, in the order of `time`; null where fewer than two of them can be asked. */
export function findMultivariate(
	names: readonly string[],
	reference: Table,
	current: Table,
	time: string | null,
): DriftMultivariate | null {
	const before = sampleRows(reference, 'multivariate reference', mostRows).table;
	const after = sampleRows(current, 'multivariate current', mostRows).table;
	const order = orderRows(before, after, time);
	const sizes = { reference: before.rows, current: after.rows };
	const features: Feature[] = [];
	for (const name of names) {
		const [one, other] = [before, after].map(({ columns }) => columns.find((column) => column.name === name));
		if (one !== undefined && other !== undefined) features.push(...featuresOf(name, one, other));
		if (features.length >= mostFeatures) break;
	}
	if (new Set(features.map(({ column }) => column)).size < 2) return null;
	if (Math.min(sizes.reference, sizes.current) < fewestLiveRows) {
		return untold(sizes, `Too few rows to tell: ${fewestLiveRows} a side are needed.`);
	}
	const fitted = { reference: halves(sizes.reference, order.reference), current: halves(sizes.current, order.current) };
	const rows = (half: 'fit' | 'ask') =>
		Uint32Array.from([...fitted.reference[half], ...fitted.current[half].map((row) => row + sizes.reference)]);
	const { scores, weights } = scoreRows(features, sizes, rows('fit'), rows('ask'));
	const asked = { reference: fitted.reference.ask.length, current: fitted.current.ask.length };
	const sides = [scores.subarray(0, asked.reference), scores.subarray(asked.reference)].map((side) =>
		orderOfNumbers(side, sorted(side)),
	);
	const [first, second] = sides as [RowOrder, RowOrder];
	const effective = effectiveSizes(asked, memoryOf(first, second));
	if (Math.min(effective.reference, effective.current) < fewestLiveRows / 2) {
		return untold(sizes, 'Too few rows to tell: neighbouring rows resemble one another.');
	}
	const truth = Uint8Array.from(scores, (_, at) => +(at >= asked.reference));
	const auc = rocAuc(scores, truth);
	const p = chanceOf(auc, effective);
	return {
		...{ drift: p < level && auc >= aucFloor, reason: null, auc, p_value: p, rows: sizes },
		interval: intervalOf(auc, effective),
		effective_rows: { reference: Math.floor(effective.reference), current: Math.floor(effective.current) },
		columns: telling(features, weights, rows('ask'), truth),
	};
}

function untold(rows: Sizes, reason: string): DriftMultivariate {
	return { drift: null, reason, auc: null, interval: null, p_value: null, rows, effective_rows: null, columns: [] };
}

/** How likely is such an area by chance? That of the rank-sum test (Mann and Whitney 1947), one-sided. */
export function chanceOf(auc: number, { reference: n, current: m }: Sizes): number {
	return normalCdf((0.5 - auc) / Math.sqrt((n + m + 1) / (12 * n * m)));
}

/** With 95 % confidence, after Hanley and McNeil, Radiology 143 (1982) 29-36. */
export function intervalOf(auc: number, { reference: n, current: m }: Sizes): { low: number; high: number } {
	const [q1, q2] = [auc / (2 - auc), (2 * auc ** 2) / (1 + auc)];
	const variance = (auc * (1 - auc) + (m - 1) * (q1 - auc ** 2) + (n - 1) * (q2 - auc ** 2)) / (n * m);
	const reach = 1.959963984540054 * Math.sqrt(variance);
	return { low: Math.max(0, auc - reach), high: Math.min(1, auc + reach) };
}

/** Numbers within their 98 middle hundredths, missing ones at the middle beside a mark; text by its common categories. */
function featuresOf(column: string, one: Column, other: Column): Feature[] {
	const pair = pairColumns(one, other, 'auto');
	if (pair.kind === 'incomparable') return [];
	if (pair.kind === 'categories') {
		const codes = [...pair.reference, ...pair.current];
		const counts = new Map<number, number>();
		for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
		if (counts.size > codes.length / 2) return [];
		const common = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, mostCategories);
		return common.map(([code]) => ({ column, values: Float32Array.from(codes, (found) => +(found === code)) }));
	}
	if (pair.time) return [];
	if (numbersRows(pair.reference, sorted(pair.reference)) && numbersRows(pair.current, sorted(pair.current))) return [];
	const values = new Float64Array(pair.reference.length + pair.current.length);
	values.set(pair.reference);
	values.set(pair.current, pair.reference.length);
	const known = finiteOnly(sorted(values));
	if (known.length === 0) return [];
	const [low, middle, high] = [0.01, 0.5, 0.99].map((part) => quantile(known, part)) as [number, number, number];
	const spread = high - low || 1;
	const filled = (value: number) =>
		Number.isNaN(value) ? 0 : (Math.min(high, Math.max(low, value)) - middle) / spread;
	const marks = values.some((value) => Number.isNaN(value));
	return [
		{ column, values: Float32Array.from(values, filled) },
		...(marks ? [{ column, values: Float32Array.from(values, (value) => +Number.isNaN(value)) }] : []),
	];
}

/** Rows in their order of time, by whether their stretch is fitted on or asked of. */
function halves(rows: number, places: Uint32Array | null): { fit: number[]; ask: number[] } {
	const [fit, ask]: [number[], number[]] = [[], []];
	for (let at = 0; at < rows; at++) {
		(Math.floor((at * stretches) / rows) % 2 === 0 ? fit : ask).push(places?.[at] ?? at);
	}
	return { fit, ask };
}

/** The scores of the rows asked of, and the weight of each standardised feature. */
function scoreRows(
	features: readonly Feature[],
	sizes: Sizes,
	fit: Uint32Array,
	ask: Uint32Array,
): { scores: Float64Array; weights: Float64Array } {
	const all = sizes.reference + sizes.current;
	const matrix = { rows: all, columns: features.map(({ values }) => values) };
	const codes = Uint16Array.from({ length: all }, (_, row) => +(row >= sizes.reference));
	const model = fitLogistic(matrix, codes, 2, fit, strength, true);
	const scores = linearScores({ ...model, intercepts: Float64Array.of(0) }, takeMatrixRows(matrix, ask));
	return { scores, weights: model.coefficients[0] ?? new Float64Array(features.length) };
}

/** The columns with the largest weights, with the area of their heaviest feature alone. */
function telling(
	features: readonly Feature[],
	weights: Float64Array,
	rows: Uint32Array,
	truth: Uint8Array,
): DriftMultivariate['columns'] {
	const heaviest = new Map<string, number>();
	const weightOf = (feature: number | undefined) => Math.abs(weights[feature ?? -1] ?? 0);
	for (const [feature, { column }] of features.entries()) {
		const best = heaviest.get(column);
		if (best === undefined || weightOf(feature) > weightOf(best)) heaviest.set(column, feature);
	}
	return [...heaviest]
		.sort((a, b) => weightOf(b[1]) - weightOf(a[1]))
		.slice(0, mostNamed)
		.map(([column, feature]) => {
			const { values } = features[feature] as Feature;
			const alone = rocAuc(
				Float64Array.from(rows, (row) => values[row] as number),
				truth,
			);
			return { column, auc: Math.max(alone, 1 - alone) };
		});
}
