/** What a report says of its drifted columns: where they drifted most, and rows that show it. */
import type { Table } from '../../data/table.ts';
import type { DriftColumn } from '../../protocol/drift.ts';
import type { DriftSegments } from '../../protocol/driftSegments.ts';
import { type Examples, exampleRows } from './exampleRows.ts';
import { findSegments } from './findSegments.ts';
import { cutIntoParts, measuring, pairNamed } from './parts.ts';

/** So many columns are explained, those that drifted most. */
const mostExplained = 20;

export interface Explanation {
	segments: DriftSegments;
	/** Rows by their places in the table of current data given. */
	examples: Examples | null;
}

/** By the name of the column; without those that cannot be cut into parts. The tables may be samples of both sides. */
export function explainColumns(
	reference: Table,
	current: Table,
	columns: readonly DriftColumn[],
): Map<string, Explanation> {
	const names = columns.map(({ column }) => column);
	const measured = columns
		.filter(({ drift }) => drift === true)
		.sort((a, b) => extentOf(b) - extentOf(a))
		.slice(0, mostExplained)
		.flatMap(({ column }) => {
			const pair = pairNamed(reference, current, column);
			return pair === null ? [] : [{ name: column, parts: cutIntoParts(pair, measuring) }];
		});
	const segments = findSegments(reference, current, measured, names);
	return new Map(
		measured.map((one, place) => [
			one.name,
			{ segments: segments[place] as DriftSegments, examples: exampleRows(current, one, names) },
		]),
	);
}

/** How far a column drifted, in whichever profile. */
function extentOf({ statistics: { ks, cramers_v, psi } }: DriftColumn): number {
	return ks ?? cramers_v ?? psi ?? 0;
}
