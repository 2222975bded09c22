/** Two versions that take windows of series, measured with the same rows: each cuts its own windows of them. */
import { type Table, takeRows } from '../../data/table.ts';
import { cutWindows } from '../../data/window.ts';
import { openModel, type Predictions } from '../../onnx/model.ts';
import { persistentLabels } from '../../onnx/persist.ts';
import type { Labels } from '../metrics/anomalyMetrics.ts';
import { outputMetrics } from '../neural/sequence/forecasts.ts';
import {
	anomalyMeasurer,
	compareMeasured,
	type Measurer,
	otherTask,
	type VersionsCompared,
} from './compareVersions.ts';

/** Raw rows of series, of which some were kept to measure with. */
export interface SeriesHoldout {
	/** With the rows before those that are measured, which windows reach back to. */
	readonly table: Table;
	/** Those that are measured: a window of each version ends there. */
	readonly rows: Uint32Array;
	/** By row of the table: its label, or what came after it, NaN where nobody knows. */
	readonly truth:
		| { readonly task: 'anomaly'; readonly labels: Labels }
		| { readonly task: 'forecast'; readonly names: readonly string[]; readonly values: readonly Float64Array[] };
}

/** As `compareVersions`, with the rows that both versions have a window for. */
export async function compareSeries(
	{ table, rows, truth }: SeriesHoldout,
	own: string | Uint8Array,
	other: string,
	metrics: readonly string[],
): Promise<Record<string, VersionsCompared>> {
	const answers = [await answersOf(own, table, rows), await answersOf(other, table, rows)] as const;
	const kept = rows.filter(
		(row) =>
			answers.every(({ places }) => (places[row] as number) >= 0) &&
			(truth.task === 'forecast' || (truth.labels[row] as number) >= 0),
	);
	const measurers = answers.map((answer): Measurer => {
		const places = kept.map((row) => answer.places[row] as number);
		if (truth.task === 'forecast') return forecastMeasurer(truth, kept, places, answer);
		return anomalyMeasurer(kept, truth.labels, places, answer.said);
	});
	return compareMeasured(kept.length, metrics, measurers as [Measurer, Measurer]);
}

interface Answers {
	readonly said: Predictions;
	/** What is forecast. */
	readonly names: readonly string[];
	/** By row of the table the place of its answer, −1 where there is none. */
	readonly places: Int32Array;
}

async function answersOf(source: string | Uint8Array, table: Table, rows: Uint32Array): Promise<Answers> {
	const model = await openModel(source);
	try {
		const { window, columns, key, time, forecast: names = [] } = model.description;
		const wanted = new Uint8Array(table.rows);
		for (const row of rows) wanted[row] = 1;
		const present = (name: string | null) => (table.columns.some((column) => column.name === name) ? name : null);
		const cut =
			window === null
				? { ...table, lastRow: Uint32Array.from({ length: table.rows }, (_, row) => row) }
				: cutWindows(table, window, { columns, key: present(key), time: present(time), step: 1 });
		const asked = Uint32Array.from(cut.lastRow.keys()).filter((at) => wanted[cut.lastRow[at] as number] === 1);
		const taken = takeRows(cut, asked);
		const said = persistentLabels(model.description)(await model.infer(taken), taken);
		const places = new Int32Array(table.rows).fill(-1);
		asked.forEach((at, place) => {
			places[cut.lastRow[at] as number] = place;
		});
		for (const { row } of said.rejected) places[cut.lastRow[asked[row] as number] as number] = -1;
		return { said, names, places };
	} finally {
		await model.close();
	}
}

function forecastMeasurer(
	{ names, values }: SeriesHoldout['truth'] & { task: 'forecast' },
	rows: Uint32Array,
	places: Uint32Array,
	{ said, names: known }: Answers,
): Measurer {
	const { forecast, prediction } = said;
	const all = forecast?.values ?? [prediction];
	const each = names.map((name) => {
		const values = all[known.indexOf(name)];
		if (!(values instanceof Float64Array)) throw otherTask(`forecast of ${name}`);
		return values;
	});
	return {
		metrics: (drawn) =>
			outputMetrics(
				names,
				values.map((came, output) => ({
					truth: Float64Array.from(drawn, (at) => came[rows[at] as number] as number),
					said: Float64Array.from(drawn, (at) => each[output]?.[places[at] as number] as number),
				})),
			),
		loss(at) {
			let sum = 0;
			for (const [output, came] of values.entries()) {
				const off = (each[output]?.[places[at] as number] as number) - (came[rows[at] as number] as number);
				if (!Number.isNaN(off)) sum += off * off;
			}
			return sum;
		},
	};
}
