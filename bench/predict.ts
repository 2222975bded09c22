/**
 * How many rows a second does `perch predict` score from Parquet to Parquet, and how does its memory grow with the file?
 * node bench/predict.ts [million rows]     (1 unless told, of 10 numbers; 100 trees; 5 runs each, each in a process of its own)
 *
 * Node 24.21, AMD EPYC, 2 cores, load 1 to 2. 1 million rows: the isolation forest 295 k rows/s (171 k a second of the
 * processor, 372 MB), the random forest 151 k rows/s (87 k, 673 MB; 111 k and 894 MB before large ensembles were scored in
 * parts). 3 million rows: 288 k and 167 k rows/s. Of it the runtime's tree operator takes most: 4 and 9 µs a row.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { quoteText, withDuckdb } from '../daemon/data/duckdb.ts';
import { readTable } from '../daemon/data/read/read.ts';
import { type TrainingSpec, trainModel } from '../daemon/learn/trainModel.ts';
import { predictWork } from '../daemon/pipeline/work/predict.ts';

const repeats = 5;
const columns = 10;
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const models: Record<string, Pick<TrainingSpec, 'model' | 'target'>> = {
	'isolation forest, 100 trees': { model: { type: 'isolation_forest', params: { trees: 100 } } },
	'random forest, 100 trees of depth 12': {
		model: { type: 'random_forest', task: 'regression', params: { trees: 100, max_depth: 12 } },
		target: 'y',
	},
};

async function writeRows(path: string, rows: number): Promise<void> {
	const numbers = Array.from({ length: columns }, (_, k) => `(hash(i * 31 + ${k}) % 1000003) / 997.0 AS x${k}`);
	const noisy = 'x0 + 2 * x1 * (x2 > 500)::INT + sqrt(x3) * 10 + (hash(i) % 100) AS y';
	await withDuckdb((connection) =>
		connection.run(
			`COPY (SELECT *, ${noisy} FROM (SELECT ${numbers.join(', ')}, i FROM range(${rows}) t(i))) TO ${quoteText(path)} (FORMAT parquet)`,
		),
	);
}

interface Figures {
	seconds: number;
	processor: number;
	megabytes: number;
}

/** A process of its own, which tells what it took. */
async function alone(model: string, input: string, scratch: string): Promise<void> {
	const asked = { file: model, model, input, output: join(scratch, 'answers.parquet'), keys: ['i'], reading: {} };
	const [begun, before] = [performance.now(), process.cpuUsage()];
	await predictWork(asked, { dir: scratch, progress: () => undefined, tell: () => undefined });
	const { user, system } = process.cpuUsage(before);
	const megabytes = process.resourceUsage().maxRSS / 1024;
	console.log(
		JSON.stringify({ seconds: (performance.now() - begun) / 1000, processor: (user + system) / 1e6, megabytes }),
	);
}

function measure(model: string, input: string, scratch: string): Figures {
	const { stdout, stderr } = spawnSync(process.execPath, [import.meta.filename, 'alone', model, input, scratch], {
		encoding: 'utf8',
	});
	if (stdout === '') throw new Error(stderr);
	return JSON.parse(stdout) as Figures;
}

async function bench(rows: number): Promise<void> {
	const scratch = mkdtempSync(join(tmpdir(), 'perch-bench-'));
	try {
		const [small, few, many] = ['small', 'few', 'many'].map((name) => join(scratch, `${name}.parquet`)) as [
			string,
			string,
			string,
		];
		await writeRows(small, 20_000);
		await writeRows(few, rows / 10);
		await writeRows(many, rows);
		console.log(
			`node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(0)}`,
		);
		for (const [name, spec] of Object.entries(models)) {
			const table = await readTable(small);
			const { onnx } = await trainModel(table, {
				split: undefined,
				exclude: ['i'],
				prepare: [],
				...spec,
			} as TrainingSpec);
			const model = join(scratch, 'model.onnx');
			writeFileSync(model, onnx);
			const tenth = measure(model, few, scratch);
			const runs = Array.from({ length: repeats }, () => measure(model, many, scratch));
			const rate = (of: (run: Figures) => number) => Math.round(rows / median(runs.map(of)) / 1000);
			console.log(
				`${name}: ${rate(({ seconds }) => seconds)} k rows/s, ${rate(({ processor }) => processor)} k rows a second of the processor; memory ${Math.round(tenth.megabytes)} MB with ${rows / 10} rows, ${Math.round(median(runs.map(({ megabytes }) => megabytes)))} MB with ${rows}`,
			);
		}
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

if (process.argv[2] === 'alone') await alone(process.argv[3] ?? '', process.argv[4] ?? '', process.argv[5] ?? '');
else await bench(Number(process.argv[2] ?? 1) * 1_000_000);
