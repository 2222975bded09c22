/** Both sides of a drift report, read and examined a few columns at a time. */
import { availableParallelism } from 'node:os';
import type { ColumnSource } from '../../data/columnSource.ts';
import { tableDigest } from '../../data/fingerprint.ts';
import type { Column } from '../../data/table.ts';
import type { Examination, ExaminedColumn } from '../../drift/examineColumn.ts';
import type { ColumnSchema } from '../../protocol/datasets.ts';
import type { ColumnAnswer } from './columnTask.ts';
import { startColumnThreads } from './columnThreads.ts';

export interface ExaminedSide {
	source: ColumnSource;
	/** Whether the digest of its rows is asked for, which takes every column. */
	digested: boolean;
}

export interface ExaminedSides {
	/** The columns that were held against each other, in the order in which they were asked for. */
	examined: ExaminedColumn[];
	digests: { reference: string | null; current: string | null };
}

export interface ExamineOptions {
	/** Columns of both sides. */
	common: readonly string[];
	examinationOf: (name: string) => Examination;
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
 * Memory holds the columns that are being read and those that threads are at, never a table. The answers are those of one
 * thread.
 */
export async function examineSides(
	reference: ExaminedSide,
	current: ExaminedSide,
	{ common, examinationOf, entry, onColumn, ...options }: ExamineOptions,
): Promise<ExaminedSides> {
	const sides = { reference: asked(reference, common), current: asked(current, common) };
	const names = [...new Set([...sides.reference.names, ...sides.current.names])];
	const rows = reference.source.rows + current.source.rows;
	const count = Math.min(names.length, options.threads ?? threadsFor(rows * names.length));
	const threads = startColumnThreads(entry, count);
	const atOnce = Math.max(1, Math.floor(bytesAtOnce / (8 * Math.max(1, rows))));
	const schemas = { reference: new Map<string, ColumnSchema>(), current: new Map<string, ColumnSchema>() };
	const answers = new Map<string, ColumnAnswer>();
	const open = new Set<Promise<void>>();
	let failure: { error: unknown } | null = null;
	try {
		for (let from = 0; from < names.length; from += atOnce) {
			const group = names.slice(from, from + atOnce);
			const [left, right] = await Promise.all([readNamed(sides.reference, group), readNamed(sides.current, group)]);
			for (const [name, { type }] of left) schemas.reference.set(name, { name, type });
			for (const [name, { type }] of right) schemas.current.set(name, { name, type });
			for (const name of group) {
				const work = threads
					.do({
						name,
						reference: left.get(name) ?? null,
						current: right.get(name) ?? null,
						examination: common.includes(name) ? examinationOf(name) : null,
						digest: { reference: reference.digested, current: current.digested },
					})
					.then(
						(answer) => {
							answers.set(name, answer);
							onColumn(answers.size, names.length);
						},
						(error: unknown) => {
							failure ??= { error };
						},
					)
					.finally(() => open.delete(work));
				open.add(work);
			}
			while (open.size > count) await Promise.race(open);
			if (failure !== null) break;
		}
		await Promise.all(open);
	} finally {
		await threads.close();
	}
	if (failure !== null) throw (failure as { error: unknown }).error;
	const digestOf = (side: 'reference' | 'current', { source, digested }: ExaminedSide) =>
		digested
			? tableDigest(
					source.names.flatMap((name) => schemas[side].get(name) ?? []),
					source.rows,
					source.names.map((name) => answers.get(name)?.digests[side] ?? ''),
				)
			: null;
	return {
		examined: common.flatMap((name) => answers.get(name)?.examined ?? []),
		digests: { reference: digestOf('reference', reference), current: digestOf('current', current) },
	};
}

function threadsFor(values: number): number {
	return values < worthThreads ? 1 : Math.min(availableParallelism(), mostThreads);
}

interface Asked {
	source: ColumnSource;
	names: readonly string[];
}

function asked({ source, digested }: ExaminedSide, common: readonly string[]): Asked {
	return { source, names: digested ? source.names : common };
}

async function readNamed({ source, names }: Asked, group: readonly string[]): Promise<Map<string, Column>> {
	const wanted = group.filter((name) => names.includes(name));
	if (wanted.length === 0) return new Map();
	return new Map((await source.read(wanted)).map((column) => [column.name, column]));
}
