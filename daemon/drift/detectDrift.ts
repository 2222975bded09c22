import { randomUUID } from 'node:crypto';
import { type Column, knownColumns, type Table } from '../data/table.ts';
import type { DriftColumn, DriftReport } from '../protocol/drift.ts';
import type { DriftProfile } from '../protocol/driftTests.ts';
import { PerchError } from '../protocol/errors.ts';
import { type ColumnReport, reportColumn } from './columnReport.ts';
import { judgeColumns } from './evidently/judgeColumns.ts';
import { type ColumnPair, type Judgement, type Judging, typeOfPair } from './judgement.ts';
import { asTheyCame, orderRows, type RowOrders } from './rowOrder.ts';
import { type ColumnVerdict, decide, floors, type Sizes, type Test, tooFewLiveRows } from './sound.ts';
import { anyTest, type ChooseTest } from './testChoices.ts';

export interface DriftOptions {
	/** Only these columns; `unknown_column` for one that neither table has. */
	columns?: readonly string[];
	profile?: DriftProfile;
	/** The test of each column by its name; by the rules of the profile unless told. */
	choose?: ChooseTest;
	/** The share of drifted columns from which the whole is called drifted, 0 to 1. */
	threshold: number;
	/** Live traffic, which is not judged below 100 rows. */
	live?: boolean;
	/** The column that orders the rows in time; the first with dates in both samples unless told (`rowOrder.ts`). */
	time?: string | null;
	project?: string | null;
	deployment?: string | null;
	referenceSide: DriftReport['reference'];
	currentSide: DriftReport['current'];
}

/**
 * Holds current data against a reference, column by column, by the rules of profile `sound` (`sound.ts`) or of Evidently
 * (`evidently/`). Any two tables give a report: what cannot be told has the verdict null and a reason, what is not defined
 * is null, never NaN.
 */
export function detectDrift(reference: Table, current: Table, options: DriftOptions): DriftReport {
	const { profile = 'sound', threshold, live = false, project = null, deployment = null } = options;
	const [before, after] = [byName(reference), byName(current)];
	const names = options.columns ?? [...before.keys(), ...[...after.keys()].filter((name) => !before.has(name))];
	const unknown = names.find((name) => !before.has(name) && !after.has(name));
	if (unknown !== undefined) {
		throw new PerchError('unknown_column', `Neither sample has a column ${JSON.stringify(unknown)}.`, {
			field: unknown,
			hint: knownColumns([...before.keys()]),
		});
	}
	const pairs = names.flatMap((name) => {
		const [one, other] = [before.get(name), after.get(name)];
		return one === undefined || other === undefined ? [] : [{ name, one, other }];
	});
	const withheld = live ? tooFewLiveRows({ reference: reference.rows, current: current.rows }) : null;
	const judging = { choose: options.choose ?? anyTest, threshold, live, withheld };
	const order = live || profile !== 'sound' ? asTheyCame : orderRows(reference, current, options.time ?? null);
	const verdict = profile === 'sound' ? judgeSoundly(pairs, judging, order) : judgeColumns(pairs, judging);
	return {
		id: randomUUID(),
		created_at: Date.now(),
		project,
		deployment,
		drift: verdict.drift,
		reason: verdict.reason,
		rows_needed: verdict.rowsNeeded,
		ordered_by: order.column,
		share: verdict.share,
		threshold,
		profile,
		reference: options.referenceSide,
		current: options.currentSide,
		columns: verdict.columns,
		missing: names.filter((name) => !after.has(name)),
		added: names.filter((name) => !before.has(name)),
	};
}

function byName(table: Table): Map<string, Column> {
	return new Map(table.columns.map((column) => [column.name, column]));
}

function judgeSoundly(
	pairs: readonly ColumnPair[],
	{ choose, threshold, live, withheld }: Judging,
	order: RowOrders,
): Judgement {
	const reports = pairs.map(({ name, one, other }) =>
		reportColumn(one, other, { test: choose(name).test as 'auto' | Test, live, order }),
	);
	const verdict = decide(
		reports.map(({ evidence }) => evidence),
		threshold,
		withheld,
	);
	const columns = pairs.map((pair, index) =>
		toProtocol(pair, reports[index] as ColumnReport, verdict.columns[index] as ColumnVerdict),
	);
	return { ...verdict, columns };
}

function toProtocol(
	{ name, one, other }: ColumnPair,
	{ evidence, ...report }: ColumnReport,
	{ drift, adjustedP, reason, rowsNeeded }: ColumnVerdict,
): DriftColumn {
	const tested = evidence.kind === 'tested' ? evidence : null;
	return {
		column: name,
		type: typeOfPair(one, other, report),
		test: tested?.test ?? null,
		statistic: tested?.statistic ?? null,
		p_value: tested?.p ?? null,
		adjusted_p: adjustedP,
		effect: evidence.effect,
		effect_interval: tested?.interval ?? null,
		effective_rows: evidence.effective === undefined ? null : wholeRows(evidence.effective),
		rows_needed: rowsNeeded,
		score: evidence.effect,
		threshold: evidence.effect === null ? null : floors[tested?.test ?? 'ks'],
		drift,
		reason,
		...report,
	};
}

function wholeRows({ reference, current }: Sizes): Sizes {
	return { reference: Math.floor(reference), current: Math.floor(current) };
}
