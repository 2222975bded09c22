/** The part of a report that needs the rows of a column, one column at a time. */

import type { DriftColumn } from '../protocol/drift.ts';
import type { JudgedBy } from '../protocol/driftTests.ts';
import { examineAsEvidently } from './evidently/judgeColumns.ts';
import type { ColumnPair } from './judgement.ts';
import { examineMeans } from './meanComparison.ts';
import { examineSoundly, type SoundColumn } from './sound/judgeSoundly.ts';
import { asTheyCame, type RowOrders } from './sound/rowOrder.ts';
import type { ChosenTest } from './testChoices.ts';

/** How a column is looked at. */
export interface Examination {
	profile: JudgedBy;
	choice: ChosenTest;
	/** Live traffic, which is judged again and again. */
	live: boolean;
	/** In which order the rows are looked at for memory; as they came unless told. */
	order?: RowOrders;
}

/** What the rows of a column say, before all columns are decided together. */
export type ExaminedColumn =
	| { profile: 'sound'; column: SoundColumn }
	| { profile: 'evidently' | 'mean'; column: DriftColumn };

/**
 * Everything that a report says of one column, except for what depends on the other columns. It needs nothing but the two
 * columns and the order of their rows, and both what it takes and what it gives can be cloned, so any thread may do it.
 */
export function examineColumn(
	pair: ColumnPair,
	{ profile, choice, live, order = asTheyCame }: Examination,
): ExaminedColumn {
	if (profile === 'sound') return { profile, column: examineSoundly(pair, choice, { live, order }) };
	return { profile, column: profile === 'mean' ? examineMeans(pair, choice) : examineAsEvidently(pair, choice) };
}
