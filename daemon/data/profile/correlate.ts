/** Correlations between the columns of a file. */

import type { ColumnProfile, Pairs, ProfileReport } from '../../protocol/profile.ts';
import { association } from '../../stats/association.ts';
import { type CorrelatedColumn, correlatedColumn, pearson, spearman } from '../../stats/correlation.ts';
import { codesFrom } from '../../stats/gather.ts';
import type { PlannedColumn } from '../chunks.ts';
import type { Column } from '../table.ts';
import { type ProfiledRows, sampleLimit, sampleOf } from './profiledRows.ts';

/** Of each kind so many columns are compared, each with each. */
const mostColumns = 100;
/** Text with more values than this names rather than sorts its rows. */
const mostCategories = 100;
/** Pairs times rows: about two seconds of work. */
const budget = 200_000_000;

/** Pearson and Spearman between numbers, Cramér's V between categories; booleans are both. Constants are left out. */
export async function correlate(
	data: ProfiledRows,
	profiles: readonly ColumnProfile[],
): Promise<ProfileReport['correlations']> {
	const planned = data.planned.filter((_, index) => profiles[index]?.constant === false);
	const isFew = ({ name }: PlannedColumn) =>
		(profiles.find(({ column }) => column === name)?.distinct ?? 0) <= mostCategories;
	const numbers = planned.filter(({ type }) => type === 'double' || type === 'integer' || type === 'boolean');
	const categories = planned.filter(({ type }) => type === 'boolean' || type === 'string');
	const [numeric, coded] = [numbers.slice(0, mostColumns), categories.filter(isFew).slice(0, mostColumns)];
	const pairs = Math.max(1, (numeric.length ** 2 + coded.length ** 2) / 2);
	const wanted = Math.min(sampleLimit, Math.floor(budget / pairs));
	const all = [...new Set([...numeric, ...coded])];
	const { rows, columns } = await sampleOf(data, all, Math.ceil(data.rows / wanted));
	const found = (chosen: readonly PlannedColumn[]) => chosen.map((column) => columns[all.indexOf(column)] as Column);

	const prepared = found(numeric).map((column) =>
		correlatedColumn(column.kind === 'number' ? column.values : Float64Array.from(column.codes)),
	);
	const codes = found(coded).map(codesOf);
	const names = (chosen: readonly PlannedColumn[]) => chosen.map(({ name }) => name);
	return {
		rows,
		pearson: matrix<CorrelatedColumn>(names(numeric), prepared, pearson),
		spearman: matrix<CorrelatedColumn>(names(numeric), prepared, spearman),
		cramers_v: matrix(names(coded), codes, (x, y) => association(x.codes, y.codes, x.size, y.size)),
		left_out: names([...new Set([...numbers, ...categories])].filter((column) => !all.includes(column))),
	};
}

function matrix<C>(columns: string[], sides: readonly C[], measure: (x: C, y: C) => number | null): Pairs {
	const values: (number | null)[][] = columns.map(() => []);
	for (const [i, x] of sides.entries()) {
		for (let j = 0; j <= i; j++) {
			const value = i === j ? 1 : measure(x, sides[j] as C);
			(values[i] as (number | null)[])[j] = value;
			(values[j] as (number | null)[])[i] = value;
		}
	}
	return { columns, values };
}

function codesOf(column: Column): { codes: Int32Array; size: number } {
	if (column.kind === 'string') return { codes: column.codes, size: column.dictionary.length };
	return { codes: codesFrom(column.values, (value) => (Number.isNaN(value) ? -1 : value)), size: 2 };
}
