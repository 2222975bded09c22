import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkplace } from './commandLine.ts';

/** Rows of a small estate agent; the area in the notations of the real ones, `cell` in the place of the tenth. */
function houses(rows: number, cell = '950', shift = 0): string {
	const areas = (size: number) => [
		`${size}`,
		`${size - 50} - ${size + 50}`,
		`${(size * 0.09290304).toFixed(4)}Sq. Meter`,
	];
	const lines = ['area,size,kind,listed,price'];
	for (let row = 0; row < rows; row++) {
		const area = row === 9 ? cell : areas(800 + 37 * (row % 31) + shift)[row % 3];
		const listed = new Date(Date.UTC(2024, 0, 1 + (row % 60), row % 24)).toISOString();
		lines.push(
			`${area},${1 + (row % 4)} BHK,${['flat', ' Flat', 'HOUSE'][row % 3]},${listed},? ${100 + (row % 50)}.00`,
		);
	}
	return `${lines.join('\n')}\n`;
}

const project = `name: houses
data: {source: train.csv}
prepare:
  - parse: {column: area, as: range_mean}
  - parse: {column: area, as: number_with_unit, units: square_feet}
  - parse: {column: size, as: number_in_text}
  - parse: {column: kind, as: category, case: lower}
  - parse: {column: listed, as: calendar, parts: [weekday, hour]}
  - parse: {column: price, as: currency}
  - impute: {columns: [area], with: mean}
model: {type: isolation_forest, params: {trees: 20}}
register: {as: houses}
serve: {auth: none}
drift: {reference: training}
`;

interface Answer {
	predictions: { score: number }[];
	error?: { message: string; field?: string };
}

describe('columns that are parsed', () => {
	const place = createWorkplace();
	const write = (name: string, text: string) => writeFileSync(join(place.folder, name), text);
	before(() => {
		write('train.csv', houses(300));
		write('perch.yaml', project);
	});
	after(() => place.end());

	it('are trained on as numbers, and the model says how', () => {
		const { warnings, model } = place.json<{ warnings: string[]; model: string }>('train');
		assert.deepEqual(warnings, []);
		const text = readFileSync(model).toString('latin1');
		assert.match(text, /"inputs":\[\{"name":"area","type":"float","width":1\},\{"name":"size",/);
		assert.match(text, /"name":"listed_weekday"/);
		assert.match(text, /"parse":\[\{"column":"area","as":"range_mean"/);
	});

	it('stop a training at the cell that no step takes, with its line', () => {
		write('bad.csv', houses(300, 'ask us'));
		const { error } = place.refused('train', '--set', 'data.source=bad.csv');
		assert.equal(error.code, 'invalid_data');
		assert.match(error.message, /bad\.csv:11: "area" is "ask us": no range such as 10 - 20, no number with a unit/);
		assert.deepEqual([error.line, error.field], [11, 'area']);
	});

	it('are scored from text in a file, a cell that no step takes alone being rejected', () => {
		write('new.csv', houses(30, 'ask us'));
		const scored = place.json<{ rejected: number; reasons: { row: number; line: number; reason: string }[] }>(
			...['predict', '--model', 'houses@latest', '--input', 'new.csv', '--output', 'out.csv'],
		);
		assert.equal(scored.rejected, 1);
		assert.deepEqual([scored.reasons[0]?.row, scored.reasons[0]?.line], [10, 11]);
		assert.match(scored.reasons[0]?.reason ?? '', /area is "ask us": no range/);
		const lines = readFileSync(join(place.folder, 'out.csv'), 'utf8').trim().split('\n').slice(1);
		assert.equal(lines[9], '10,,,');
		assert.equal(lines.filter((line) => /^\d+,-?1,-0\.\d+,0\.\d+$/.test(line)).length, 29);
	});

	it('are served raw, and get the answer of the same row in a file', async () => {
		place.json('serve');
		const { serving_uri: uri } = place.json<{ serving_uri: string }>('daemon', 'status');
		const info = (await (await fetch(`${uri}/model/info`)).json()) as { inputs: unknown[] };
		assert.deepEqual(
			info.inputs,
			['area', 'size', 'listed', 'price', 'kind'].map((name) => ({ name, type: 'string' })),
		);
		const ask = async (data: unknown) =>
			(await (
				await fetch(`${uri}/predict`, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify({ data }),
				})
			).json()) as Answer;
		const raw = { area: '750 - 850', size: '1 BHK', kind: ' FLAT ', listed: '2024-01-01T00:00:00Z', price: '? 100.00' };
		const ready = { ...raw, area: 800, size: 1, kind: 'flat', price: 100 };
		const { predictions } = await ask([raw, ready]);
		assert.equal(predictions[0]?.score, predictions[1]?.score);
		const [head, first] = houses(2).split('\n');
		write('one.csv', `${head}\n${first}\n`);
		place.json('predict', '--model', 'houses@latest', '--input', 'one.csv', '--output', 'out.csv');
		const score = Number(readFileSync(join(place.folder, 'out.csv'), 'utf8').split('\n')[1]?.split(',')[2]);
		assert.ok(Math.abs(score - (predictions[0]?.score ?? 0)) < 1e-6);
		const { error } = await ask([ready, { ...raw, area: 'ask us' }]);
		assert.match(error?.message ?? '', /Row 2, "area": found "ask us": no range/);
		assert.equal(error?.field, 'data[1].area');
	});

	it('are parsed by a model that was exported and imported again', () => {
		place.json('models', 'export', 'houses@latest', '--output', 'houses.onnx');
		place.json('models', 'import', '--name', 'copy', '--file', 'houses.onnx');
		write('few.csv', houses(9));
		const scores = ['houses@latest', 'copy/1', 'houses.onnx'].map((model) => {
			place.json('predict', '--model', model, '--input', 'few.csv', '--output', 'out.csv');
			return readFileSync(join(place.folder, 'out.csv'), 'utf8');
		});
		assert.deepEqual([scores[1], scores[2]], [scores[0], scores[0]]);
		assert.equal(scores[0]?.trim().split('\n').length, 10);
	});

	it('drift as numbers, in files and against the training rows', () => {
		write('same.csv', houses(300));
		write('shifted.csv', houses(300, '950', 1500));
		interface Report {
			columns: { column: string; type: string; drift: boolean }[];
		}
		const area = ({ columns }: Report) => columns.find(({ column }) => column === 'area');
		for (const [file, drift] of [
			['same.csv', false],
			['shifted.csv', true],
		] as const) {
			for (const reference of [
				[],
				['--reference', 'training'],
				['--reference', 'train.csv', '--config', 'perch.yaml'],
			]) {
				const report = place.json<Report>('drift', ...reference, '--current', file);
				assert.deepEqual(
					[area(report)?.type, area(report)?.drift],
					['double', drift],
					`${file} ${reference.join(' ')}`,
				);
			}
		}
	});

	it('refuse steps that do not fit one another or the data', () => {
		write('two.yaml', project.replace('kind, as: category, case: lower', 'area, as: category'));
		const twice = place.refused('train', '--config', 'two.yaml').error;
		assert.deepEqual([twice.code, twice.line, twice.field], ['invalid_config', 7, 'prepare[3].parse']);
		write('none.yaml', project.replace('column: size', 'column: rooms'));
		const none = place.refused('train', '--config', 'none.yaml').error;
		assert.deepEqual([none.code, none.line, none.field], ['unknown_column', 6, 'prepare[2].parse.column']);
		write('odd.yaml', project.replace('range_mean', 'mean_range'));
		const odd = place.refused('train', '--config', 'odd.yaml').error;
		assert.deepEqual([odd.code, odd.line, odd.field], ['invalid_config', 4, 'prepare[0].parse.as']);
	});
});
