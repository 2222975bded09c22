/** What trials may be held against each other by, the usual one first. */
export const predictorMetrics = {
	regression: ['rmse', 'mae', 'mape', 'r2'],
	classification: ['log_loss', 'accuracy', 'precision', 'recall', 'f1', 'roc_auc', 'average_precision'],
} as const satisfies Record<string, readonly string[]>;

/** Of anomalies, by their labels. */
export const labelMetrics: readonly string[] = ['average_precision', 'roc_auc', 'f1', 'precision', 'recall'];

/** All metrics that a model for a task is tuned by; `task` is undefined where it is not known yet. */
export function tuningMetrics(
	task: unknown,
	{ byLabels, bySelf }: { byLabels: boolean; bySelf: boolean },
): readonly string[] {
	if (task === 'forecast') return predictorMetrics.regression;
	if (task === 'regression' || task === 'classification') return predictorMetrics[task];
	if (task === undefined) return Object.values(predictorMetrics).flat();
	return [...(byLabels ? labelMetrics : []), ...(bySelf ? ['validation_loss'] : [])];
}
