/** One column chunk by chunk: how far each is from the reference, and how far it may be. */
import type { Column } from '../../data/table.ts';
import type { ColumnChunks, DriftChunks } from '../../protocol/driftChunks.ts';
import { sorted } from '../../stats/sort.ts';
import { decileCuts } from '../deciles.ts';
import { jensenShannon } from '../jensenShannon.ts';
import { finiteOnly } from '../numberSample.ts';
import { pairColumns } from '../pairs.ts';
import { fewestValues } from '../sound/sound.ts';
import { chanceLimit, limitsOf } from './limits.ts';
import { type ChunkPlan, noChunk } from './planChunks.ts';

/** The chunks of all columns, as a report has them. */
export function chunksOf(
	{ of: _, typical: __, ofReference: ___, ...plan }: ChunkPlan,
	answers: readonly ColumnChunks[],
): DriftChunks {
	return { ...plan, columns: [...answers] };
}

/** Each row as the number of a bin; -1 is null. */
interface Binned {
	bins: number;
	reference: Int32Array;
	current: Int32Array;
	/** The numbers of the current rows; null for categories. */
	values: Float64Array | null;
}

/**
 * Counts each chunk over the same bins as the reference, and takes its Jensen-Shannon distance. The limit is that of NannyML:
 * mean and three standard deviations of the distances of the reference's own chunks, each to the rest of it, and
 * never below what chance alone leaves below in 99.87 % of cases (`limits.ts`).
 */
export function chunkColumn(plan: ChunkPlan, name: string, one: Column, other: Column): ColumnChunks {
	const count = plan.chunks.length;
	const binned = binColumns(one, other);
	const none = Array.from({ length: count }, () => null);
	const nulls = nullShares(plan, other);
	if (binned === null) return { column: name, pieces: 0, distance: none, limit: none, nulls, beyond: 0 };
	const { bins, reference, current, values } = binned;
	const whole = countBins(reference, bins, 0, reference.length);
	const total = sum(whole);
	const pieces = piecesOf(reference, bins, plan, whole);
	const limitOf = limitsOf(pieces, total);
	const used = whole.filter((rows) => rows > 0).length;
	const counts = Array.from({ length: count }, () => new Uint32Array(bins));
	const sums = new Float64Array(count);
	for (let row = 0; row < current.length; row++) {
		const [chunk, bin] = [plan.of[row] as number, current[row] as number];
		if (chunk === noChunk || bin < 0) continue;
		const own = counts[chunk] as Uint32Array;
		own[bin] = (own[bin] as number) + 1;
		if (values !== null) sums[chunk] = (sums[chunk] as number) + (values[row] as number);
	}
	const sizes = counts.map(sum);
	const told = (size: number) => size >= fewestValues && total >= fewestValues;
	const distance = counts.map((own, chunk) =>
		told(sizes[chunk] as number) ? rounded(jensenShannon(whole, own)) : null,
	);
	const limit = sizes.map((size) =>
		told(size) ? rounded(Math.max(limitOf(size), chanceLimit(used, size, total))) : null,
	);
	const mean =
		values === null ? null : sizes.map((size, chunk) => (size === 0 ? null : rounded((sums[chunk] as number) / size)));
	const beyond = distance.filter((value, chunk) => value !== null && value > (limit[chunk] as number)).length;
	return { column: name, pieces: pieces.length, distance, limit, ...(mean !== null && { mean }), nulls, beyond };
}

/** More categories than this are taken together. */
const mostCategories = 50;

function binColumns(one: Column, other: Column): Binned | null {
	const pair = pairColumns(one, other, 'auto');
	if (pair.kind === 'incomparable') return null;
	if (pair.kind === 'categories') {
		const { bins, binOf } = frequentOnes(pair.reference, pair.labels.length);
		const binAll = (codes: Int32Array) => codes.map((code) => (code < 0 ? -1 : (binOf[code] as number)));
		return { bins, reference: binAll(pair.reference), current: binAll(pair.current), values: null };
	}
	const finite = finiteOnly(sorted(pair.reference));
	if (finite.length === 0) return null;
	const cuts = Float64Array.from(decileCuts(finite));
	const binAll = (values: Float64Array) => Int32Array.from(values, (value) => binOfNumber(cuts, value));
	const values = pair.time ? null : pair.current;
	return { bins: cuts.length + 1, reference: binAll(pair.reference), current: binAll(pair.current), values };
}

function binOfNumber(cuts: Float64Array, value: number): number {
	if (Number.isNaN(value)) return -1;
	let bin = 0;
	while (bin < cuts.length && value > (cuts[bin] as number)) bin += 1;
	return bin;
}

/** The most frequent categories of the reference have a bin each, all others share the last. */
function frequentOnes(reference: Int32Array, labels: number): { bins: number; binOf: Int32Array } {
	const counts = countBins(reference, labels, 0, reference.length);
	const binOf = new Int32Array(labels);
	if (labels <= mostCategories) {
		for (let code = 0; code < labels; code++) binOf[code] = code;
		return { bins: labels, binOf };
	}
	const order = Uint32Array.from({ length: labels }, (_, code) => code).sort(
		(a, b) => (counts[b] as number) - (counts[a] as number) || a - b,
	);
	binOf.fill(mostCategories);
	for (let place = 0; place < mostCategories; place++) binOf[order[place] as number] = place;
	return { bins: mostCategories + 1, binOf };
}

function countBins(codes: Int32Array, bins: number, from: number, to: number): Uint32Array {
	const counts = new Uint32Array(bins);
	for (let row = from; row < to; row++) {
		const bin = codes[row] as number;
		if (bin >= 0) counts[bin] = (counts[bin] as number) + 1;
	}
	return counts;
}

/** The distance of each chunk of the reference to the rest of it, and how many values it has. */
function piecesOf(
	reference: Int32Array,
	bins: number,
	plan: Pick<ChunkPlan, 'typical' | 'ofReference'>,
	whole: Uint32Array,
): { distance: number; size: number }[] {
	const pieces: { distance: number; size: number }[] = [];
	const total = sum(whole);
	for (const own of cutReference(reference, bins, plan)) {
		const size = sum(own);
		if (size < fewestValues || total - size < fewestValues) continue;
		const rest = whole.map((found, bin) => found - (own[bin] as number));
		pieces.push({ distance: jensenShannon(rest, own), size });
	}
	return pieces;
}

/** The counts of each chunk of the reference: by its times where it has such, else so many rows after one another. */
function cutReference(
	reference: Int32Array,
	bins: number,
	{ typical, ofReference }: Pick<ChunkPlan, 'typical' | 'ofReference'>,
): Uint32Array[] {
	const cut: Uint32Array[] = [];
	if (ofReference === null) {
		for (let from = 0; typical > 0 && from + typical <= reference.length; from += typical) {
			cut.push(countBins(reference, bins, from, from + typical));
		}
		return cut;
	}
	for (let row = 0; row < reference.length; row++) {
		const [chunk, bin] = [ofReference[row] as number, reference[row] as number];
		if (chunk === noChunk || bin < 0) continue;
		while (cut.length <= chunk) cut.push(new Uint32Array(bins));
		const own = cut[chunk] as Uint32Array;
		own[bin] = (own[bin] as number) + 1;
	}
	return cut;
}

function nullShares({ of, chunks }: ChunkPlan, column: Column): (number | null)[] {
	const nulls = new Uint32Array(chunks.length);
	for (let row = 0; row < of.length; row++) {
		const chunk = of[row] as number;
		if (chunk === noChunk) continue;
		const isNull = column.kind === 'number' ? Number.isNaN(column.values[row]) : (column.codes[row] as number) < 0;
		if (isNull) nulls[chunk] = (nulls[chunk] as number) + 1;
	}
	return chunks.map(({ rows }, chunk) => (rows === 0 ? null : rounded((nulls[chunk] as number) / rows)));
}

function sum(counts: Uint32Array): number {
	let total = 0;
	for (const count of counts) total += count;
	return total;
}

/** Five digits say enough of a trend, and keep a report of many columns small. */
function rounded(value: number): number {
	return Number(value.toPrecision(5));
}
