/** Alarms that need several rows: the one definition that training, batch scoring and gateway share. */
import { type Column, cellOf, type NumberColumn, type Table } from './table.ts';
import { seriesOf } from './window.ts';

/** An alarm needs `k` of the last `n` rows of its series beyond the threshold. */
export interface Persistence {
	readonly k: number;
	readonly n: number;
}

/** Hears of the rows of series in their order. */
export interface Alarms {
	/** Whether the series is in alarm with this row: of its last `n` rows, or of as many as there are, `k` were beyond. */
	next(series: string, isBeyond: boolean): boolean;
}

export function createAlarms({ k, n }: Persistence): Alarms {
	const known = new Map<string, { last: Uint8Array; at: number; beyond: number }>();
	return {
		next(series, isBeyond) {
			let state = known.get(series);
			if (state === undefined) {
				state = { last: new Uint8Array(n), at: 0, beyond: 0 };
				known.set(series, state);
			}
			state.beyond += +isBeyond - (state.last[state.at] as number);
			state.last[state.at] = +isBeyond;
			state.at = (state.at + 1) % n;
			return state.beyond >= k;
		},
	};
}

/**
 * Which rows of a table are in alarm, 1 or 0: series by the key column, each in the order of the time column, as far as
 * the table has them. `isBeyond` is null for rows that nothing is known of, which are passed over.
 */
export function alarmRows(
	table: Table,
	{ key, time }: { key?: string | null | undefined; time?: string | null | undefined },
	alarms: Alarms,
	isBeyond: (row: number) => boolean | null,
): Uint8Array {
	const named = (name: string | null | undefined): Column | null =>
		table.columns.find((column) => column.name === name) ?? null;
	const [keys, times] = [named(key), named(time)];
	const isNumber = (column: Column | null): column is NumberColumn => column?.kind === 'number';
	const flags = new Uint8Array(table.rows);
	for (const rows of seriesOf(table.rows, keys, isNumber(times) ? times : null)) {
		const series = keys === null ? '' : String(cellOf(keys, rows[0] as number));
		for (const row of rows) {
			const beyond = isBeyond(row);
			if (beyond !== null) flags[row] = +alarms.next(series, beyond);
		}
	}
	return flags;
}
