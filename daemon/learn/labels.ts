/** The target column of an anomaly model, read as labels. */
import { type Column, columnOf, type Table } from '../data/table.ts';
import { PerchError } from '../protocol/errors.ts';
import type { Labels } from './metrics/anomalyMetrics.ts';

/**
 * 1 for an anomaly, 0 for normal, −1 where the target is null. Taken are booleans and 0/1 (1 and true are anomalies), and
 * −1/1 as scikit-learn writes them (−1 is an anomaly). Throws `unknown_column`, or `invalid_data` for anything else.
 */
export function readLabels(table: Table, target: string): Labels {
	const column = columnOf(table, target);
	if (column.kind !== 'number' || column.type === 'date' || column.type === 'timestamp') throw noLabels(column);
	const { values } = column;
	const signed = values.includes(-1);
	if (signed && values.includes(0)) throw noLabels(column);
	const anomaly = signed ? -1 : 1;
	const normal = signed ? 1 : 0;
	return Int8Array.from(values, (value) => {
		if (Number.isNaN(value)) return -1;
		if (value !== anomaly && value !== normal) throw noLabels(column);
		return +(value === anomaly);
	});
}

/** The labels that the target gives; null where there is none, or these rows lack it. */
export function labelsOf(table: Table, target: string | null | undefined): Labels | null {
	return target && table.columns.some(({ name }) => name === target) ? readLabels(table, target) : null;
}

function noLabels(column: Column): PerchError {
	const found =
		column.kind === 'string'
			? column.dictionary.slice(0, 3).map((word) => JSON.stringify(word))
			: [...new Set(column.values.slice(0, 1000))].filter((value) => !Number.isNaN(value)).slice(0, 5);
	return new PerchError(
		'invalid_data',
		`The target ${JSON.stringify(column.name)} does not say which rows are anomalies: it holds ${found.join(', ')}.`,
		{
			field: 'data.target',
			hint: 'Use 0 and 1 or false and true (1 and true are anomalies), or −1 and 1 (−1 is an anomaly).',
		},
	);
}
