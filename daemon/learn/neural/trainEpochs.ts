/** The way a net learns, whatever its layers: shuffled minibatches, Adam, and a halt when it learns nothing any more. */
import { PerchError } from '../../protocol/errors.ts';
import type { NeuralParams } from '../../protocol/project/neural.ts';
import { createRandom, shuffle } from '../../stats/random.ts';
import type { History, OnStep } from '../estimator.ts';
import { createAdam } from './adam.ts';

/** A net that can be trained; its examples are known by number. */
export interface Trainable {
	readonly parameters: Float64Array;
	/** The mean loss of some examples, at most `batch` of them; its gradient is written. */
	learn(examples: Uint32Array, gradient: Float64Array): number;
	/** The mean loss of any number of examples. */
	loss(examples: Uint32Array): number;
}

/** Which examples are learned from, and which say when to stop. */
export interface NetParts {
	readonly train: Uint32Array;
	readonly validation: Uint32Array;
}

/** What came of it; the net has the parameters of the epoch with the least validation loss. */
export interface TrainedEpochs {
	/** `loss`, the mean while the epoch went on, and `validation_loss` at its end, by epoch from 1. */
	readonly history: History;
	readonly epochs: number;
	readonly validationLoss: number;
}

/** Trains until `epochs`, or until the validation loss has not fallen for `early_stopping` epochs in a row (0: never). */
export function trainEpochs(
	net: Trainable,
	{ train, validation }: NetParts,
	params: NeuralParams,
	onStep: OnStep,
): TrainedEpochs {
	const { epochs, batch, learning_rate: learningRate, early_stopping: patience, seed } = params;
	const { parameters } = net;
	const adam = createAdam(parameters.length, learningRate);
	const gradient = new Float64Array(parameters.length);
	const order = train.slice();
	const random = createRandom(seed, 'minibatches');
	const losses: { step: number; value: number }[] = [];
	const validationLosses: { step: number; value: number }[] = [];
	let best = { loss: Number.POSITIVE_INFINITY, epoch: 0, parameters: parameters.slice() };
	for (let epoch = 1; epoch <= epochs && !(patience > 0 && epoch - best.epoch > patience); epoch++) {
		shuffle(order, random);
		let sum = 0;
		for (let from = 0; from < order.length; from += batch) {
			const examples = order.subarray(from, from + batch);
			sum += net.learn(examples, gradient) * examples.length;
			adam(parameters, gradient);
		}
		const loss = net.loss(validation);
		if (!Number.isFinite(loss)) throw diverged(epoch);
		losses.push({ step: epoch, value: sum / order.length });
		validationLosses.push({ step: epoch, value: loss });
		if (loss < best.loss) best = { loss, epoch, parameters: parameters.slice() };
		const values = { loss: sum / order.length, validation_loss: loss };
		onStep(`Epoch ${epoch} of ${epochs}: validation loss ${loss.toPrecision(4)}`, epoch / epochs, [
			{ step: epoch, values },
		]);
	}
	parameters.set(best.parameters);
	return {
		history: { loss: losses, validation_loss: validationLosses },
		epochs: losses.length,
		validationLoss: best.loss,
	};
}

function diverged(epoch: number): PerchError {
	return new PerchError('invalid_config', `The net left all bounds in epoch ${epoch}.`, {
		field: 'model.params.learning_rate',
		hint: 'Give a lower learning rate.',
	});
}
