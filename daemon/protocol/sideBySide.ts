/** The metrics of a run as people compare them: each with what its baseline, its folds and the others reached beside it. */

const kinds = [
	{ head: 'baseline', prefix: 'baseline_', suffix: '' },
	{ head: 'a season ago', prefix: 'seasonal_baseline_', suffix: '' },
	{ head: 'mean of folds', prefix: 'cv_', suffix: '' },
	{ head: 'deviation', prefix: 'cv_', suffix: '_std' },
	{ head: 'production', prefix: 'production_', suffix: '' },
	{ head: 'difference', prefix: 'difference_', suffix: '' },
	{ head: 'at least', prefix: 'difference_', suffix: '_low' },
	{ head: 'at most', prefix: 'difference_', suffix: '_high' },
	{ head: 'other rows', prefix: 'test_', suffix: '' },
	{ head: 'rows learned from', prefix: 'training_', suffix: '' },
];

export interface MetricTable {
	/** Of the columns beside the name and the value; only those that have a figure. */
	readonly heads: readonly string[];
	readonly rows: readonly {
		readonly name: string;
		/** What each figure is called; null where there is none. */
		readonly metrics: readonly (string | null)[];
		readonly values: readonly (number | null)[];
	}[];
}

/** Values first, then one a head. The last point of a course over folds (`fold_`) says nothing and is left out. */
export function sideBySide(metrics: Readonly<Record<string, number | null>>): MetricTable {
	const names = Object.keys(metrics).filter((name) => !name.startsWith('fold_'));
	const besideOf = (name: string) => kinds.map(({ prefix, suffix }) => `${prefix}${name}${suffix}`);
	const beside = new Set<string>();
	// The shorter first: what stands beside another has nothing beside itself, and is lost else.
	for (const name of names.toSorted((a, b) => a.length - b.length)) {
		if (!beside.has(name)) for (const other of besideOf(name)) beside.add(other);
	}
	const own = names.filter((name) => !beside.has(name));
	const shown = kinds.filter(({ prefix, suffix }) => own.some((name) => `${prefix}${name}${suffix}` in metrics));
	return {
		heads: shown.map(({ head }) => head),
		rows: own.map((name) => {
			const all = [name, ...shown.map(({ prefix, suffix }) => `${prefix}${name}${suffix}`)];
			return {
				name,
				metrics: all.map((other) => (other in metrics ? other : null)),
				values: all.map((other) => metrics[other] ?? null),
			};
		}),
	};
}
