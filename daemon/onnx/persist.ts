/** The labels of a model whose alarms need several rows. */
import { alarmRows, createAlarms } from '../data/alarms.ts';
import type { Table } from '../data/table.ts';
import type { ModelDescription } from './description.ts';
import type { Predictions } from './predictions.ts';

/**
 * Turns labels of single rows into those of alarms, where the model asks for it. Rows go to their series by the key and
 * in the order of the time, as far as the table has such columns; those of later tables follow on those of earlier ones.
 */
export function persistentLabels({
	persistence,
	key,
	time,
}: Pick<ModelDescription, 'persistence' | 'key' | 'time'>): (said: Predictions, table: Table) => Predictions {
	if (persistence === undefined) return (said) => said;
	const alarms = createAlarms(persistence);
	return (said, table) => {
		const { label } = said;
		if (label === undefined) return said;
		const rejected = new Set(said.rejected.map(({ row }) => row));
		const flags = alarmRows(table, { key, time }, alarms, (row) => (rejected.has(row) ? null : label[row] === -1));
		return { ...said, label: label.map((one, row) => (rejected.has(row) ? one : flags[row] === 1 ? -1 : 1)) };
	};
}
