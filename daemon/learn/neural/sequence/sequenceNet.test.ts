import assert from 'node:assert/strict';
import { shareMemory } from '../../../kernels/kernelMemory.ts';
import { lstmKernels, lstmTwin } from '../../../kernels/lstm.ts';
import { createRandom } from '../../../stats/random.ts';
import { type Allocate, createSequenceNet, sequenceOn, type Windows } from './sequenceNet.ts';

const exact: Allocate = (numbers) => {
	const values = new Float64Array(numbers);
	return { values, kernels: lstmTwin(values) };
};
const fast: Allocate = (numbers) => {
	const memory = shareMemory(4 * numbers);
	return { values: new Float32Array(memory.buffer), kernels: lstmKernels(memory) };
};

const shape = { steps: 5, inputs: 3, units: 8, outputs: 2 };

/** Windows of noise, with targets of noise; each seventh target is not known. */
function noise(count: number): Windows {
	const random = createRandom('noise');
	const inputs = Float64Array.from({ length: count * shape.steps * shape.inputs }, () => Math.fround(random.normal()));
	const targets = Float64Array.from({ length: count * shape.outputs }, (_, at) =>
		at % 7 === 3 ? Number.NaN : random.normal(),
	);
	return {
		fill(window, step, values, at) {
			for (let input = 0; input < shape.inputs; input++) {
				values[at + input] = inputs[(window * shape.steps + step) * shape.inputs + input] as number;
			}
		},
		target: (window, output) => targets[window * shape.outputs + output] as number,
	};
}

function drawn() {
	const net = createSequenceNet(shape, 7);
	const random = createRandom('layer');
	const layer = shape.outputs * (shape.units + 1);
	for (let at = net.parameters.length - layer; at < net.parameters.length; at++) net.parameters[at] = random.normal();
	return net;
}

describe('sequence net', () => {
	it('has the gradient of its loss: central differences in float64', () => {
		const net = drawn();
		const work = sequenceOn(net, noise(12), 8, exact);
		// Fewer than a batch holds, after a whole one, whose traces must not count.
		work.learn(
			Uint32Array.from({ length: 8 }, (_, at) => at),
			new Float64Array(net.parameters.length),
		);
		const examples = Uint32Array.of(3, 11, 0, 5, 9);
		const gradient = new Float64Array(net.parameters.length);
		const loss = work.learn(examples, gradient);
		assert.ok(Math.abs(loss - work.loss(examples)) < 1e-12);
		const step = 1e-5;
		let moved = 0;
		for (let at = 0; at < gradient.length; at++) {
			const kept = net.parameters[at] as number;
			const [low, high] = [kept - step, kept + step].map((value) => {
				net.parameters[at] = value;
				return work.loss(examples);
			}) as [number, number];
			net.parameters[at] = kept;
			const slope = (high - low) / (2 * step);
			const found = gradient[at] as number;
			assert.ok(Math.abs(found - slope) < 1e-8 * Math.max(1, Math.abs(slope)), `${at}: ${found} against ${slope}`);
			moved += +(Math.abs(found) > 1e-6);
		}
		// All but the weights of the padding, of which a row has none here: 8 + 3 + 1 = 12.
		assert.equal(moved, gradient.length);
	});

	it('learns the same in WebAssembly as in float64', () => {
		const windows = noise(40);
		const all = Uint32Array.from({ length: 40 }, (_, at) => at);
		const [one, two] = [exact, fast].map((allocate) => {
			const net = drawn();
			const gradient = new Float64Array(net.parameters.length);
			const work = sequenceOn(net, windows, 40, allocate);
			return { loss: work.learn(all, gradient), gradient, said: work.say(all) };
		}) as [Learned, Learned];
		assert.ok(Math.abs(one.loss - two.loss) < 1e-5);
		one.gradient.forEach((slope, at) => {
			assert.ok(Math.abs(slope - (two.gradient[at] as number)) < 2e-6, `${at}: ${slope} and ${two.gradient[at]}`);
		});
		one.said.forEach((value, at) => {
			assert.ok(Math.abs(value - (two.said[at] as number)) < 1e-5);
		});
	});
});

interface Learned {
	loss: number;
	gradient: Float64Array;
	said: Float64Array;
}
