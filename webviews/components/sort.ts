export type SortValue = string | number | null;

/** Which column a table is sorted by. */
export interface Sort {
	readonly column: string;
	readonly descending: boolean;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Numbers before text, text as people order it (`run 2` before `run 10`). */
function compareValues(a: string | number, b: string | number): number {
	if (typeof a === 'number' && typeof b === 'number') return a - b;
	if (typeof a === 'number') return -1;
	if (typeof b === 'number') return 1;
	return collator.compare(a, b);
}

/** The rows in order of a value, equal ones as they were; what has no value (null, NaN) comes last in both directions. */
export function sortRows<Row>(rows: readonly Row[], value: (row: Row) => SortValue, { descending }: Sort): Row[] {
	const missing = (key: SortValue) => key === null || Number.isNaN(key);
	return rows
		.map((row) => ({ row, key: value(row) }))
		.sort((a, b) => {
			if (missing(a.key) || missing(b.key)) return Number(missing(a.key)) - Number(missing(b.key));
			const order = compareValues(a.key as string | number, b.key as string | number);
			return descending ? -order : order;
		})
		.map(({ row }) => row);
}
