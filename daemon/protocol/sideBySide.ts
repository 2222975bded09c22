/** The metrics of a run as people compare them: each with what its baseline, its folds and the others reached beside it. */

const kinds = [
	{ head: 'baseline', prefix: 'baseline_', suffix: '' },
	{ head: 'a season ago', prefix: 'seasonal_baseline_', suffix: '' },
	{ head: 'mean of folds', prefix: 'cv_', suffix: '' },
	{ head: 'deviation', prefix: 'cv_', suffix: '_std' },
	{ head: 'production', prefix: 'production_', suffix: '' },
	{ head: 'other rows', prefix: 'test_', suffix: '' },
	{ head: 'rows learned from', prefix: 'training_', suffix: '' },
];

export interface MetricTable {
	/** Of the columns beside the name and the value; only those that have a figure. */
	readonly heads: readonly string[];
	readonly rows: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

/** Values first, then one a head. The last point of a course over folds (`fold_`) says nothing and is left out. */
export function sideBySide(metrics: Readonly<Record<string, number | null>>): MetricTable {
	const names = Object.keys(metrics).filter((name) => !name.startsWith('fold_'));
	const beside = new Set(
		names.flatMap((name) =>
			kinds.map(({ prefix, suffix }) => `${prefix}${name}${suffix}`).filter((other) => other in metrics),
		),
	);
	const own = names.filter((name) => !beside.has(name));
	const shown = kinds.filter(({ prefix, suffix }) => own.some((name) => `${prefix}${name}${suffix}` in metrics));
	return {
		heads: shown.map(({ head }) => head),
		rows: own.map((name) => ({
			name,
			values: [name, ...shown.map(({ prefix, suffix }) => `${prefix}${name}${suffix}`)].map(
				(other) => metrics[other] ?? null,
			),
		})),
	};
}
