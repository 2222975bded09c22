/** The autoencoder: a net that gives back what it takes, through layers too narrow to learn anything but the usual. */
import type { Random } from '../../stats/random.ts';
import { createDenseNet, createPass, type DenseNet, passBackward, passForward } from './denseNet.ts';
import type { Trainable } from './trainEpochs.ts';

/** Rows in one pass where nothing is learned. */
const block = 256;

/** The widths of the hidden layers: those asked for, else two thirds, a third, and two thirds of the features. */
export function hiddenWidths(hidden: string | number, features: number): number[] {
	if (hidden !== 'auto') return String(hidden).split('-').map(Number);
	const outer = Math.min(64, Math.max(1, Math.round((2 * features) / 3)));
	const code = Math.min(16, Math.max(1, Math.round(features / 3)));
	return [outer, code, outer];
}

/** A net for rows of so many features, with the weights drawn. */
export function createAutoencoder(features: number, hidden: readonly number[], random: Random): DenseNet {
	return createDenseNet([features, ...hidden, features], random);
}

/** The net on rows that it is to give back (`rows`, one after the other); its loss is the mean squared error. */
export function autoencoderOn(net: DenseNet, rows: Float32Array, batch: number): Trainable {
	const width = net.sizes[0] as number;
	const pass = createPass(net, Math.max(batch, block));
	const input = pass.values[0] as Float64Array;
	const output = pass.values.at(-1) as Float64Array;
	const delta = pass.deltas.at(-1) as Float64Array;

	function forward(examples: Uint32Array): void {
		for (let place = 0; place < examples.length; place++) {
			const from = (examples[place] as number) * width;
			for (let feature = 0; feature < width; feature++) {
				input[place * width + feature] = rows[from + feature] as number;
			}
		}
		passForward(net, pass, examples.length);
	}

	return {
		parameters: net.parameters,
		learn(examples, gradient) {
			forward(examples);
			const count = examples.length * width;
			let sum = 0;
			for (let at = 0; at < count; at++) {
				const error = (output[at] as number) - (input[at] as number);
				sum += error * error;
				delta[at] = (2 * error) / count;
			}
			passBackward(net, pass, examples.length, gradient);
			return sum / count;
		},
		loss(examples) {
			let sum = 0;
			for (let from = 0; from < examples.length; from += block) {
				const some = examples.subarray(from, from + block);
				forward(some);
				for (let at = 0; at < some.length * width; at++) {
					sum += ((output[at] as number) - (input[at] as number)) ** 2;
				}
			}
			return sum / (examples.length * width);
		},
	};
}

/** The mean squared error of each row. */
export function reconstructionErrors(net: DenseNet, rows: Float32Array): Float64Array {
	const width = net.sizes[0] as number;
	const pass = createPass(net, block);
	const input = pass.values[0] as Float64Array;
	const output = pass.values.at(-1) as Float64Array;
	const errors = new Float64Array(rows.length / width);
	for (let from = 0; from < errors.length; from += block) {
		const count = Math.min(block, errors.length - from);
		input.set(rows.subarray(from * width, (from + count) * width));
		passForward(net, pass, count);
		for (let row = 0; row < count; row++) {
			let sum = 0;
			for (let at = row * width; at < (row + 1) * width; at++) {
				sum += ((output[at] as number) - (input[at] as number)) ** 2;
			}
			errors[from + row] = sum / width;
		}
	}
	return errors;
}
