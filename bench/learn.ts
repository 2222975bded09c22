/**
 * How fast do the learners train, and how well, beside scikit-learn and LightGBM on the same rows, two threads each?
 * node bench/learn.ts [isolation] [forest] [boosting] [boosting-large]     (all unless told)
 *
 * Makes a virtual environment with both in out/bench/venv, once. Every learner runs in a process of its own, which tells the
 * median of its repetitions after one that does not count, what it used of the processor, and its peak
 * memory when it has learned once.
 * Figures stand in README.md.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTeam, type Team } from '../daemon/kernels/team.ts';
import { isolationForestEstimator } from '../daemon/learn/isolation/isolationEstimator.ts';
import { regressionMetrics } from '../daemon/learn/metrics/regressionMetrics.ts';
import { type FeatureMatrix, sharedColumn } from '../daemon/learn/preparation/featureMatrix.ts';
import { fitBoosting } from '../daemon/learn/trees/gradientBoosting.ts';
import { fitForest } from '../daemon/learn/trees/randomForest.ts';
import { addPredictions } from '../daemon/learn/trees/tree.ts';
import { createRandom } from '../daemon/stats/random.ts';

const root = join(import.meta.dirname, '..');
const threads = 2;
/** Of the rows, those that are predicted and not learned from. */
const heldOut = 0.1;

interface Case {
	readonly rows: number;
	readonly columns: number;
	readonly peer: string;
	/** The peer's own repetitions: a forest takes it a minute. */
	readonly peerRepeats: number;
}
const cases: Record<string, Case> = {
	isolation: { rows: 1_000_000, columns: 10, peer: 'scikit-learn', peerRepeats: 5 },
	forest: { rows: 100_000, columns: 10, peer: 'scikit-learn', peerRepeats: 1 },
	boosting: { rows: 100_000, columns: 10, peer: 'lightgbm', peerRepeats: 5 },
	'boosting-large': { rows: 1_000_000, columns: 20, peer: 'lightgbm', peerRepeats: 3 },
};
const repeats = 5;

interface Measured {
	wall: number;
	processor: number;
	/** Megabytes. */
	memory: number;
	/** R² of rows that were not learned from; null for anomalies. */
	r2: number | null;
}

const peerScript = `
import json, resource, sys, time
import numpy
name, data, repeats, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
rows, columns = int(sys.argv[5]), int(sys.argv[6])
X = numpy.ascontiguousarray(numpy.fromfile(data + '/x', dtype='f4').reshape(columns, rows).T)
y = numpy.fromfile(data + '/y', dtype='f8')
learned = rows - int(rows * ${heldOut})
if name == 'isolation':
    from sklearn.ensemble import IsolationForest
    def work():
        return IsolationForest(n_estimators=100, max_samples=256, contamination=0.01, random_state=7, n_jobs=threads).fit(X).score_samples(X)
elif name == 'forest':
    from sklearn.ensemble import RandomForestRegressor
    def work():
        return RandomForestRegressor(100, max_depth=12, random_state=7, n_jobs=threads).fit(X[:learned], y[:learned])
else:
    import lightgbm
    def work():
        params = dict(objective='regression', num_leaves=31, learning_rate=0.1, min_data_in_leaf=20, num_threads=threads, verbose=-1)
        return lightgbm.train(params, lightgbm.Dataset(X[:learned], y[:learned]), 100)
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
memory = 0
if repeats > 1:
    work()
    memory = peak()
walls, processors = [], []
for _ in range(repeats):
    wall, processor = time.perf_counter(), time.process_time()
    model = work()
    walls.append((time.perf_counter() - wall) * 1000)
    processors.append((time.process_time() - processor) * 1000)
memory = memory or peak()
r2 = None
if name != 'isolation':
    said = model.predict(X[learned:])
    r2 = 1 - ((said - y[learned:]) ** 2).sum() / ((y[learned:] - y[learned:].mean()) ** 2).sum()
print(json.dumps(dict(wall=sorted(walls)[len(walls) // 2], processor=sorted(processors)[len(walls) // 2], memory=memory, r2=r2)))
`;

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/**
 * Smooth, stepped and crossed effects of five columns, and noise. What is crossed also tells something by itself: a pure
 * product of two centred columns shows no tree where to begin, and then the finding of it is luck, by which the loss of
 * LightGBM changed by half from one number of bins to another.
 */
function writeData(folder: string, { rows, columns }: Case): void {
	const random = createRandom('bench learn', rows, columns);
	const all = Float32Array.from({ length: rows * columns }, () => random.normal());
	const at = (column: number, row: number) => all[column * rows + row] as number;
	const target = Float64Array.from({ length: rows }, (_, row) => {
		const smooth = 2 * at(0, row) + 2 * Math.sin(3 * at(1, row));
		return smooth + (1 + at(2, row)) * (1 + at(3, row)) + (at(4, row) > 0.5 ? 1.5 : 0) + 0.3 * random.normal();
	});
	writeFileSync(join(folder, 'x'), all);
	writeFileSync(join(folder, 'y'), target);
}

function readData(folder: string, { rows, columns }: Case): { matrix: FeatureMatrix; target: Float64Array } {
	const values = new Float32Array(new Uint8Array(readFileSync(join(folder, 'x'))).buffer);
	const matrix = {
		rows,
		columns: Array.from({ length: columns }, (_, column) => {
			const shared = sharedColumn(rows);
			shared.set(values.subarray(column * rows, (column + 1) * rows));
			return shared;
		}),
	};
	return { matrix, target: new Float64Array(new Uint8Array(readFileSync(join(folder, 'y'))).buffer) };
}

/** Trains, and returns what predicts rows; null for anomalies. */
function train(name: string, matrix: FeatureMatrix, target: Float64Array, rows: Uint32Array, team: Team) {
	const quiet = () => undefined;
	if (name === 'isolation') {
		const params = { trees: 100, sample_size: 256, contamination: 0.01, features: 1, seed: 7 };
		isolationForestEstimator.fit(matrix, params, quiet, null, team);
		return null;
	}
	if (name === 'forest') {
		const params = { trees: 100, max_depth: 12, min_samples_leaf: 1, features: 1, bootstrap: true, seed: 7 };
		const trees = fitForest(matrix, { kind: 'numbers', values: target }, rows, params, quiet, team);
		return { trees, start: 0, weight: 1 / trees.length };
	}
	const params = {
		...{ trees: 100, learning_rate: 0.1, max_leaves: 31, max_depth: 0, min_samples_leaf: 20, l2: 0, features: 1 },
		...{ early_stopping: 0, seed: 7 },
	};
	const answer = { kind: 'numbers' as const, values: target };
	const boosted = fitBoosting(matrix, { answer, weights: null }, rows, new Uint32Array(0), params, quiet, team);
	return { trees: boosted.rounds.flat(), start: boosted.start[0] as number, weight: 1 };
}

async function measureOurs(name: string, folder: string): Promise<Measured> {
	const one = cases[name] as Case;
	const { matrix, target } = readData(folder, one);
	const learned = one.rows - Math.floor(one.rows * heldOut);
	const rows = Uint32Array.from({ length: learned }, (_, row) => row);
	const team = startTeam(join(root, 'daemon/trainThread.ts'), threads);
	let model = train(name, matrix, target, rows, team);
	const memory = process.resourceUsage().maxRSS / 1024;
	const [walls, processors]: [number[], number[]] = [[], []];
	for (let repeat = 0; repeat < repeats; repeat++) {
		const [wall, used] = [performance.now(), process.cpuUsage()];
		model = train(name, matrix, target, rows, team);
		walls.push(performance.now() - wall);
		const { user, system } = process.cpuUsage(used);
		processors.push((user + system) / 1000);
	}
	await team.close();
	const measured = { wall: median(walls), processor: median(processors), memory };
	if (model === null) return { ...measured, r2: null };
	const rest = { rows: one.rows - learned, columns: matrix.columns.map((column) => column.subarray(learned)) };
	const said = new Float64Array(rest.rows).fill(model.start);
	addPredictions(model.trees, rest, model.weight, said);
	return { ...measured, r2: regressionMetrics(target.subarray(learned), said)['r2'] ?? Number.NaN };
}

function pythonWithPeers(): string {
	const venv = join(root, 'out/bench/venv');
	const python = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
	if (existsSync(join(venv, 'ready'))) return python;
	mkdirSync(venv, { recursive: true });
	execFileSync(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', '--clear', venv]);
	execFileSync(python, ['-m', 'pip', 'install', '--quiet', 'scikit-learn==1.9.*', 'lightgbm==4.*'], {
		stdio: 'inherit',
	});
	writeFileSync(join(venv, 'ready'), '');
	return python;
}

function answerOf(program: string, args: string[]): Measured {
	const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8' });
	if (status !== 0) throw new Error(stderr);
	return JSON.parse(stdout) as Measured;
}

function compare(name: string, python: string): void {
	const one = cases[name] as Case;
	const folder = mkdtempSync(join(tmpdir(), 'perch-learn-'));
	try {
		writeData(folder, one);
		const ours = answerOf(process.execPath, [import.meta.filename, '--measure', name, folder]);
		const { rows, columns, peerRepeats } = one;
		const theirs = answerOf(python, [
			...['-c', peerScript, name, folder],
			...[peerRepeats, threads, rows, columns].map(String),
		]);
		console.log(`\n${name}, ${rows.toLocaleString('en')} x ${columns}, load ${loadavg()[0]?.toFixed(1)}`);
		const tell = (who: string, { wall, processor, memory, r2 }: Measured) =>
			console.log(
				`  ${who.padEnd(14)}${wall.toFixed(0).padStart(8)} ms, processor ${processor.toFixed(0)} ms, ${memory.toFixed(0)} MB${r2 === null ? '' : `, R2 ${r2.toFixed(4)}`}`,
			);
		tell('Perch', ours);
		tell(one.peer, theirs);
		const ratio = (of: 'wall' | 'processor' | 'memory') => (theirs[of] / ours[of]).toFixed(2);
		const lost =
			ours.r2 === null || theirs.r2 === null ? '' : `, held-out loss ${((1 - theirs.r2) / (1 - ours.r2)).toFixed(3)}`;
		console.log(
			`  times as much: wall ${ratio('wall')}, processor ${ratio('processor')}, memory ${ratio('memory')}${lost}`,
		);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const [mode, ...rest] = process.argv.slice(2);
if (mode === '--measure') {
	const [name = '', folder = ''] = rest;
	console.log(JSON.stringify(await measureOurs(name, folder)));
} else {
	console.log(`Node ${process.version}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores`);
	const python = pythonWithPeers();
	const asked = process.argv.slice(2);
	for (const name of asked.length > 0 ? asked : Object.keys(cases)) compare(name, python);
}
