import assert from 'node:assert/strict';
import { createRandom } from '../../stats/random.ts';
import { autoencoderOn, createAutoencoder, hiddenWidths, reconstructionErrors } from './autoencoder.ts';
import { createDenseNet, createPass, passForward } from './denseNet.ts';

describe('dense net', () => {
	it('computes a worked example', () => {
		// tanh(0.5·1 − 0.25·2 + 0.1) = tanh 0.1; 2·tanh 0.1 − 1.
		const net = { ...createDenseNet([2, 1, 1], createRandom(1)), parameters: Float64Array.of(0.5, -0.25, 0.1, 2, -1) };
		const pass = createPass(net, 1);
		pass.values[0]?.set([1, 2]);
		passForward(net, pass, 1);
		assert.ok(Math.abs((pass.values[2]?.[0] as number) - (2 * Math.tanh(0.1) - 1)) < 1e-15);
	});

	it('has the gradient of its loss: central differences', () => {
		const random = createRandom('gradient');
		for (const hidden of [[3], [6, 2, 5], [4, 9]]) {
			const features = 7;
			const rows = Float32Array.from({ length: features * 5 }, () => random.normal());
			const net = createAutoencoder(features, hidden, random);
			for (let at = 0; at < net.parameters.length; at++) net.parameters[at] = 0.7 * random.normal();
			const trainable = autoencoderOn(net, rows, 8);
			const examples = Uint32Array.of(4, 0, 1, 3);
			const gradient = new Float64Array(net.parameters.length);
			const loss = trainable.learn(examples, gradient);
			assert.ok(Math.abs(loss - trainable.loss(examples)) < 1e-12);
			const step = 1e-5;
			for (let at = 0; at < gradient.length; at++) {
				const kept = net.parameters[at] as number;
				const [low, high] = [kept - step, kept + step].map((value) => {
					net.parameters[at] = value;
					return trainable.loss(examples);
				}) as [number, number];
				net.parameters[at] = kept;
				const slope = (high - low) / (2 * step);
				const found = gradient[at] as number;
				assert.ok(Math.abs(found - slope) < 1e-7 * Math.max(1, Math.abs(slope)), `${at}: ${found} against ${slope}`);
			}
		}
	});

	it('says the error of each row, whose mean is the loss', () => {
		const random = createRandom('errors');
		const rows = Float32Array.from({ length: 3 * 600 }, () => random.normal());
		const net = createAutoencoder(3, hiddenWidths('auto', 3), random);
		const errors = reconstructionErrors(net, rows);
		const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
		const all = Uint32Array.from({ length: 600 }, (_, row) => row);
		assert.ok(Math.abs(mean - autoencoderOn(net, rows, 4).loss(all)) < 1e-12);
	});

	it('narrows to a third of the features, and as asked', () => {
		assert.deepEqual(hiddenWidths('auto', 9), [6, 3, 6]);
		assert.deepEqual(hiddenWidths('auto', 1), [1, 1, 1]);
		assert.deepEqual(hiddenWidths('12-4-12', 9), [12, 4, 12]);
		assert.deepEqual(hiddenWidths(5, 9), [5]);
	});
});
