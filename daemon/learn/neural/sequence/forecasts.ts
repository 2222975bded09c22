/** Forecasts in the units of the columns, those that any model must beat, and how far they lie from what came. */
import { regressionMetrics } from '../../metrics/regressionMetrics.ts';
import { lastValue } from './lastValues.ts';
import { type SequenceModel, sayChanges } from './sequenceModel.ts';
import { type SeriesRows, type Stretch, scaleSeries, valueAt } from './seriesRows.ts';

/** What is forecast: the column, with how many rows ahead where these are several. */
export function forecastNames({ outputs, channels }: SequenceModel): string[] {
	const several = outputs.some(({ ahead }) => ahead > 1);
	return outputs.map(({ channel, ahead }) => `${channels[channel]?.name}${several ? `_${ahead}` : ''}`);
}

/** What the model says after each window, `[window][output]`. */
export function forecasts(model: SequenceModel, series: SeriesRows, windows: Uint32Array): Float64Array {
	const { channels, outputs, net, spread } = model;
	const scaled = scaleSeries(series, channels);
	const said = sayChanges(model, scaled, windows);
	const width = channels.length;
	windows.forEach((window, row) => {
		outputs.forEach(({ channel }, output) => {
			const { deviation = 1, mean = 0, center = 0 } = channels[channel] ?? {};
			const at = row * outputs.length + output;
			const last = scaled.values[(window + net.shape.steps - 1) * width + channel] as number;
			said[at] = (last + (said[at] as number) * (spread[output] as number)) * deviation + mean + center;
		});
	});
	return said;
}

/** The last value of each window, or with a season that which was so many rows before what is forecast, where there is one. */
export function lastForecasts(
	series: SeriesRows,
	windows: Uint32Array,
	{ outputs, net }: SequenceModel,
	season: number,
): Float64Array {
	const said = new Float64Array(windows.length * outputs.length);
	let at = 0;
	for (const window of windows) {
		const of = stretchOf(series.series, window);
		const last = window + net.shape.steps - 1;
		for (const { channel, ahead } of outputs) said[at++] = lastOr(series, of, channel, last, ahead, season);
	}
	return said;
}

function lastOr(series: SeriesRows, of: Stretch, channel: number, last: number, ahead: number, season: number): number {
	// The latest that is known and whole seasons before what is forecast.
	const back = season === 0 ? 0 : Math.ceil(ahead / season) * season;
	const place = last + ahead - back;
	const value = season > 0 && place >= of.from ? valueAt(series, channel, place) : Number.NaN;
	return Number.isNaN(value) ? lastValue(series, of, channel, last) : value;
}

function stretchOf(series: readonly Stretch[], place: number): Stretch {
	return series.find(({ from, to }) => place >= from && place < to) ?? { from: place, to: place };
}

/** The measures of each output, averaged; of several also `rmse_<name>` and `mae_<name>`. Rows whose truth is missing do not count. */
export function measureForecast(
	series: SeriesRows,
	windows: Uint32Array,
	model: SequenceModel,
	said: Float64Array,
): Record<string, number> {
	const { outputs, net } = model;
	const names = forecastNames(model);
	const each = outputs.map((output, place) => {
		const [truth, values]: [number[], number[]] = [[], []];
		windows.forEach((window, row) => {
			const value = valueAt(series, output.channel, window + net.shape.steps - 1 + output.ahead);
			const other = said[row * outputs.length + place] as number;
			if (Number.isNaN(value) || Number.isNaN(other)) return;
			truth.push(value);
			values.push(other);
		});
		return regressionMetrics(Float64Array.from(truth), Float64Array.from(values)) as Record<string, number>;
	});
	const metrics: Record<string, number> = {};
	for (const name of Object.keys(each[0] ?? {})) {
		const values = each.flatMap((one) => one[name] ?? []);
		metrics[name] = values.reduce((sum, value) => sum + value, 0) / values.length;
	}
	if (outputs.length > 1) {
		each.forEach(({ rmse = 0, mae = 0 }, place) => {
			metrics[`rmse_${names[place]}`] = rmse;
			metrics[`mae_${names[place]}`] = mae;
		});
	}
	return metrics;
}
