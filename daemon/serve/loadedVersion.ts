/** A version in memory: loaded and warmed up before it answers, closed when the last request that it answers is done. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { numberColumn, stringColumn, type Table } from '../data/table.ts';
import { type Model, openModel, type Predictions } from '../onnx/model.ts';
import { PerchError } from '../protocol/errors.ts';
import type { ServedVersion } from './deploymentConfig.ts';
import { checkGolden } from './goldenSet.ts';
import { type RowForm, rowForm } from './parseRows.ts';

export interface LoadedVersion {
	readonly about: ServedVersion;
	readonly model: Model;
	readonly form: RowForm;
	/** Seconds that loading and warming up took. */
	readonly loadSeconds: number;
	/** Runs the model; it stays open until that is done, even when it is retired meanwhile. */
	infer(table: Table): Promise<Predictions>;
	/** Lets the running requests end, then frees the memory. */
	retire(): Promise<void>;
}

/** Rows in the two calls that warm a version up. */
const warmUpRows = [1, 256] as const;

/**
 * Loads a version off the path of requests, warms it up and asks it about its golden set. Throws `file_not_found`,
 * `corrupt_artifact`, `invalid_model`, or `model_mismatch` when it answers otherwise than it did.
 */
export async function loadVersion(about: ServedVersion): Promise<LoadedVersion> {
	const started = performance.now();
	const bytes = await readFile(about.file).catch((cause: unknown) => {
		throw new PerchError('file_not_found', `The file of ${nameOf(about)} cannot be read.`, {
			file: about.file,
			hint: 'Restore .perch/artifacts, or train the model again.',
			cause,
		});
	});
	if (about.sha256 !== '' && createHash('sha256').update(bytes).digest('hex') !== about.sha256) {
		throw new PerchError('corrupt_artifact', `The file of ${nameOf(about)} is not the one that was registered.`, {
			file: about.file,
			hint: 'Restore it from a copy, or train the model again.',
		});
	}
	const model = await openModel(bytes, { threads: 1 });
	try {
		await tryModel(model, nameOf(about));
		return counted(about, model, rowForm(model.description), (performance.now() - started) / 1000);
	} catch (error) {
		await model.close();
		throw error;
	}
}

/** Runs a model that was just opened, and asks it about its golden set; `name` is how messages call it. */
export async function tryModel(model: Model, name: string): Promise<void> {
	const ready = rowForm({ ...model.description, parse: [] });
	for (const rows of warmUpRows) await model.infer(blankRows(ready, rows));
	if (model.golden !== null) await checkGolden(model, model.golden, name);
}

function counted(about: ServedVersion, model: Model, form: RowForm, loadSeconds: number): LoadedVersion {
	let running = 0;
	let retired: (() => void) | null = null;
	return {
		about,
		model,
		form,
		loadSeconds,
		async infer(table) {
			running++;
			try {
				return await model.infer(table);
			} finally {
				running--;
				if (running === 0) retired?.();
			}
		},
		async retire() {
			await new Promise<void>((resolve) => {
				if (running === 0) resolve();
				else retired = resolve;
			});
			await model.close();
		},
	};
}

function blankRows({ inputs, openInput }: RowForm, rows: number): Table {
	const fields = openInput === null ? inputs : [...inputs, { name: `${openInput.name}_0`, type: openInput.type }];
	return {
		rows,
		columns: fields.map(({ name, type }) =>
			type === 'string'
				? stringColumn(name, new Array<null>(rows).fill(null))
				: numberColumn(name, new Float64Array(rows)),
		),
	};
}

/** `vitalwatch version 3`, for messages. */
export function nameOf({ model, version }: Pick<ServedVersion, 'model' | 'version'>): string {
	return `${model} version ${version}`;
}

/**
 * Refuses a version that could not answer the requests that the served one answers (`model_mismatch`): the rows that
 * callers send and the kind of answer that they get must stay the same.
 */
export function requireCompatible(served: LoadedVersion, next: LoadedVersion): void {
	const shape = ({ form, model }: LoadedVersion) => ({
		inputs: form.inputs.map(({ name, type }) => `${name} (${type === 'string' ? 'text' : 'number'})`),
		'raw columns': form.series?.columns.map(({ name }) => name) ?? null,
		'parse steps': model.description.parse.map((step) => JSON.stringify(step)),
		window: form.series?.window.size ?? null,
		task: model.description.task,
	});
	const [before, after] = [shape(served), shape(next)];
	for (const part of ['inputs', 'raw columns', 'parse steps', 'window', 'task'] as const) {
		if (JSON.stringify(before[part]) === JSON.stringify(after[part])) continue;
		throw new PerchError(
			'model_mismatch',
			`${nameOf(next.about)} has other ${part} than ${nameOf(served.about)}, which is served: ${said(after[part])} against ${said(before[part])}.`,
			{ hint: 'Stop the deployment and serve the new version, or give it a deployment of its own.' },
		);
	}
}

function said(value: string | number | readonly string[] | null): string {
	return typeof value === 'object' ? (value?.join(', ') ?? 'none') : String(value);
}
