import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTable } from '../../data/parse/parseColumns.ts';
import { numberColumn, stringColumn, tableOf } from '../../data/table.ts';
import { cutWindows } from '../../data/window.ts';
import { trainModel } from '../../learn/trainModel.ts';
import { isPerchError } from '../../protocol/errors.ts';
import { predictWork } from './predict.ts';

const step = { column: 'area', as: 'range_mean', decimal: '.' } as const;
const section = { size: 3, step: 1, features: ['mean', 'max'] } as const;

interface Answer {
	readonly row: number;
	readonly score: number | null;
}

describe('scoring windows of rows with a cell that no parse step takes', () => {
	const folder = mkdtempSync(join(tmpdir(), 'perch-windows-'));
	after(() => rmSync(folder, { recursive: true, force: true }));
	const areas = Array.from({ length: 40 }, (_, row) => `${row % 7} - ${(row % 7) + 2}`);
	const file = join(folder, 'model.onnx');
	before(async () => {
		const raw = tableOf([
			stringColumn('area', areas),
			numberColumn(
				'at',
				areas.map((_, row) => row),
			),
		]);
		const window = { ...section, features: [...section.features] };
		const { table } = parseTable(raw, [step], ['at']);
		const { onnx } = await trainModel(cutWindows(table, window, { columns: ['area'], time: 'at' }), {
			model: { type: 'isolation_forest', params: { trees: 5 } },
			prepare: [{ parse: step }],
			time: 'at',
			window: { section: window, columns: ['area'] },
		});
		writeFileSync(file, onnx);
	});

	const predict = async (name: string, rows: readonly string[], on_bad: 'stop' | 'quarantine') => {
		const input = join(folder, name);
		writeFileSync(input, `at,area\n${rows.map((area, row) => `${row},${area}`).join('\n')}\n`);
		const output = join(folder, `${name}.jsonl`);
		const job = { dir: folder, progress: () => undefined, tell: () => undefined };
		const told = await predictWork({ file, model: 'm', input, output, keys: null, reading: { on_bad } }, job);
		const lines = readFileSync(output, 'utf8').trim().split('\n');
		return { told, answers: lines.map((line) => JSON.parse(line) as Answer) };
	};

	it('sets them aside and goes on as if they were not there, or stops and names the first', async () => {
		const broken = areas.with(10, 'large');
		const { told, answers } = await predict('broken.csv', broken, 'quarantine');
		// Two rows before the first window, and the one that is set aside.
		assert.deepEqual([told.rows, told.rejected, told.quarantined.map(({ rows }) => rows)], [40, 3, [1]]);
		assert.equal(answers[10]?.score ?? null, null);
		const without = await predict('without.csv', areas.toSpliced(10, 1), 'stop');
		assert.deepEqual(
			answers.toSpliced(10, 1).map(({ score }) => score ?? null),
			without.answers.map(({ score }) => score ?? null),
		);
		assert.match(readFileSync(join(folder, 'broken.csv.quarantine.jsonl'), 'utf8'), /"line":12.*no range such as/);
		await assert.rejects(predict('stop.csv', broken, 'stop'), (error) => {
			assert.ok(isPerchError(error));
			return error.code === 'invalid_data' && error.detail.line === 12;
		});
	});
});
