/** A Python with Evidently, SciPy, scikit-learn, LightGBM and Keras, made once under `out/peers/venv`, to hold our figures against theirs. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');
/** Evidently 0.7 does not start with pandas 3, and does not say so itself. */
const packages = [
	'evidently==0.7.*',
	'scipy==1.17.*',
	'scikit-learn==1.9.*',
	'shap==0.51.*',
	'lightgbm==4.*',
	'pandas<3',
	'pyarrow',
	'skl2onnx',
	'keras==3.*',
	'jax==0.*',
	'onnxruntime',
];
/** Keras works on JAX here, which is small; it says the same on TensorFlow. */
const environment = { KERAS_BACKEND: 'jax', ...process.env, PYTHONHASHSEED: '0', OMP_NUM_THREADS: '1' };

export interface Python {
	/** Runs a script beside this file on a value, as JSON, and returns what it answers. */
	run<T>(script: string, input: unknown): Promise<T>;
	versions: string;
	/** Path of the program. */
	program: string;
}

/** The Python, with these modules besides, or why there is none: no Python, or no way to install the packages. `PERCH_PEERS_PYTHON` names one that is there. */
export function findPython(...modules: readonly string[]): Python | { missing: string } {
	const given = process.env['PERCH_PEERS_PYTHON'];
	if (given !== undefined) return check(given, modules);
	const venv = join(root, 'out/peers/venv');
	const python = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
	const ready = join(venv, 'ready');
	const wanted = packages.join('\n');
	if (existsSync(ready) && readFileSync(ready, 'utf8') === wanted) return check(python, modules);
	try {
		mkdirSync(dirname(venv), { recursive: true });
		execFileSync(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', '--clear', venv], {
			stdio: 'pipe',
		});
		execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'pipe', timeout: 900_000 });
		writeFileSync(ready, wanted);
	} catch (error) {
		return { missing: `a Python with ${packages.join(', ')} cannot be made: ${firstLine(error)}` };
	}
	return check(python, modules);
}

function check(python: string, modules: readonly string[]): Python | { missing: string } {
	try {
		const text = `import ${['evidently', 'scipy', 'numpy', ...modules].join(', ')}; print('Evidently', evidently.__version__, 'SciPy', scipy.__version__, 'NumPy', numpy.__version__)`;
		const versions = execFileSync(python, ['-c', text], {
			encoding: 'utf8',
			stdio: 'pipe',
			timeout: 120_000,
			env: environment,
		}).trim();
		return { versions, program: python, run: (script, input) => run(python, script, input) };
	} catch (error) {
		return {
			missing: `${python} has not all of Evidently, SciPy${modules.map((name) => `, ${name}`).join('')}: ${firstLine(error)}`,
		};
	}
}

async function run<T>(python: string, script: string, input: unknown): Promise<T> {
	const folder = mkdtempSync(join(tmpdir(), 'perch-peers-'));
	try {
		const [from, to] = [join(folder, 'input.json'), join(folder, 'output.json')];
		writeFileSync(from, JSON.stringify(input));
		const file = join(import.meta.dirname, script);
		await promisify(execFile)(python, ['-W', 'ignore', file, from, to], {
			env: environment,
			maxBuffer: 1 << 26,
			timeout: 900_000,
		});
		return JSON.parse(readFileSync(to, 'utf8')) as T;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function firstLine(error: unknown): string {
	return String(error instanceof Error ? error.message : error)
		.split('\n')
		.slice(0, 2)
		.join(' ');
}
