/** Which chunk each row of the current data falls into. */
import type { DriftChunks } from '../../protocol/driftChunks.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { ChunkSize } from '../../protocol/project/chunks.ts';
import { type Span, spanOf } from '../seasons.ts';
import { fewestPieces } from './limits.ts';

/** More chunks make no better trend, and a report that nobody can open. */
export const mostChunks = 100;

/** The mark of a row that is in no chunk. */
export const noChunk = 255;

export interface ChunkPlan extends Pick<DriftChunks, 'by' | 'size' | 'left_out' | 'chunks'> {
	/** The chunk of each row, in memory that threads share. */
	of: Uint8Array;
	/** Rows of the median chunk that has any: the reference is cut into as many where it has no times. */
	typical: number;
	/** The chunk of each row of the reference, cut by its own times; null where it has none. */
	ofReference: Uint8Array | null;
}

/**
 * Cuts `rows` rows by their order, or by their times (milliseconds since 1970, NaN is none). Chunks of time begin at multiples
 * of their length since 1970, so days are those of UTC. Throws `invalid_arguments` for more than 100 chunks.
 */
export function planChunks(size: ChunkSize, rows: number, times: Float64Array | null): ChunkPlan {
	const of = new Uint8Array(new SharedArrayBuffer(rows));
	if (size.by === 'rows') {
		const count = refuseMany(Math.ceil(rows / size.rows));
		for (let row = 0; row < rows; row++) of[row] = Math.floor(row / size.rows);
		const chunks = Array.from({ length: count }, (_, chunk) => {
			const [from, to] = [chunk * size.rows + 1, Math.min(rows, (chunk + 1) * size.rows)];
			return { from, to, rows: to - from + 1 };
		});
		const typical = Math.min(rows, size.rows);
		return { by: 'rows', size: size.rows, left_out: 0, chunks, of, typical, ofReference: null };
	}
	const length = size.seconds * 1000;
	const span = times === null ? null : spanOf(times);
	if (times === null || span === null) {
		throw new PerchError('invalid_arguments', 'Nothing says when the current rows happened.', {
			field: 'drift.chunks',
			hint: 'Name the column with data: {time: COLUMN} or --time, or cut by rows: --chunks 1000.',
		});
	}
	const { first, last } = withNeighbours(times, length, span);
	const count = refuseMany(last - first + 1);
	const counts = new Uint32Array(count);
	let left_out = 0;
	for (let row = 0; row < rows; row++) {
		const chunk = Math.floor((times[row] as number) / length) - first;
		// NaN compares as false.
		const inside = chunk >= 0 && chunk < count;
		of[row] = inside ? chunk : noChunk;
		if (inside) counts[chunk] = (counts[chunk] as number) + 1;
		else left_out += 1;
	}
	const chunks = Array.from(counts, (found, chunk) => {
		return { from: (first + chunk) * length, to: (first + chunk + 1) * length, rows: found };
	});
	const filled = counts.filter((found) => found > 0).sort();
	return {
		by: 'time',
		size: length,
		left_out,
		chunks,
		of,
		typical: filled[filled.length >> 1] ?? 0,
		ofReference: null,
	};
}

/**
 * The plan with the reference cut likewise by its own times, so that limits know how one stretch differs from the next; as it
 * was where the reference is too long for that, or short of rows.
 */
export function withReference(plan: ChunkPlan, size: ChunkSize, times: Float64Array): ChunkPlan {
	const span = spanOf(times);
	if (size.by === 'rows' || span === null) return plan;
	const { first, last } = withNeighbours(times, size.seconds * 1000, span);
	if (last - first + 1 > mostChunks || last - first + 1 < fewestPieces) return plan;
	return { ...plan, ofReference: planChunks(size, times.length, times).of };
}

/** The chunks of a span, and those beside it that have rows: a day of few rows at the end is a day all the same. */
function withNeighbours(times: Float64Array, length: number, { from, to }: Span): { first: number; last: number } {
	let [first, last] = [Math.floor(from / length), Math.floor(to / length)];
	const beside = new Set<number>();
	for (const time of times) {
		const chunk = Math.floor(time / length);
		if (chunk < first || chunk > last) beside.add(chunk);
	}
	while (beside.has(first - 1)) first -= 1;
	while (beside.has(last + 1)) last += 1;
	return { first, last };
}

function refuseMany(count: number): number {
	if (count <= mostChunks) return count;
	throw new PerchError('invalid_arguments', `The current data would be cut into ${count} chunks.`, {
		field: 'drift.chunks',
		hint: `Take longer ones: up to ${mostChunks} are drawn.`,
	});
}
