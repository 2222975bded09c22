/**
 * How fast is the isolation forest, and how does it stand against scikit-learn on the same machine?
 * node bench/isolationForest.ts [python]     (a Python with scikit-learn; python3 unless told)
 *
 * Node 24.21, AMD EPYC, 2 cores shared with other work, 100,000 x 10: fit 13 ms, score 136 ms, trainModel 298 ms, ONNX
 * graph 439 ms; scikit-learn 1.9.1: fit 186 ms, score 408 ms, 4.0 times as long. With 1,000,000 rows: 3.4 times as long.
 */
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { numberColumn, tableOf } from '../daemon/data/table.ts';
import { fitIsolationForest } from '../daemon/learn/isolation/isolationForest.ts';
import { scoreSamples } from '../daemon/learn/isolation/isolationScore.ts';
import { trainModel } from '../daemon/learn/trainModel.ts';
import { openModel } from '../daemon/onnx/model.ts';
import { createRandom } from '../daemon/stats/random.ts';

const repeats = 5;
const columns = 10;
const grow = { trees: 100, sample_size: 256, features: 1, seed: 7 };

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function milliseconds(work: () => unknown): Promise<number> {
	const times: number[] = [];
	await work();
	for (let repeat = 0; repeat < repeats; repeat++) {
		const start = performance.now();
		await work();
		times.push(performance.now() - start);
	}
	return median(times);
}

const peer = `
import json, sys, time
import numpy, sklearn
from sklearn.ensemble import IsolationForest
X = numpy.random.default_rng(7).normal(size=(int(sys.argv[1]), ${columns})).astype(numpy.float32)
def median(work):
    work(); times = []
    for _ in range(${repeats}):
        start = time.perf_counter(); work(); times.append((time.perf_counter() - start) * 1000)
    return sorted(times)[len(times) // 2]
f = IsolationForest(n_estimators=${grow.trees}, max_samples=${grow.sample_size}, random_state=7)
print(json.dumps({"version": sklearn.__version__, "fit": median(lambda: f.fit(X)), "score": median(lambda: f.score_samples(X))}))
`;

interface Peer {
	version: string;
	fit: number;
	score: number;
}

function measurePeer(rows: number): Peer | null {
	const { status, stdout } = spawnSync(process.argv[2] ?? 'python3', ['-c', peer, String(rows)], { encoding: 'utf8' });
	return status === 0 ? (JSON.parse(stdout) as Peer) : null;
}

async function measure(rows: number): Promise<void> {
	const random = createRandom('bench', rows);
	const values = Array.from({ length: columns }, () => Float64Array.from({ length: rows }, () => random.normal()));
	const matrix = { rows, columns: values.map((column) => Float32Array.from(column)) };
	const forest = fitIsolationForest(matrix, grow);
	const fit = await milliseconds(() => fitIsolationForest(matrix, grow));
	const score = await milliseconds(() => scoreSamples(forest, matrix));
	const perSecond = (time: number) => `${Math.round(rows / time).toLocaleString('en')}k rows/s`;
	console.log(
		`\n${rows.toLocaleString('en')} x ${columns}, ${grow.trees} trees of ${grow.sample_size} rows, one thread, median of ${repeats}`,
	);
	console.log(`  fit            ${fit.toFixed(0)} ms`);
	console.log(`  score          ${score.toFixed(0)} ms   ${perSecond(score)}`);

	const table = tableOf(values.map((column, index) => numberColumn(`c${index}`, column)));
	const spec = { model: { type: 'isolation_forest' as const, params: {} }, prepare: [] };
	const train = await milliseconds(() => trainModel(table, spec));
	const model = await openModel((await trainModel(table, spec)).onnx);
	const graph = await milliseconds(() => model.infer(table));
	await model.close();
	console.log(`  trainModel     ${train.toFixed(0)} ms   (prepare, fit, score, write, compare, measure)`);
	console.log(`  ONNX graph     ${graph.toFixed(0)} ms   ${perSecond(graph)}`);

	const other = measurePeer(rows);
	if (other === null) {
		console.log('  scikit-learn   not measured: no Python with scikit-learn (give one as the first argument)');
		return;
	}
	const ratio = ((other.fit + other.score) / (fit + score)).toFixed(1);
	console.log(
		`  scikit-learn ${other.version}: fit ${other.fit.toFixed(0)} ms, score ${other.score.toFixed(0)} ms; ${ratio} times as long`,
	);
}

console.log(`Node ${process.version}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores`);
await measure(100_000);
await measure(1_000_000);
