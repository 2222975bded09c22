/** Where the growing of trees keeps what its kernels work on: the bins, which all threads read, and a slot a tree that is grown at a time. */
import { createLayout, type KernelMemory, type Layout, shareMemory } from '../../kernels/kernelMemory.ts';
import { bestBytes, fewScratchBytes } from '../../kernels/treeKernels.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';

/** Features cut into at most 255 bins each, as histogram learners see them; it may be sent to threads. */
export interface BinnedMatrix {
	readonly memory: KernelMemory;
	readonly rows: number;
	readonly features: number;
	/** Bytes from one row to the next. */
	readonly stride: number;
	/** Address of the bins, a byte a value, row by row. */
	readonly bins: number;
	/** The same column by column: rows that are parted read one feature alone. */
	readonly byColumn: number;
	/** Address of the codes, column by column, a uint16 a value: its bin and how far in it lies; null where none are kept. */
	readonly codes: number | null;
	/** A value lies in bin b when it is at most `edges[b]` and over `edges[b − 1]`; the last bin has no edge. */
	readonly edges: readonly Float32Array[];
	/** Whether each bin holds one value alone. */
	readonly exact: readonly boolean[];
	/** The values themselves. */
	readonly columns: readonly Float32Array[];
	/** Categories of each feature, which are its bins; 0 for numbers. */
	readonly categories: readonly number[];
	readonly slots: readonly Slot[];
}

/** Addresses of what one tree needs while it grows. */
export interface Slot {
	/** A gradient and a weight a row of the matrix; in one number each where they are packed. */
	readonly pairs: number;
	readonly packed: boolean;
	/** Room for some rows, for each thread: a gradient and a weight before they become pairs, or rows that are brought together. */
	readonly staged: readonly number[];
	/** The whole numbers from 0 up to as many rows as have room there. */
	readonly ascending: number;
	/** The rows that are learned from, in the order of the leaves. */
	readonly order: number;
	readonly scratch: number;
	readonly histograms: number;
	readonly histogramBytes: number;
	readonly histogramCount: number;
	/** For the sums of other threads. */
	readonly partial: readonly number[];
	/** The features that a node may be cut by. */
	readonly list: number;
	readonly best: number;
	/** A byte a bin: whether it goes left, of the cut by categories that is at work. */
	readonly marks: number;
	readonly few: {
		readonly ranks: number;
		readonly pairs: number;
		readonly members: number;
		readonly spare: number;
		readonly sums: number;
	};
}

export interface Room {
	readonly slots: number;
	/** Numbers that a bin holds: two, one where they are packed, or one a class. */
	readonly width: number;
	readonly packed: boolean;
	/** Histograms that a tree may keep at once, memory allowing. */
	readonly histograms: number;
	/** Threads that fill one histogram together. */
	readonly threads: number;
	/** Whether codes are kept. */
	readonly codes: boolean;
}

const bins = 256;
/** Bytes of histograms that a slot keeps at most; beyond it children are added up anew. */
const mostHistogramBytes = 1 << 27;

/** Rows that become pairs at once: what they need stays in the cache. */
export const stagedRows = 4096;

export type GrowthSpace = Pick<BinnedMatrix, 'memory' | 'bins' | 'byColumn' | 'codes' | 'stride' | 'slots'>;

export function reserveGrowth({ rows, columns }: FeatureMatrix, room: Room): GrowthSpace {
	const features = columns.length;
	const stride = Math.ceil(features / 4) * 4;
	const layout = createLayout();
	const at = layout.reserve(rows * stride);
	const byColumn = layout.reserve(rows * features);
	const codes = room.codes ? layout.reserve(2 * rows * features) : null;
	const slots = Array.from({ length: room.slots }, () => reserveSlot(layout, rows, features, room));
	const memory = shareMemory(layout.bytes);
	for (const { ascending } of slots) {
		new Uint32Array(memory.buffer, ascending, stagedRows).forEach((_, place, places) => {
			places[place] = place;
		});
	}
	return { memory, bins: at, byColumn, codes, stride, slots };
}

function reserveSlot({ reserve }: Layout, rows: number, features: number, room: Room): Slot {
	const histogramBytes = features * bins * room.width * 8;
	const histogramCount = Math.max(3, Math.min(room.histograms, Math.floor(mostHistogramBytes / histogramBytes)));
	return {
		pairs: reserve(rows * (room.packed ? 8 : 16)),
		packed: room.packed,
		staged: Array.from({ length: room.threads }, () => reserve(stagedRows * 16)),
		ascending: reserve(stagedRows * 4),
		order: reserve(rows * 4),
		scratch: reserve(rows * 4),
		histograms: reserve(histogramBytes * histogramCount),
		histogramBytes,
		histogramCount,
		partial: Array.from({ length: room.threads - 1 }, () => reserve(histogramBytes)),
		list: reserve(features * 4),
		best: reserve(bestBytes),
		marks: reserve(bins),
		few: {
			ranks: reserve(features * bins),
			pairs: reserve(bins * 16),
			members: reserve(bins),
			spare: reserve(bins),
			sums: reserve(Math.max(fewScratchBytes, bins * room.width * 8)),
		},
	};
}
