/** The metrics that lists show beside a version, the most telling first. */
const mainMetrics = ['r2', 'test_roc_auc', 'roc_auc', 'f1', 'rmse', 'accuracy', 'anomaly_rate'];

export function mainMetricOf(metrics: Readonly<Record<string, unknown>>): string | null {
	return mainMetrics.find((metric) => metric in metrics) ?? null;
}
