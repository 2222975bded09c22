/**
 * The verdict of a report without the report, for live traffic and for simulations that look many times: the reference
 * is sorted once, and the rows of a pool are ranked in it once.
 */
import type { Column, Table } from '../../data/table.ts';
import { sorted } from '../../stats/sort.ts';
import { type Pair, pairColumns } from '../pairs.ts';
import { decide, type Evidence, tooFewLiveRows } from './sound.ts';
import { watchCategories } from './watchCategories.ts';
import { type ColumnWatch, watchNumbers } from './watchNumbers.ts';

export interface GuardColumn {
	column: string;
	drift: boolean | null;
	effect: number | null;
	adjusted_p: number | null;
	reason: string | null;
}

export interface GuardVerdict {
	/** null: too few rows, or no column that could be told. */
	drift: boolean | null;
	reason: string | null;
	/** Drifted columns among those that could be told, 0 to 1. */
	share: number;
	threshold: number;
	/** Rows that were judged. */
	rows: number;
	columns: GuardColumn[];
}

/** A growing sample out of a pool of rows. */
export interface GuardWatch {
	/** Takes a row of the pool (0-based) into the sample; the same row may come more than once. */
	add(row: number): void;
	/** Judges the sample as it is now. */
	look(): GuardVerdict;
	/** Empties the sample. */
	clear(): void;
}

export interface SoundGuard {
	/** Judges the rows of a table as a live report on them does. Columns are taken by name; others are ignored. */
	look(current: Table): GuardVerdict;
	/** Prepares a pool of rows, from which any number of samples can then be drawn and judged. */
	watch(pool: Table): GuardWatch;
}

export interface GuardOptions {
	/** Only these columns of the reference. */
	columns?: readonly string[];
	/** The share of drifted columns from which the whole is called drifted, 0 to 1. */
	threshold: number;
}

export function createSoundGuard(reference: Table, { columns, threshold }: GuardOptions): SoundGuard {
	const judged = reference.columns.filter(({ name }) => columns === undefined || columns.includes(name));
	const known = new WeakMap<Float64Array, Float64Array>();
	const sortOnce = (values: Float64Array): Float64Array => {
		const ordered = known.get(values) ?? sorted(values);
		known.set(values, ordered);
		return ordered;
	};

	function watch(pool: Table): GuardWatch {
		const names: string[] = [];
		const watched: ColumnWatch[] = [];
		for (const column of judged) {
			const other = pool.columns.find(({ name }) => name === column.name);
			if (other === undefined) continue;
			names.push(column.name);
			watched.push(watchColumn(column, other, sortOnce));
		}
		let rows = 0;
		return {
			add(row) {
				rows += 1;
				for (const column of watched) column.add(row);
			},
			look() {
				const withheld = tooFewLiveRows({ reference: reference.rows, current: rows });
				return verdictOf(
					names,
					watched.map((column) => (withheld === null ? column.weigh() : unjudged)),
					{
						threshold,
						rows,
						withheld,
					},
				);
			},
			clear() {
				rows = 0;
				for (const column of watched) column.clear();
			},
		};
	}

	return {
		watch,
		look(current) {
			const all = watch(current);
			for (let row = 0; row < current.rows; row++) all.add(row);
			return all.look();
		},
	};
}

const unjudged: Evidence = { kind: 'settled', drift: null, effect: null, reason: '' };

function verdictOf(
	names: readonly string[],
	evidence: readonly Evidence[],
	{ threshold, rows, withheld }: { threshold: number; rows: number; withheld: string | null },
): GuardVerdict {
	const verdict = decide(evidence, threshold, withheld);
	return {
		drift: verdict.drift,
		reason: verdict.reason,
		share: verdict.share,
		threshold,
		rows,
		columns: verdict.columns.map(({ drift, adjustedP, reason }, index) => ({
			column: names[index] as string,
			drift,
			effect: evidence[index]?.effect ?? null,
			adjusted_p: adjustedP,
			reason,
		})),
	};
}

function watchColumn(reference: Column, pool: Column, sortOnce: (values: Float64Array) => Float64Array): ColumnWatch {
	const pair: Pair = pairColumns(reference, pool, 'auto');
	if (pair.kind === 'numbers') return watchNumbers(pair, sortOnce(pair.reference));
	if (pair.kind === 'categories') return watchCategories(pair);
	const { evidence } = pair;
	return { add() {}, clear() {}, weigh: () => evidence };
}
