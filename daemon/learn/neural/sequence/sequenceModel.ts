/** A net that was trained on series: what it says of windows in the units of the columns. */
import { shareMemory } from '../../../kernels/kernelMemory.ts';
import { lstmKernels } from '../../../kernels/lstm.ts';
import { PerchError } from '../../../protocol/errors.ts';
import type { LstmParams } from '../../../protocol/project/neural.ts';
import type { History } from '../../estimator.ts';
import { trainEpochs } from '../trainEpochs.ts';
import { type Allocate, createSequenceNet, type SequenceNet, sequenceOn, type Windows } from './sequenceNet.ts';
import { type Channel, type ScaledSeries, type SeriesRows, scaleSeries } from './seriesRows.ts';
import type { WindowParts } from './windowParts.ts';

/** One number that is forecast: a channel, so many rows ahead. */
export interface Output {
	readonly channel: number;
	readonly ahead: number;
}

export interface SequenceModel {
	readonly net: SequenceNet;
	readonly channels: readonly Channel[];
	readonly outputs: readonly Output[];
	/**
	 * The net sees how far each row of a window lies from the last one, and not how high the window lies: times of another
	 * level, which it never saw, are then still times that it knows. One over the deviation of that, by channel, float32.
	 */
	readonly reach: Float32Array;
	/** What the net says is a change since the last row of the window, in these deviations: float32, scaled. */
	readonly spread: Float32Array;
	readonly batch: number;
}

export interface TrainedSequence {
	readonly model: SequenceModel;
	readonly history: History;
	readonly epochs: number;
	readonly validationLoss: number;
	/** The loss on the validation part of saying that nothing changes. */
	readonly unchangedLoss: number;
}

const fast: Allocate = (numbers) => {
	// Beyond 4 GiB the kernels are slow, and no laptop has the memory.
	if (4 * numbers > 2 ** 32) {
		throw new PerchError('invalid_config', 'The net would need more than 4 GiB of memory.', {
			field: 'model.params.batch',
			hint: 'Give smaller batches, smaller windows or fewer units.',
		});
	}
	const memory = shareMemory(4 * numbers);
	return { values: new Float32Array(memory.buffer, 0, numbers), kernels: lstmKernels(memory) };
};

/** Trains a net to tell the change of each output since the last row of a window. */
export function trainSequence(
	series: SeriesRows,
	channels: readonly Channel[],
	outputs: readonly Output[],
	steps: number,
	parts: Pick<WindowParts, 'train' | 'validation'>,
	params: LstmParams,
	onStep: (message: string, share: number) => void,
): TrainedSequence {
	const scaled = scaleSeries(series, channels);
	const reach = reachOf(scaled, channels.length, steps, parts.train);
	const spread = spreadOf(scaled, channels.length, outputs, steps, parts.train);
	const shape = { steps, inputs: channels.length, units: params.units, outputs: outputs.length };
	const net = createSequenceNet(shape, params.seed);
	const batch = Math.min(params.batch, Math.max(4, parts.train.length));
	const model: SequenceModel = { net, channels, outputs, reach, spread, batch };
	const windows = windowsOf(model, scaled);
	const unchangedLoss = lossOf(windows, parts.validation, new Float64Array(parts.validation.length * outputs.length));
	const trained = trainEpochs(sequenceOn(net, windows, batch, fast), parts, params, onStep);
	return { model, unchangedLoss, ...trained };
}

/** What the net says after each window, in its own units: changes, `[window][output]`. */
export function sayChanges(model: SequenceModel, scaled: ScaledSeries, windows: Uint32Array): Float64Array {
	return sequenceOn(model.net, windowsOf(model, scaled), Math.max(4, model.batch), fast).say(windows);
}

/** The change of an output after a window, scaled; NaN where it is not known. A window without a last value begins at the mean. */
export function changeOf(
	{ values, known }: ScaledSeries,
	width: number,
	{ channel, ahead }: Output,
	last: number,
): number {
	const at = (last + ahead) * width + channel;
	return known[at] === 1 ? (values[at] as number) - (values[last * width + channel] as number) : Number.NaN;
}

/** Windows by the place of their first row. */
function windowsOf({ channels, outputs, net, reach, spread }: SequenceModel, scaled: ScaledSeries): Windows {
	const width = channels.length;
	const { steps } = net.shape;
	return {
		fill(window, step, values, at) {
			const from = (window + step) * width;
			const last = (window + steps - 1) * width;
			for (let channel = 0; channel < width; channel++) {
				const distance = (scaled.values[from + channel] as number) - (scaled.values[last + channel] as number);
				values[at + channel] = distance * (reach[channel] as number) * (scaled.known[from + channel] as number);
			}
		},
		target(window, output) {
			const change = changeOf(scaled, width, outputs[output] as Output, window + steps - 1);
			return change / (spread[output] as number);
		},
	};
}

/** A missing row lies where the last one does. */
function reachOf({ values, known }: ScaledSeries, width: number, steps: number, windows: Uint32Array): Float32Array {
	return Float32Array.from({ length: width }, (_, channel) => {
		let [squares, count] = [0, 0];
		for (const window of windows) {
			const last = values[(window + steps - 1) * width + channel] as number;
			for (let at = window * width + channel; at < (window + steps - 1) * width; at += width) {
				if (known[at] !== 1) continue;
				squares += ((values[at] as number) - last) ** 2;
				count++;
			}
		}
		return squares > 0 ? Math.min(1 / leastSpread, Math.sqrt(count / squares)) : 1;
	});
}

function spreadOf(
	scaled: ScaledSeries,
	width: number,
	outputs: readonly Output[],
	steps: number,
	windows: Uint32Array,
): Float32Array {
	return Float32Array.from(outputs, (output) => {
		let [squares, count] = [0, 0];
		for (const window of windows) {
			const change = changeOf(scaled, width, output, window + steps - 1);
			if (Number.isNaN(change)) continue;
			squares += change * change;
			count++;
		}
		return squares > 0 ? Math.max(leastSpread, Math.sqrt(squares / count)) : 1;
	});
}

/** Changes below it are noise of float32. */
const leastSpread = 1e-6;

/** The mean squared error of what is said of windows, in the units of the net, `[window][output]`. */
export function sequenceLoss(
	model: SequenceModel,
	scaled: ScaledSeries,
	windows: Uint32Array,
	said: Float64Array,
): number {
	return lossOf(windowsOf(model, scaled), windows, said);
}

function lossOf({ target }: Windows, windows: Uint32Array, said: Float64Array): number {
	let [squares, count] = [0, 0];
	const outputs = said.length / windows.length;
	for (const [row, window] of windows.entries()) {
		for (let output = 0; output < outputs; output++) {
			const error = (said[row * outputs + output] as number) - target(window, output);
			if (Number.isNaN(error)) continue;
			squares += error * error;
			count++;
		}
	}
	return count === 0 ? 0 : squares / count;
}
