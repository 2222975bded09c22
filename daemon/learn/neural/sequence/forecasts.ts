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

/** How far what was said lies from what came, output by output. */
export function measureForecast(
	series: SeriesRows,
	windows: Uint32Array,
	model: SequenceModel,
	said: Float64Array,
): Record<string, number> {
	const { outputs } = model;
	const truth = truthOf(series, windows, model);
	return outputMetrics(
		forecastNames(model),
		outputs.map((_, place) => ({
			truth: truth[place] as Float64Array,
			said: Float64Array.from(windows, (_window, row) => said[row * outputs.length + place] as number),
		})),
	);
}

/** What came after each window, output by output; NaN where it is missing. */
export function truthOf(series: SeriesRows, windows: Uint32Array, { outputs, net }: SequenceModel): Float64Array[] {
	return outputs.map(({ channel, ahead }) =>
		Float64Array.from(windows, (window) => valueAt(series, channel, window + net.shape.steps - 1 + ahead)),
	);
}

/** The measures of each output, averaged; of several also `rmse_<name>` and `mae_<name>`. Rows whose truth is missing do not count. */
export function outputMetrics(
	names: readonly string[],
	outputs: readonly { readonly truth: Float64Array; readonly said: Float64Array }[],
): Record<string, number> {
	const each = outputs.map(({ truth, said }) => {
		const isKnown = (_: number, row: number) => !Number.isNaN(truth[row]) && !Number.isNaN(said[row]);
		return regressionMetrics(truth.filter(isKnown), said.filter(isKnown)) as Record<string, number>;
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
