import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseTable } from '../../data/parse/parseColumns.ts';
import { readFamily } from '../../data/read/family.ts';
import { readTable } from '../../data/read/read.ts';
import { cellOf, columnOf, numberColumn, stringColumn, type Table, tableOf } from '../../data/table.ts';
import { cutWindows } from '../../data/window.ts';
import { writeTable } from '../../data/write.ts';
import { type TrainingSpec, trainModel } from '../../learn/trainModel.ts';
import { openModel } from '../../onnx/model.ts';
import { isPerchError } from '../../protocol/errors.ts';
import { createRandom } from '../../stats/random.ts';
import { type PredictInput, predictWork } from './predict.ts';

const window = { size: 5, step: 5, features: ['mean', 'slope'] } as const;

/** The trees of a row are added up in float32, in an order that depends on how many rows are scored at once. */
function assertClose(found: Float64Array, wanted: Float64Array | undefined): void {
	assert.equal(found.length, wanted?.length);
	const off = found.findIndex((value, row) => {
		const other = wanted?.[row] as number;
		return Number.isNaN(value) ? !Number.isNaN(other) : !(Math.abs(value - other) < 1e-6);
	});
	assert.equal(off, -1, `row ${off}: ${found[off]} and not ${wanted?.[off]}`);
}

describe('scoring a file', () => {
	const folder = mkdtempSync(join(tmpdir(), 'perch-predict-'));
	const scratch = join(folder, 'job');
	after(() => rmSync(folder, { recursive: true, force: true }));

	const path = (name: string) => join(folder, name);
	const score = (input: Pick<PredictInput, 'file' | 'input' | 'output'> & Partial<PredictInput>) => {
		mkdirSync(scratch, { recursive: true });
		return predictWork(
			{ model: 'm', keys: null, reading: {}, ...input },
			{ dir: scratch, progress: () => undefined, tell: () => undefined },
		);
	};
	const model = async (name: string, table: Table, spec: Partial<TrainingSpec>): Promise<string> => {
		const whole = {
			...{ split: undefined, exclude: [], prepare: [], target: undefined, time: undefined, key: undefined },
			...{ model: { type: 'isolation_forest', task: 'anomaly', params: { trees: 5 } } },
			...spec,
		} as TrainingSpec;
		const { onnx } = await trainModel(table, whole);
		writeFileSync(path(name), onnx);
		return path(name);
	};
	const numbersOf = (table: Table, name: string): Float64Array => {
		const column = columnOf(table, name);
		assert.equal(column.kind, 'number');
		return (column as { values: Float64Array }).values;
	};

	/** More rows than are in memory at a time, of three series. */
	const many = 150_000;
	function readings(): Table {
		const random = createRandom('readings', 7);
		const draw = () => Float64Array.from({ length: many }, () => random.normal());
		return tableOf([
			stringColumn(
				'device',
				Array.from({ length: many }, (_, row) => `d${(row * row) % 3}`),
			),
			numberColumn(
				'ts',
				Float64Array.from({ length: many }, (_, row) => row),
				'integer',
			),
			...[numberColumn('a', draw()), numberColumn('b', draw())],
		]);
	}
	const whole = readings();
	const few = tableOf(
		whole.columns.map((column) =>
			column.kind === 'number'
				? { ...column, values: column.values.slice(0, 400) }
				: { ...column, codes: column.codes.slice(0, 400) },
		),
	);

	it('answers each row as the model does, whatever the kind of file and the number of blocks', async () => {
		const file = await model('plain.onnx', few, { exclude: ['device', 'ts'] });
		await writeTable(whole, path('many.parquet'));
		await writeTable(whole, path('many.csv'));
		const lines = Array.from({ length: 300 }, (_, row) =>
			JSON.stringify(Object.fromEntries(whole.columns.map((column) => [column.name, cellOf(column, row)]))),
		);
		writeFileSync(path('few.jsonl.gz'), gzipSync(lines.join('\n')));
		const opened = await openModel(file);
		const expected = await opened.infer(whole);
		await opened.close();
		const parts: [string, string, number][] = [
			['many.parquet', 'out.parquet', many],
			['many.csv', 'out.csv', many],
			['few.jsonl.gz', 'out.jsonl', 300],
		];
		for (const [input, output, rows] of parts) {
			const told = await score({ file, input: path(input), output: path(output), keys: ['device', 'ts'] });
			assert.deepEqual([told.rows, told.rejected, told.reasons], [rows, 0, []]);
			const answers = await readTable(path(output));
			assert.deepEqual(
				answers.columns.map(({ name }) => name),
				['device', 'ts', 'label', 'score', 'anomaly_score'],
			);
			assert.deepEqual(numbersOf(answers, 'ts'), numbersOf(whole, 'ts').slice(0, rows));
			assertClose(numbersOf(answers, 'score'), expected.score?.slice(0, rows));
			assert.deepEqual(Array.from(numbersOf(answers, 'label')), Array.from(expected.label?.slice(0, rows) ?? []));
			assert.equal(cellOf(columnOf(answers, 'device'), 299), cellOf(columnOf(whole, 'device'), 299));
		}
		assert.deepEqual(readdirSync(scratch), [], 'nothing is left of what was written on the way');
	});

	it('cuts windows over the borders of blocks, in the order of time', async () => {
		const section = { ...window, features: [...window.features] };
		const columns = ['a', 'b'];
		const cutAs = { columns, key: 'device', time: 'ts', step: 1 };
		const file = await model('windows.onnx', cutWindows(few, section, cutAs), {
			...{ key: 'device', time: 'ts', window: { section, columns } },
		});
		const check = async (table: Table, name: string) => {
			await writeTable(table, path(name));
			const told = await score({ file, input: path(name), output: path('windows.parquet') });
			const cut = cutWindows(table, section, cutAs);
			const opened = await openModel(file);
			const expected = await opened.infer(cut);
			await opened.close();
			const wanted = new Float64Array(table.rows).fill(Number.NaN);
			cut.lastRow.forEach((row, index) => {
				wanted[row] = expected.score?.[index] as number;
			});
			const answers = await readTable(path('windows.parquet'));
			assertClose(numbersOf(answers, 'score'), wanted);
			const devices = new Set(Array.from({ length: 100 }, (_, row) => (row * row) % 3)).size;
			assert.deepEqual([told.rejected, answers.columns[0]?.name], [4 * devices, 'device']);
		};
		await check(whole, 'ordered.parquet');
		const backwards = tableOf(
			whole.columns.map((column) =>
				column.name === 'ts'
					? numberColumn(
							'ts',
							Float64Array.from({ length: many }, (_, row) => many - row),
							'integer',
						)
					: column,
			),
		);
		await check(backwards, 'backwards.parquet');
	});

	it('sets aside what the model does not take, with line and reason, and leaves its answer empty', async () => {
		const flats = tableOf([
			stringColumn(
				'area',
				Array.from({ length: 50 }, (_, row) => `${row} - ${row + 2}`),
			),
		]);
		const step = { column: 'area', as: 'range_mean', decimal: '.' } as const;
		const file = await model('flats.onnx', parseTable(flats, [step]).table, { prepare: [{ parse: step }] });
		const input = path('flats.csv');
		writeFileSync(input, 'id,area\n7,1 - 3\n8,large\n9\n10,"two\nlines"\n11,4\n');
		const output = path('flats.out.csv');
		const told = await score({ file, input, output, reading: { on_bad: 'quarantine' } });
		assert.deepEqual([told.rows, told.rejected], [4, 2]);
		assert.deepEqual(told.reasons, [
			{ row: 2, line: 3, reason: 'area is "large": no range such as 10 - 20' },
			{ row: 4, line: 5, reason: 'area is "two\\nlines": no range such as 10 - 20' },
		]);
		assert.deepEqual(told.quarantined, [{ file: input, rows: 3, quarantine: `${input}.quarantine.jsonl` }]);
		const aside = readFileSync(`${input}.quarantine.jsonl`, 'utf8').trimEnd().split('\n');
		assert.deepEqual(
			aside
				.map((line) => JSON.parse(line) as { line: number; row: number; column: string | null; text: string })
				.map(({ line, row, column, text }) => [line, row, column, text]),
			[
				[3, 2, 'area', '8,large'],
				[4, 3, null, '9'],
				[5, 4, 'area', '10,"two\nlines"'],
			],
		);
		const lines = readFileSync(output, 'utf8').trimEnd().split('\n');
		assert.deepEqual(
			lines.map((line) => line.replace(/,.+[^,].*/, ',…')),
			['row,…', '1,…', '2,,,', '4,,,', '5,…'],
		);
	});

	it('takes files of one family, alike or not, as one', async () => {
		const file = path('plain.onnx');
		writeFileSync(path('f1.csv'), 'device,a,b\nx,1,2.5\ny,0,1\n');
		writeFileSync(path('f2.csv'), 'device,a,b\nz,1,2.5\n');
		await score({ file, input: path('f?.csv'), output: path('family.csv') });
		const alike = await readTable(path('family.csv'));
		assert.deepEqual(Array.from(numbersOf(alike, 'row')), [1, 2, 3]);
		const { score: scores } = { score: numbersOf(alike, 'score') };
		assert.equal(scores[0], scores[2]);
		writeFileSync(path('f3.csv'), 'device,b,a\n5,2.5,1\n');
		await score({ file, input: path('f?.csv'), output: path('family.csv'), keys: ['device'] });
		const { table } = await readFamily(path('family.csv'));
		assert.deepEqual(
			[0, 3].map((row) => cellOf(columnOf(table, 'device'), row)),
			['x', '5'],
		);
		assert.equal(numbersOf(table, 'score')[3], scores[0]);
	});

	it('refuses before anything is written, and leaves what was there', async () => {
		const file = path('plain.onnx');
		writeFileSync(path('short.csv'), 'a\n1\n');
		writeFileSync(path('kept.csv'), 'kept\n');
		const refused = async (changes: Partial<PredictInput>): Promise<[string, string | undefined]> => {
			const asked = { file, input: path('f1.csv'), output: path('kept.csv'), ...changes };
			const error = await score(asked).then(
				() => null,
				(thrown: unknown) => thrown,
			);
			assert.ok(isPerchError(error), String(error));
			return [error.code, error.detail.field];
		};
		assert.deepEqual(await refused({ input: path('short.csv') }), ['unknown_column', 'b']);
		assert.deepEqual(await refused({ keys: ['id'] }), ['unknown_column', 'id']);
		assert.deepEqual(await refused({ output: path('out.xlsx') }), ['unsupported_format', undefined]);
		assert.deepEqual(await refused({ output: path('f1.csv') }), ['invalid_arguments', undefined]);
		writeFileSync(path('named.csv'), 'score,a,b\n1,1,2\n');
		assert.deepEqual(await refused({ input: path('named.csv'), keys: ['score'] }), ['invalid_arguments', 'key']);
		assert.equal(readFileSync(path('kept.csv'), 'utf8'), 'kept\n');
		assert.ok(!existsSync(path('out.xlsx')) && !readdirSync(folder).some((name) => name.endsWith('.part')));
	});
});
