/** Metrics by names that say what they are of: `training_`, `baseline_`, `test_`, `fold_`. */
export function prefixed(prefix: string, metrics: Readonly<Record<string, number>>): Record<string, number> {
	return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`${prefix}${name}`, value]));
}
