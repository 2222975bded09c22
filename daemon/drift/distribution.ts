/** What a report draws of a column: both samples on one scale. */
import type { Distribution } from '../protocol/distribution.ts';
import { drawnRange } from '../stats/quantile.ts';
import type { CategoryCounts } from './categoryCounts.ts';
import { countAtMost, floatBelow } from './deciles.ts';
import { finiteOnly } from './numberSample.ts';
import { shortened, valueText } from './report/wording.ts';

const mostBins = 30;
const mostCategories = 20;
const longestLabel = 120;

/** Up to so many different numbers are drawn one by one. */
const mostSingleValues = 12;

/**
 * Both samples in bins of equal width, each given sorted and without nulls. The edges span the
 * `drawnRange` of both samples, so a far value moves nothing; the share beyond them is told. Numbers with at most 12 different values are drawn one by one. null when there is nothing to draw.
 */
export function numberDistribution(reference: Float64Array, current: Float64Array, time: boolean): Distribution | null {
	const samples = [finiteOnly(reference), finiteOnly(current)].filter(({ length }) => length > 0);
	if (samples.length === 0) return null;
	const single = singleValues(samples);
	if (single !== null) {
		const counts = (sorted: Float64Array) =>
			single.map((value) => countAtMost(sorted, value) - countAtMost(sorted, floatBelow(value)));
		return {
			kind: 'categories',
			labels: single.map((value) => valueText(value, time)),
			reference: sharesOf(counts(reference), reference.length),
			current: sharesOf(counts(current), current.length),
			other: null,
		};
	}
	const edges = edgesFor(samples);
	if (edges === null) return null;
	const [first, second] = [countByEdges(reference, edges), countByEdges(current, edges)];
	return {
		kind: 'histogram',
		edges,
		reference: sharesOf(first, reference.length),
		current: sharesOf(second, current.length),
		outside: { reference: outside(first, reference.length), current: outside(second, current.length) },
	};
}

/** The different values of all samples in ascending order; null for more than a chart shows one by one. */
function singleValues(samples: readonly Float64Array[]): number[] | null {
	const values = new Set<number>();
	for (const sorted of samples) {
		for (let at = 0; at < sorted.length; at = countAtMost(sorted, sorted[at] as number)) {
			values.add((sorted[at] as number) + 0);
			if (values.size > mostSingleValues) return null;
		}
	}
	return [...values].sort((a, b) => a - b);
}

function edgesFor(samples: readonly Float64Array[]): number[] | null {
	const [from, to] = drawnRange(samples);
	const rows = Math.min(...samples.map(({ length }) => length));
	const bins = Math.min(mostBins, Math.max(8, Math.ceil(2 * Math.cbrt(rows))));
	if (samples.every((sorted) => sorted.every(Number.isInteger))) return wholeEdges(from, to, bins);
	const width = (to - from) / bins;
	if (!Number.isFinite(width) || from + width === from || to - width === to) return null;
	return Array.from({ length: bins + 1 }, (_, index) => (index === bins ? to : from + index * width));
}

/** Whole numbers in bins of equally many whole numbers, edges between them. */
function wholeEdges(from: number, to: number, bins: number): number[] | null {
	const [first, last] = [Math.floor(from), Math.ceil(to)];
	const step = Math.ceil((last - first + 1) / bins);
	const count = Math.ceil((last - first + 1) / step);
	const edges = Array.from({ length: count + 1 }, (_, index) => first - 0.5 + index * step);
	return edges.every((edge, index) => index === 0 || edge > (edges[index - 1] as number)) ? edges : null;
}

/** Bins reach from their lower edge up to their upper one without it, the last one with it. */
function countByEdges(sorted: Float64Array, edges: readonly number[]): number[] {
	const upTo = edges.map((edge, index) => countAtMost(sorted, index === edges.length - 1 ? edge : floatBelow(edge)));
	return upTo.slice(1).map((count, bin) => count - (upTo[bin] as number));
}

function sharesOf(counts: readonly number[], values = sumOf(counts)): number[] {
	return counts.map((count) => (values === 0 ? 0 : count / values));
}

function outside(counts: readonly number[], values: number): number {
	return values === 0 ? 0 : (values - sumOf(counts)) / values;
}

function sumOf(counts: readonly number[]): number {
	return counts.reduce((sum, count) => sum + count, 0);
}

/** The most frequent categories of both samples, the rest taken together; null when there is nothing to draw. */
export function categoryDistribution({ labels, reference, current }: CategoryCounts): Distribution | null {
	const [first, second] = [sharesOf([...reference]), sharesOf([...current])];
	const both = (code: number) => (first[code] as number) + (second[code] as number);
	const filled = labels.map((_, code) => code).filter((code) => both(code) > 0);
	if (filled.length === 0) return null;
	if (filled.length > 2) filled.sort((a, b) => both(b) - both(a) || a - b);
	const [shown, rest] = [filled.slice(0, mostCategories), filled.slice(mostCategories)];
	const sum = (shares: readonly number[]) => rest.reduce((total, code) => total + (shares[code] as number), 0);
	return {
		kind: 'categories',
		labels: shown.map((code) => shortened(labels[code] as string, longestLabel)),
		reference: shown.map((code) => first[code] as number),
		current: shown.map((code) => second[code] as number),
		other: rest.length === 0 ? null : { categories: rest.length, reference: sum(first), current: sum(second) },
	};
}
