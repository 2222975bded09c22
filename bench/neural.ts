/**
 * How long is an epoch of a net, and how long is Keras's on the same machine, in the same minutes?
 * node bench/neural.ts [python]     (a Python with keras and tensorflow; python3 unless told)
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { shareMemory } from '../daemon/kernels/kernelMemory.ts';
import { lstmKernels } from '../daemon/kernels/lstm.ts';
import { autoencoderOn, createAutoencoder } from '../daemon/learn/neural/autoencoder.ts';
import { createSequenceNet, sequenceOn } from '../daemon/learn/neural/sequence/sequenceNet.ts';
import { type Trainable, trainEpochs } from '../daemon/learn/neural/trainEpochs.ts';
import { createRandom } from '../daemon/stats/random.ts';

const epochs = 8;
const settings = { batch: 64, learning_rate: 0.001, epochs };
const random = createRandom('bench', 'neural');
const upTo = (count: number) => Uint32Array.from({ length: count }, (_, index) => index);

/** The median of the epochs after the first, in which both warm up. */
const median = (times: number[]) => times.slice(1).toSorted((a, b) => a - b)[Math.floor((times.length - 1) / 2)];

function timesOf(net: Trainable, examples: Uint32Array): number[] {
	const times: number[] = [];
	let start = performance.now();
	const parts = { train: examples, validation: examples.subarray(0, 1) };
	trainEpochs(net, parts, { ...settings, early_stopping: 0, validation_share: 0.1, seed: 7 }, () => {
		times.push(performance.now() - start);
		start = performance.now();
	});
	return times;
}

function autoencoder() {
	const [count, features, hidden] = [50_000, 9, [6, 3, 6]];
	const rows = Float32Array.from({ length: count * features }, () => random.normal());
	const net = createAutoencoder(features, hidden, createRandom(7));
	return {
		name: 'autoencoder 9-6-3-6-9, 50,000 rows, batch 64',
		own: timesOf(autoencoderOn(net, rows, settings.batch), upTo(count)),
		peer: { kind: 'autoencoder', seed: 7, ...settings, features, hidden, train: count, rows: [...rows] },
	};
}

function lstm() {
	const [count, steps, channels, units] = [5000, 30, 3, 32];
	const values = Float32Array.from({ length: (count + steps) * channels }, () => random.normal());
	const windows = {
		fill(window: number, step: number, into: Float32Array | Float64Array, at: number) {
			for (let channel = 0; channel < channels; channel++) {
				into[at + channel] = values[(window + step) * channels + channel] as number;
			}
		},
		target: (window: number, output: number) => values[(window + steps) * channels + output] as number,
	};
	const net = createSequenceNet({ steps, inputs: channels, units, outputs: channels }, 7);
	const work = sequenceOn(net, windows, settings.batch, (numbers) => {
		const memory = shareMemory(4 * numbers);
		return { values: new Float32Array(memory.buffer, 0, numbers), kernels: lstmKernels(memory) };
	});
	return {
		name: 'LSTM 32, 5,000 windows of 30 x 3, batch 64',
		own: timesOf(work, upTo(count)),
		peer: {
			kind: 'lstm',
			...{ seed: 7, ...settings, steps, channels, units, reach: 1, spread: 1, values: [...values] },
			...{ train: [...upTo(count)], validation: [], test: [] },
		},
	};
}

/** Keras's milliseconds by epoch; null without it. */
function peerTimes(peer: unknown): number[] | null {
	const folder = mkdtempSync(join(tmpdir(), 'perch-bench-'));
	try {
		const [from, to] = [join(folder, 'in.json'), join(folder, 'out.json')];
		writeFileSync(from, JSON.stringify([peer]));
		const script = join(import.meta.dirname, '../test/peers/neuralFigures.py');
		const { status } = spawnSync(process.argv[2] ?? 'python3', [script, from, to], { stdio: 'ignore' });
		return status === 0 ? JSON.parse(readFileSync(to, 'utf8'))[0].times : null;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

console.log(
	`Node ${process.version}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`,
);
for (const measure of [autoencoder, lstm]) {
	const { name, own, peer } = measure();
	const ours = median(own) ?? Number.NaN;
	const theirs = peerTimes(peer);
	const said =
		theirs === null
			? 'Keras not measured'
			: `Keras ${median(theirs)?.toFixed(0)} ms, ${((median(theirs) ?? 0) / ours).toFixed(1)} times as long`;
	console.log(`${name}: ${ours.toFixed(0)} ms an epoch; ${said}`);
}
