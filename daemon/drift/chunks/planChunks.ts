/** Which chunk each row of the current data falls into. */
import type { DriftChunks } from '../../protocol/driftChunks.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { ChunkSize } from '../../protocol/project/chunks.ts';
import { spanOf } from '../seasons.ts';

/** More chunks make no better trend, and a report that nobody can open. */
export const mostChunks = 100;

/** The mark of a row that is in no chunk. */
export const noChunk = 255;

export interface ChunkPlan extends Pick<DriftChunks, 'by' | 'size' | 'left_out' | 'chunks'> {
	/** The chunk of each row, in memory that threads share. */
	of: Uint8Array;
	/** Rows of the median chunk that has any: the reference is cut likewise. */
	typical: number;
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
		return { by: 'rows', size: size.rows, left_out: 0, chunks, of, typical: Math.min(rows, size.rows) };
	}
	const length = size.seconds * 1000;
	const span = times === null ? null : spanOf(times);
	if (times === null || span === null) {
		throw new PerchError('invalid_arguments', 'Nothing says when the current rows happened.', {
			field: 'drift.chunks',
			hint: 'Name the column with data: {time: COLUMN} or --time, or cut by rows: --chunks 1000.',
		});
	}
	const first = Math.floor(span.from / length);
	const count = refuseMany(Math.floor(span.to / length) - first + 1);
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
	return { by: 'time', size: length, left_out, chunks, of, typical: filled[filled.length >> 1] ?? 0 };
}

function refuseMany(count: number): number {
	if (count <= mostChunks) return count;
	throw new PerchError('invalid_arguments', `The current data would be cut into ${count} chunks.`, {
		field: 'drift.chunks',
		hint: `Take longer ones: up to ${mostChunks} are drawn.`,
	});
}
