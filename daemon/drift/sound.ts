/** The rules of profile `sound`: what counts as drift. Reports, live guards and simulations all decide here. */
import type { SoundTest } from '../protocol/driftTests.ts';
import { adjustPValues } from '../stats/benjaminiHochberg.ts';
import { shortened } from './wording.ts';

/** The false discovery rate over the columns of a report. */
export const alpha = 0.05;

/**
 * The smallest effect that is called drift. Both effects reach it when 10 of 100 rows change sides in the middle: a coin
 * that goes from 50 to 60 % has a KS distance of 0.1 and a balanced V of 0.1005. With enough rows p calls any difference
 * significant (two months of taxi trips: D = 0.015, p = 1e-6); this floor asks whether it matters. Two years apart the
 * same trips differ by 0.11 to 0.19.
 */
export const floors = { ks: 0.1, chi_square: 0.1 } as const;

/** Values that are not null and that each sample needs: with fewer, a large change could hardly be told from chance. */
export const fewestValues = 20;

/** Rows that live traffic needs before it is judged. */
export const fewestLiveRows = 100;

export type Test = SoundTest;

/** What is known of one column before all columns are decided together. */
export type Evidence =
	| { kind: 'tested'; test: Test; statistic: number; p: number; effect: number }
	| { kind: 'settled'; drift: boolean | null; effect: number | null; reason: string };

/** The decision on one column. */
export interface ColumnVerdict {
	drift: boolean | null;
	adjustedP: number | null;
	reason: string | null;
}

/** The decision on the whole. */
export interface Verdict {
	drift: boolean | null;
	reason: string | null;
	/** Drifted columns among those that could be told, 0 to 1. */
	share: number;
	columns: ColumnVerdict[];
}

/** The two samples of one column in counts: the same for numbers and categories. */
export interface Sizes {
	reference: number;
	current: number;
}

/** The reason why a column cannot be told from its number of values alone; null when it can. */
export function tooFew({ reference, current }: Sizes): Evidence | null {
	if (reference === 0 || current === 0) {
		const where = reference > 0 ? 'the current data' : current > 0 ? 'the reference' : 'either sample';
		return unknown(`No values in ${where}.`);
	}
	if (reference < fewestValues || current < fewestValues) {
		const [side, found] = reference < current ? ['the reference', reference] : ['the current data', current];
		return unknown(`Too few rows to tell: ${found} in ${side}, ${fewestValues} needed.`);
	}
	return null;
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

export function unknown(reason: string): Evidence {
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
		const columns = evidence.map(() => ({ drift: null, adjustedP: null, reason: withheld }));
		return { drift: null, reason: withheld, share: 0, columns };
	}
	const adjusted = adjustPValues(evidence.flatMap((one) => (one.kind === 'tested' ? [one.p] : [])));
	let next = 0;
	const columns = evidence.map((one): ColumnVerdict => {
		if (one.kind === 'settled') return { drift: one.drift, adjustedP: null, reason: one.reason };
		const adjustedP = adjusted[next++] as number;
		return { drift: adjustedP < alpha && one.effect >= floors[one.test], adjustedP, reason: null };
	});
	const told = columns.filter(({ drift }) => drift !== null).length;
	const drifted = columns.filter(({ drift }) => drift === true).length;
	if (told === 0) {
		const reason = evidence.length === 0 ? 'The samples have no column in common.' : 'No column could be told.';
		return { drift: null, reason, share: 0, columns };
	}
	const share = drifted / told;
	return { drift: drifted > 0 && share >= threshold, reason: null, share, columns };
}
