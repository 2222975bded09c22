import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readTable } from '../../daemon/data/read/read.ts';
import { autoencoderOn, createAutoencoder } from '../../daemon/learn/neural/autoencoder.ts';
import { sayChanges, sequenceLoss, trainSequence } from '../../daemon/learn/neural/sequence/sequenceModel.ts';
import { channelsOf, placesOf, scaleSeries, seriesRows } from '../../daemon/learn/neural/sequence/seriesRows.ts';
import { windowParts } from '../../daemon/learn/neural/sequence/windowParts.ts';
import { trainEpochs } from '../../daemon/learn/neural/trainEpochs.ts';
import { parse } from '../../daemon/protocol/parse.ts';
import { autoencoderParams, lstmParams } from '../../daemon/protocol/project/neural.ts';
import { createRandom } from '../../daemon/stats/random.ts';
import { findPython } from './python.ts';

const quiet = () => undefined;
const seeds = [1, 2, 3];
const python = findPython('keras');
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

interface Learned {
	loss: number;
}

describe('nets beside Keras', function () {
	this.timeout(1_800_000);
	if ('missing' in python) {
		it.skip(`SKIPPED: ${python.missing}`);
		return;
	}
	const peer = python;

	it('an autoencoder gives rows back as well: the validation loss, median of three seeds', async () => {
		const [count, features, train] = [12_000, 9, 10_000];
		const random = createRandom('curves');
		const rows = new Float32Array(count * features);
		for (let row = 0; row < count; row++) {
			const hidden = [random.normal(), random.normal(), random.normal()];
			for (let at = 0; at < features; at++) {
				rows[row * features + at] = Math.tanh(hidden[at % 3] as number) * (1 + at / 9) + 0.3 * random.normal();
			}
		}
		const all = Uint32Array.from({ length: count }, (_, row) => row);
		const hidden = [6, 3, 6];
		const settings = { epochs: 20, batch: 64, learning_rate: 0.002 };
		const own = seeds.map((seed) => {
			const params = parse(autoencoderParams, { ...settings, early_stopping: 0, seed });
			const net = createAutoencoder(features, hidden, createRandom(seed));
			const parts = { train: all.subarray(0, train), validation: all.subarray(train) };
			return trainEpochs(autoencoderOn(net, rows, params.batch), parts, params, quiet).validationLoss;
		});
		const cases = seeds.map((seed) => ({
			kind: 'autoencoder',
			...{ seed, features, hidden, train, ...settings, rows: [...rows] },
		}));
		const theirs = await peer.run<Learned[]>('neuralFigures.py', cases);
		const [ours, other] = [median(own), median(theirs.map(({ loss }) => loss))];
		console.log(`      validation loss ${ours.toFixed(5)}, Keras ${other.toFixed(5)}`);
		assert.ok(ours < 1.05 * other, `${ours}, Keras ${other}`);
	});

	const data = process.env['PERCH_REAL_DATA'];
	it('an LSTM forecasts the temperature of a machine as well, and better than the last value', async function () {
		if (data === undefined) {
			process.stderr.write(
				'SKIPPED the temperature of a machine: set PERCH_REAL_DATA to the folder of the real data sets\n',
			);
			this.skip();
		}
		const table = await readTable(join(data, 'nab/realKnownCause/machine_temperature_system_failure.csv'));
		const series = seriesRows(table, ['value'], { time: 'timestamp' });
		const steps = 30;
		const parts = windowParts(series.series, { steps, horizon: 1 }, { test: 0.2, validation: 0.1 }, 1);
		const settings = { epochs: 15, batch: 64, learning_rate: 0.001, units: 32 };
		const params = parse(lstmParams, { ...settings, early_stopping: 0 });
		const channels = channelsOf(series, placesOf(parts.learned));
		const scaled = scaleSeries(series, channels);
		const { model } = trainSequence(series, channels, [{ channel: 0, ahead: 1 }], steps, parts, params, quiet);
		const said = sayChanges(model, scaled, parts.test);
		const own = sequenceLoss(model, scaled, parts.test, said);
		const still = sequenceLoss(model, scaled, parts.test, new Float64Array(said.length));
		const [theirs] = await peer.run<Learned[]>('neuralFigures.py', [
			{
				kind: 'lstm',
				...{ seed: 7, steps, channels: 1, ...settings, values: [...scaled.values] },
				...{ reach: model.reach[0], spread: model.spread[0] },
				...{ train: [...parts.train], validation: [...parts.validation], test: [...parts.test] },
			},
		]);
		const errors = [own, theirs?.loss ?? Number.NaN, still].map(Math.sqrt) as [number, number, number];
		const [shown, peers, last] = errors.map((error) => error.toFixed(5));
		console.log(`      one-step error ${shown}, Keras ${peers}, last value ${last}`);
		assert.ok(
			errors[0] < 1.05 * errors[1] && errors[0] < errors[2],
			`${errors[0]}, Keras ${errors[1]}, last ${errors[2]}`,
		);
	});
});
