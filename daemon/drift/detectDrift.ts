import { randomUUID } from 'node:crypto';
import { type Column, knownColumns, type Table } from '../data/table.ts';
import type { DriftReport } from '../protocol/drift.ts';
import type { JudgedBy } from '../protocol/driftTests.ts';
import { PerchError } from '../protocol/errors.ts';
import { judgeColumns } from './evidently/judgeColumns.ts';
import { type ExaminedColumn, examineColumn } from './examineColumn.ts';
import type { Judgement, Judging } from './judgement.ts';
import { judgeMeans } from './meanComparison.ts';
import { judgeSoundly } from './sound/judgeSoundly.ts';
import { asTheyCame, orderRows } from './sound/rowOrder.ts';
import { tooFewLiveRows } from './sound/sound.ts';
import { anyTest, type ChooseTest } from './testChoices.ts';

/** What a report says of both samples as a whole. */
export interface ReportOptions {
	profile?: JudgedBy;
	/** The share of drifted columns from which the whole is called drifted, 0 to 1. */
	threshold: number;
	/** Live traffic, which is not judged below 100 rows. */
	live?: boolean;
	/** The column of time that ordered the rows; null for the order in which they came. */
	orderedBy?: string | null;
	project?: string | null;
	deployment?: string | null;
	referenceSide: DriftReport['reference'];
	currentSide: DriftReport['current'];
}

export interface DriftOptions extends ReportOptions {
	/** Only these columns; `unknown_column` for one that neither table has. */
	columns?: readonly string[];
	/** The test of each column by its name; by the rules of the profile unless told. */
	choose?: ChooseTest;
	/** The column that orders the rows in time; the first with dates in both samples unless told (`rowOrder.ts`). */
	time?: string | null;
}

/**
 * Holds current data against a reference, column by column, by the rules of profile `sound` (`sound.ts`) or of Evidently
 * (`evidently/`). Any two tables give a report: what cannot be told has the verdict null and a reason, what is not defined
 * is null, never NaN.
 */
export function detectDrift(reference: Table, current: Table, options: DriftOptions): DriftReport {
	const { profile = 'sound', live = false, choose = anyTest, time = null } = options;
	const order = live || profile !== 'sound' ? asTheyCame : orderRows(reference, current, time);
	const [before, after] = [byName(reference), byName(current)];
	const matched = matchColumns([...before.keys()], [...after.keys()], options.columns);
	const examined = matched.common.map((name) => {
		const pair = { name, one: before.get(name) as Column, other: after.get(name) as Column };
		return examineColumn(pair, { profile, choice: choose(name), live, order });
	});
	return assembleReport(examined, matched, {
		...options,
		orderedBy: order.column,
		referenceSide: { ...options.referenceSide, rows: reference.rows },
		currentSide: { ...options.currentSide, rows: current.rows },
	});
}

function byName(table: Table): Map<string, Column> {
	return new Map(table.columns.map((column) => [column.name, column]));
}

/** Names of columns: in both samples, in the reference alone, in the current data alone. */
export interface MatchedColumns {
	common: string[];
	missing: string[];
	added: string[];
}

/** All columns of both samples, or those named; throws `unknown_column` for a name that neither has. */
export function matchColumns(
	before: readonly string[],
	after: readonly string[],
	names: readonly string[] = [...new Set([...before, ...after])],
): MatchedColumns {
	const [inReference, inCurrent] = [new Set(before), new Set(after)];
	const unknown = names.find((name) => !inReference.has(name) && !inCurrent.has(name));
	if (unknown !== undefined) {
		throw new PerchError('unknown_column', `Neither sample has a column ${JSON.stringify(unknown)}.`, {
			field: unknown,
			hint: knownColumns(before),
		});
	}
	return {
		common: names.filter((name) => inReference.has(name) && inCurrent.has(name)),
		missing: names.filter((name) => !inCurrent.has(name)),
		added: names.filter((name) => !inReference.has(name)),
	};
}

/** The report on columns that were examined by the profile of `options`, in their order. */
export function assembleReport(
	examined: readonly ExaminedColumn[],
	{ missing, added }: MatchedColumns,
	{ profile = 'sound', threshold, live = false, project = null, deployment = null, ...sides }: ReportOptions,
): DriftReport {
	const { referenceSide, currentSide, orderedBy = null } = sides;
	const withheld = live ? tooFewLiveRows({ reference: referenceSide.rows, current: currentSide.rows }) : null;
	const judging = { threshold, withheld };
	const verdict = judgeExamined(examined, profile, judging);
	return {
		id: randomUUID(),
		created_at: Date.now(),
		project,
		deployment,
		drift: verdict.drift,
		reason: verdict.reason,
		rows_needed: verdict.rowsNeeded ?? null,
		ordered_by: orderedBy,
		share: verdict.share,
		threshold,
		profile,
		reference: referenceSide,
		current: currentSide,
		columns: verdict.columns,
		missing,
		added,
	};
}

function judgeExamined(examined: readonly ExaminedColumn[], profile: JudgedBy, judging: Judging): Judgement {
	if (profile === 'sound') {
		return judgeSoundly(
			examined.flatMap((one) => (one.profile === 'sound' ? [one.column] : [])),
			judging,
		);
	}
	const columns = examined.flatMap((one) => (one.profile === profile ? [one.column] : []));
	return profile === 'mean' ? judgeMeans(columns, judging) : judgeColumns(columns, judging);
}
