import type { Column } from '../../data/table.ts';
import type { BiasGroups } from '../../protocol/driftPerformance.ts';
import { quantile } from '../../stats/quantile.ts';
import { sorted } from '../../stats/sort.ts';
import { shortened } from '../report/wording.ts';

/** Rows of a table: all that were measured, those underestimated most, and those overestimated most. */
export interface ErrorGroups {
	overall: Uint32Array;
	underestimation: Uint32Array;
	overestimation: Uint32Array;
}

/** Both ends hold 5 % of the errors, the border included, as Evidently parts them. `rows` are those that the errors are of. */
export function groupErrors(errors: Float64Array, rows: Uint32Array): ErrorGroups {
	const ascending = sorted(errors);
	const [low, high] = [quantile(ascending, 0.05), quantile(ascending, 0.95)];
	return {
		overall: rows,
		underestimation: rows.filter((_, at) => (errors[at] as number) <= low),
		overestimation: rows.filter((_, at) => (errors[at] as number) >= high),
	};
}

/** Is a feature different where the model errs most? By Evidently's error bias table: means, or most frequent values. */
export function biasOf(column: Column, groups: ErrorGroups): BiasGroups {
	return column.kind === 'number' && column.type !== 'boolean'
		? biasOfNumbers(column.values, groups)
		: biasOfCategories(column, groups);
}

function biasOfNumbers(values: Float64Array, groups: ErrorGroups): BiasGroups {
	const mean = (rows: Uint32Array): number | null => {
		let [sum, count] = [0, 0];
		for (const row of rows) {
			const value = values[row] as number;
			if (!Number.isFinite(value)) continue;
			sum += value;
			count += 1;
		}
		return count === 0 ? null : sum / count;
	};
	let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (const row of groups.overall) {
		const value = values[row] as number;
		if (!Number.isFinite(value)) continue;
		least = Math.min(least, value);
		most = Math.max(most, value);
	}
	const [under, over] = [mean(groups.underestimation), mean(groups.overestimation)];
	const gap = under === null || over === null ? null : Math.abs(over - under);
	const range = gap === null ? null : gap === 0 ? 0 : (100 * gap) / (most - least);
	return { overall: mean(groups.overall), underestimation: under, overestimation: over, range };
}

function biasOfCategories(column: Column, groups: ErrorGroups): BiasGroups {
	const label = (code: number) => (column.kind === 'number' ? String(code !== 0) : (column.dictionary[code] as string));
	/** The first by name where several are equally frequent. */
	const mostFrequent = (rows: Uint32Array): string | null => {
		const counts = new Map<number, number>();
		for (const row of rows) {
			const code = column.kind === 'number' ? (column.values[row] as number) : (column.codes[row] as number);
			if (code >= 0) counts.set(code, (counts.get(code) ?? 0) + 1);
		}
		const most = Math.max(0, ...counts.values());
		const texts = [...counts].flatMap(([code, count]) => (count === most ? label(code) : []));
		return texts.sort()[0] ?? null;
	};
	const [overall, under, over] = [groups.overall, groups.underestimation, groups.overestimation].map(mostFrequent);
	const text = (value: string | null | undefined) => (value == null ? null : shortened(value));
	const range = overall == null || under == null || over == null ? null : +(under !== overall || over !== overall);
	return { overall: text(overall), underestimation: text(under), overestimation: text(over), range };
}
