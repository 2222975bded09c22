/** The rules of profile `sound`: what counts as drift. Reports, live guards and simulations all decide here. */
import type { SoundTest } from '../../protocol/driftTests.ts';
import { adjustPValues } from '../../stats/benjaminiHochberg.ts';
import { shortened } from '../report/wording.ts';
import { type Interval, rowsToTell, type Telling } from './effectInterval.ts';

/** The false discovery rate over the columns of a report. */
export const alpha = 0.05;

/**
 * The smallest effect that is called drift. Both effects reach it when 10 of 100 rows change sides in the middle: a coin
 * that goes from 50 to 60 % has a KS distance of 0.1 and a balanced V of 0.1005. With enough rows p calls any difference
 * significant (two months of taxi trips: D = 0.015, p = 1e-6); this floor asks whether it matters. Two years apart the
 * same trips differ by 0.11 to 0.19. The others are what such a change is to them: that coin has a PSI of 0.0405, and normal
 * values that moved by a quarter of a deviation (KS distance 0.0995) have an MMD of 0.104.
 */
export const floors = { ks: 0.1, chi_square: 0.1, kuiper: 0.1, psi: 0.04, mmd: 0.1 } as const satisfies Record<
	SoundTest,
	number
>;

/** Values that are not null and that each sample needs: with fewer, a large change could hardly be told from chance. */
export const fewestValues = 20;

/** Rows that live traffic needs before it is judged. */
export const fewestLiveRows = 100;

export type Test = SoundTest;

/** What is known of one column before all columns are decided together. */
export type Evidence =
	| {
			kind: 'tested';
			test: Test;
			statistic: number;
			p: number;
			effect: number;
			/** The effects that the samples allow for, with 95 % confidence. */
			interval: Interval;
			/** What the rows of both samples count as. */
			effective: Sizes;
			/** From which follows how many rows a side would tell an effect of this size from chance. */
			telling: Telling;
	  }
	| {
			kind: 'settled';
			drift: boolean | null;
			effect: number | null;
			reason: string;
			effective?: Sizes;
			/** How many values a side would do; absent where more would not help. */
			rowsNeeded?: number;
	  };

/** The decision on one column. */
export interface ColumnVerdict {
	drift: boolean | null;
	adjustedP: number | null;
	reason: string | null;
	/** Rows a side that would tell, where these are too few; null elsewhere. */
	rowsNeeded: number | null;
}

/** The decision on the whole. */
export interface Verdict {
	drift: boolean | null;
	reason: string | null;
	/** Drifted columns among those that could be told, 0 to 1. */
	share: number;
	/** Rows a side with which the whole could be told, where these are too few. */
	rowsNeeded: number | null;
	columns: ColumnVerdict[];
}

/** The two samples of one column in counts: the same for numbers and categories. */
export interface Sizes {
	reference: number;
	current: number;
}

/** How many rows of each sample say as much as one independent row (`memory.ts`): 1 and more. */
export type Memory = Sizes;

export const noMemory: Memory = { reference: 1, current: 1 };

/** What the values of both samples count as when rows that resemble their neighbours are not taken for new evidence. */
export function effectiveSizes(sizes: Sizes, memory: Memory): Sizes {
	return { reference: sizes.reference / memory.reference, current: sizes.current / memory.current };
}

/** The reason why a column cannot be told from its number of values alone; null when it can. */
export function tooFew({ reference, current }: Sizes): Evidence | null {
	if (reference === 0 || current === 0) {
		const where = reference > 0 ? 'the current data' : current > 0 ? 'the reference' : 'either sample';
		return unknown(`No values in ${where}.`);
	}
	if (reference < fewestValues || current < fewestValues) {
		const [side, found] = reference < current ? ['the reference', reference] : ['the current data', current];
		const reason = `Too few rows to tell: ${found} in ${side}, ${fewestValues} needed.`;
		return { ...unknown(reason), rowsNeeded: fewestValues };
	}
	return null;
}

/** The same for rows that resemble their neighbours: enough by number, and too few by what they say. */
export function tooFewEffective(sizes: Sizes, memory: Memory): Evidence | null {
	const effective = effectiveSizes(sizes, memory);
	if (effective.reference >= fewestValues && effective.current >= fewestValues) return null;
	const side = effective.reference < effective.current ? 'reference' : 'current';
	const where = side === 'reference' ? 'the reference' : 'the current data';
	const rowsNeeded = Math.ceil(fewestValues * Math.max(memory.reference, memory.current));
	const reason =
		`Too few rows to tell: neighbouring rows resemble one another, so that ${sizes[side]} in ${where} count as ` +
		`${Math.floor(effective[side])}; ${fewestValues} are needed, which takes about ${rowsNeeded} rows.`;
	return { kind: 'settled', drift: null, effect: null, reason, effective, rowsNeeded };
}

/** Two constants need no test: the same one is no drift, another one is. `null` for a sample that varies. */
export function compareConstants(reference: string | null, current: string | null): Evidence | null {
	if (reference === null || current === null) return null;
	if (reference === current) {
		return { kind: 'settled', drift: false, effect: 0, reason: `Constant and unchanged: ${shortened(reference)}.` };
	}
	const reason = `A constant that changed from ${shortened(reference)} to ${shortened(current)}.`;
	return { kind: 'settled', drift: true, effect: 1, reason };
}

export function unknown(reason: string): Extract<Evidence, { kind: 'settled' }> {
	return { kind: 'settled', drift: null, effect: null, reason };
}

/** Why live traffic is not judged yet; null when it is. */
export function tooFewLiveRows(rows: Sizes): string | null {
	const [side, found] =
		rows.reference < rows.current ? ['the reference', rows.reference] : ['the traffic', rows.current];
	return found < fewestLiveRows ? `Too few rows to tell: ${found} in ${side}, ${fewestLiveRows} needed.` : null;
}

/**
 * Drift of a column: the adjusted p says that it is no accident, and the effect that it matters. Drift of the whole: at
 * least the share `threshold` of the columns that could be told. `withheld` is a reason to tell nothing.
 */
export function decide(evidence: readonly Evidence[], threshold: number, withheld: string | null = null): Verdict {
	if (withheld !== null) {
		const columns = evidence.map(() => ({
			drift: null,
			adjustedP: null,
			reason: withheld,
			rowsNeeded: fewestLiveRows,
		}));
		return { drift: null, reason: withheld, share: 0, rowsNeeded: fewestLiveRows, columns };
	}
	const adjusted = adjustPValues(evidence.flatMap((one) => (one.kind === 'tested' ? [one.p] : [])));
	let next = 0;
	const columns = evidence.map((one): ColumnVerdict => {
		if (one.kind === 'settled') {
			const { drift, reason, rowsNeeded = null } = one;
			return { drift, adjustedP: null, reason, rowsNeeded };
		}
		const adjustedP = adjusted[next++] as number;
		const [certain, matters] = [adjustedP < alpha, one.effect >= floors[one.test]];
		// The p-value that would do here, as the others stand.
		const level = (alpha * one.p) / adjustedP;
		const rowsNeeded = matters && !certain ? rowsToTell(one.telling, level) : null;
		return { drift: certain && matters, adjustedP, reason: null, rowsNeeded };
	});
	const told = columns.filter(({ drift }) => drift !== null).length;
	const drifted = columns.filter(({ drift }) => drift === true).length;
	if (told === 0) {
		const reason = evidence.length === 0 ? 'The samples have no column in common.' : 'No column could be told.';
		const needed = columns.flatMap(({ rowsNeeded }) => rowsNeeded ?? []);
		const rowsNeeded = needed.length === 0 ? null : needed.reduce((least, rows) => Math.min(least, rows));
		return { drift: null, reason, share: 0, rowsNeeded, columns };
	}
	const share = drifted / told;
	return { drift: drifted > 0 && share >= threshold, reason: null, share, rowsNeeded: null, columns };
}
