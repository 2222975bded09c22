/** The rows of series as a net takes them: one series after another, in time order, scaled. */
import { columnOf, type NumberColumn, type Table } from '../../../data/table.ts';
import { numericColumn, seriesOf } from '../../../data/window.ts';
import { PerchError } from '../../../protocol/errors.ts';
import { needsDouble, numberFacts } from '../../preparation/columnFacts.ts';
import { farthest } from '../scale.ts';

/** A stretch of places, `to` exclusive. */
export interface Stretch {
	readonly from: number;
	readonly to: number;
}

export interface SeriesRows {
	/** The row of the table at each place. */
	readonly rows: Uint32Array;
	readonly series: readonly Stretch[];
	readonly columns: readonly NumberColumn[];
}

/** A column as the net takes it; mean and deviation in float32, so that trainer and graph compute the same. */
export interface Channel {
	readonly name: string;
	readonly input: 'float' | 'double';
	/** Taken off in float64 before a value becomes float32; 0 for float inputs. */
	readonly center: number;
	readonly mean: number;
	readonly deviation: number;
	readonly factor: number;
}

/** Scaled values, `[place][channel]`; a missing one is 0, the mean, and not known. */
export interface ScaledSeries {
	readonly values: Float32Array;
	readonly known: Uint8Array;
}

/** Throws `unknown_column`, and `invalid_data` for text. */
export function seriesRows(
	table: Table,
	names: readonly string[],
	{ key, time }: { key?: string | null | undefined; time?: string | null | undefined },
): SeriesRows {
	const parts = seriesOf(table.rows, key ? columnOf(table, key) : null, time ? numericColumn(table, time) : null);
	const rows = new Uint32Array(table.rows);
	let at = 0;
	const series = parts.map((part) => {
		rows.set(part, at);
		const from = at;
		at += part.length;
		return { from, to: at };
	});
	return { rows, series, columns: names.map((name) => numericColumn(table, name)) };
}

/** The value of a column at a place, NaN where there is none. */
export function valueAt({ rows, columns }: SeriesRows, channel: number, place: number): number {
	const value = columns[channel]?.values[rows[place] as number] ?? Number.NaN;
	return Number.isFinite(value) ? value : Number.NaN;
}

/** Means and deviations of the values at some places. Throws `invalid_data` for a column that spreads farther than float32 can scale. */
export function channelsOf(series: SeriesRows, places: Uint32Array): Channel[] {
	return series.columns.map((column, channel) => {
		const isDouble = needsDouble(column, numberFacts(column));
		let [sum, count] = [0, 0];
		for (const place of places) {
			const value = valueAt(series, channel, place);
			if (Number.isNaN(value)) continue;
			sum += value;
			count++;
		}
		const mean = count === 0 ? 0 : sum / count;
		let squares = 0;
		for (const place of places) {
			const value = valueAt(series, channel, place);
			if (!Number.isNaN(value)) squares += (value - mean) ** 2;
		}
		const spread = Math.sqrt(squares / Math.max(1, count));
		if (!(spread < greatestDeviation)) throw tooFar(column.name);
		const deviation = Math.fround(spread > leastDeviation ? spread : 1);
		return {
			name: column.name,
			input: isDouble ? 'double' : 'float',
			center: isDouble ? mean : 0,
			mean: isDouble ? 0 : Math.fround(Math.abs(mean) < 1 / leastDeviation ? mean : 0),
			deviation,
			factor: Math.fround(1 / deviation),
		};
	});
}

function tooFar(column: string): PerchError {
	return new PerchError(
		'invalid_data',
		`The values of ${JSON.stringify(column)} lie farther apart than a net can scale.`,
		{
			field: 'data.columns',
			hint: 'Leave it out, or derive one in a greater unit.',
		},
	);
}

/** Deviations that float32 can divide by and multiply with. */
const [leastDeviation, greatestDeviation] = [1e-30, 1e30];

export function scaleSeries(series: SeriesRows, channels: readonly Channel[]): ScaledSeries {
	const width = channels.length;
	const values = new Float32Array(series.rows.length * width);
	const known = new Uint8Array(values.length);
	channels.forEach(({ center, mean, factor }, channel) => {
		const { values: raw } = series.columns[channel] as NumberColumn;
		series.rows.forEach((row, place) => {
			const value = raw[row] as number;
			if (Number.isNaN(value)) return;
			const scaled = Math.fround(Math.fround(value - center) - mean) * factor;
			values[place * width + channel] = Math.max(-farthest, Math.min(farthest, scaled));
			known[place * width + channel] = +Number.isFinite(value);
		});
	});
	return { values, known };
}

/** The places of stretches. */
export function placesOf(stretches: readonly Stretch[]): Uint32Array {
	const places = new Uint32Array(stretches.reduce((sum, { from, to }) => sum + to - from, 0));
	let at = 0;
	for (const { from, to } of stretches) for (let place = from; place < to; place++) places[at++] = place;
	return places;
}
