/** Both sides of a drift report, read and examined a few columns at a time. */
import { availableParallelism } from 'node:os';
import type { ColumnSource } from '../../data/columnSource.ts';
import { type Fingerprint, fingerprintOf } from '../../data/fingerprint/fingerprint.ts';
import { type Column, type Table, takeColumn } from '../../data/table.ts';
import type { ChunkPlan } from '../../drift/chunks/planChunks.ts';
import type { Examination, ExaminedColumn } from '../../drift/examineColumn.ts';
import { type SampledTable, sampledRows } from '../../drift/segments/sampleRows.ts';
import type { ColumnChunks } from '../../protocol/driftChunks.ts';
import type { ColumnAnswer } from './columnTask.ts';
import { startColumnThreads } from './columnThreads.ts';

export interface AskedSide {
	source: ColumnSource;
	/** Whether what its rows hold is to be told (`fingerprint`). */
	printed: boolean;
}

export interface ReadSide {
	print: Fingerprint | null;
	/** Rows of all its columns, for what need not see each. */
	sample: SampledTable;
}

export interface ExaminedSides {
	/** The columns that were held against each other, in the order in which they were asked for. */
	examined: ExaminedColumn[];
	/** The same columns chunk by chunk; none where that was not asked for. */
	chunked: ColumnChunks[];
	sides: { reference: ReadSide; current: ReadSide };
}

export interface ExamineOptions {
	/** Columns of both sides. */
	common: readonly string[];
	examinationOf: (name: string) => Examination;
	/** How the current rows are cut into chunks; null for not at all. */
	chunks?: ChunkPlan | null;
	/** The bundle of the threads. */
	entry: string;
	/** By the machine and the size of the samples unless told; 1 is this thread alone. */
	threads?: number;
	onColumn: (done: number, of: number) => void;
}

/** So many bytes are read at once: a query reads some columns together in less time than one after the other. */
const bytesAtOnce = 1 << 26;
/** Fewer values than this are examined before a thread has started. */
const worthThreads = 1 << 20;
const mostThreads = 8;

/**
 * Reads every column of both sides once. Memory holds those that are being read and those that threads are at, never a
 * table; the answers are those of one thread.
 */
export async function examineSides(
	reference: AskedSide,
	current: AskedSide,
	{ common, examinationOf, chunks = null, entry, onColumn, ...options }: ExamineOptions,
): Promise<ExaminedSides> {
	const [left, right] = [startReading(reference, 'reference'), startReading(current, 'current')];
	const names = [...new Set([...reference.source.names, ...current.source.names])];
	const rows = reference.source.rows + current.source.rows;
	const count = Math.min(names.length, options.threads ?? threadsFor(rows * names.length));
	const threads = startColumnThreads(entry, count);
	const atOnce = Math.max(1, Math.floor(bytesAtOnce / (8 * Math.max(1, rows))));
	const compared = new Set(common);
	const answers = new Map<string, ColumnAnswer>();
	const open = new Set<Promise<void>>();
	try {
		for (let from = 0; from < names.length; from += atOnce) {
			const group = names.slice(from, from + atOnce);
			const [one, other] = await Promise.all([left.read(group), right.read(group)]);
			for (const name of group) {
				// A race of all columns of a group would cost the square of thousands of them.
				while (open.size > count) await Promise.race(open);
				const task = {
					name,
					reference: one.get(name) ?? null,
					current: other.get(name) ?? null,
					examination: compared.has(name) ? examinationOf(name) : null,
					chunks,
					print: { reference: reference.printed, current: current.printed },
				};
				const work = threads.do(task).then((answer) => {
					open.delete(work);
					answers.set(name, answer);
					onColumn(answers.size, names.length);
				});
				open.add(work);
				// The first failure is told below; the others follow from it.
				work.catch(() => undefined);
			}
		}
		await Promise.all(open);
	} finally {
		await threads.close();
	}
	const readSide = (side: 'reference' | 'current', { source, printed }: AskedSide, sample: SampledTable): ReadSide => {
		const prints = source.names.flatMap((name) => answers.get(name)?.prints[side] ?? []);
		return { print: printed ? fingerprintOf(prints, source.rows) : null, sample };
	};
	return {
		examined: common.flatMap((name) => answers.get(name)?.examined ?? []),
		chunked: common.flatMap((name) => answers.get(name)?.chunks ?? []),
		sides: {
			reference: readSide('reference', reference, left.sample),
			current: readSide('current', current, right.sample),
		},
	};
}

function threadsFor(values: number): number {
	return values < worthThreads ? 1 : Math.min(availableParallelism(), mostThreads);
}

/** Reads columns of a side, and keeps the rows of its sample. */
function startReading({ source }: AskedSide, purpose: string) {
	const names = new Set(source.names);
	const rows = sampledRows(source.rows, purpose);
	const kept = rows ?? Uint32Array.from({ length: source.rows }, (_, row) => row);
	const table: Table = { rows: kept.length, columns: [] };
	return {
		sample: { table, rows },
		async read(group: readonly string[]): Promise<Map<string, Column>> {
			const columns = await source.read(group.filter((name) => names.has(name)));
			table.columns.push(...columns.map((column) => takeColumn(column, kept)));
			return new Map(columns.map((column) => [column.name, column]));
		},
	};
}
