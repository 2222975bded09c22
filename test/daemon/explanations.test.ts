import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DriftReport } from '../../daemon/protocol/drift.ts';
import type { Result } from '../../daemon/protocol/methods.ts';
import { createRandom } from '../../daemon/stats/random.ts';
import { createWorkplace } from './commandLine.ts';

/** The rent follows from size and district, not from the floor. */
function flats(rows: number): string {
	const random = createRandom('explanations');
	const lines = ['size,district,floor,rent'];
	for (let row = 0; row < rows; row++) {
		const size = 40 + 60 * random.next();
		const district = ['Süd', 'West'][random.integer(2)] as string;
		const rent = 9 * size + (district === 'Süd' ? 200 : 0) + 10 * random.normal();
		lines.push(`${size.toFixed(1)},${district},${random.integer(5)},${rent.toFixed(2)}`);
	}
	return `${lines.join('\n')}\n`;
}

describe('explanations', () => {
	const place = createWorkplace();
	before(() => writeFileSync(join(place.folder, 'flats.csv'), flats(600)));
	after(() => place.end());

	it('stand on the run, and are given of a row', () => {
		const train = (model: string) =>
			place.json<Result<'train'>>(
				'train',
				'--data',
				'flats.csv',
				'--model',
				model,
				'--target',
				'rent',
				'--name',
				model,
			);
		const { run } = train('gradient_boosting');
		const { explanations } = place.json<Result<'runs/explanations'>>('runs', 'explanations', run.id);
		assert.deepEqual(
			explanations?.importance?.columns.map(({ column }) => column),
			['size', 'district', 'floor'],
		);
		assert.equal(explanations?.residuals?.points.length, 120);
		assert.match(place.perch('runs', 'explanations', run.id).stdout, /r2 is .*\n.*\n.*size/s);

		const row = JSON.stringify({ size: 80, district: 'Süd', floor: 1 });
		const { unit, rows } = place.json<Result<'models/explain'>>(
			...['models', 'explain', 'gradient_boosting@production', '--row', row],
		);
		const [{ base, said, columns } = { base: 0, said: 0, columns: [] }] = rows[0]?.outputs ?? [];
		assert.equal(unit, 'target');
		assert.ok(Math.abs(columns.reduce((sum, { contribution }) => sum + contribution, base) - said) < 1e-9);
		assert.ok(Math.abs(said - 920) < 60, String(said));
		const district = columns.find(({ column }) => column === 'district');
		assert.equal(district?.value, 'Süd');
		assert.ok(Math.abs((district?.contribution ?? 0) - 100) < 40, String(district?.contribution));

		train('linear');
		const { error } = place.refused('models', 'explain', 'linear@production', '--row', row);
		assert.match(error.message, /cannot be explained row by row. Its graph has no trees/);
		assert.equal(place.refused('models', 'explain', 'linear@production', '--row', '{').error.field, 'row');
	});

	it('are part of the card of a version, as Markdown and as a page that lets nothing in', () => {
		writeFileSync(join(place.folder, 'odd.csv'), flats(300).replace('size,', '<img src=x>|*,'));
		place.json('train', '--data', 'odd.csv', '--model', 'random_forest', '--target', 'rent', '--name', 'odd');
		const { model, markdown, html } = place.json<Result<'models/card'>>(
			...['models', 'card', 'odd', '--html', 'card.html'],
		);
		assert.equal(model, 'odd/1');
		for (const title of ['# odd version 1', '## Metrics', '## Importance of the columns', '## Data', '## Signature']) {
			assert.ok(markdown.includes(title), title);
		}
		assert.match(markdown, /\| r2 \| 0\.\d+ \| -?[\d.e-]+ \| 0\.\d+ \|/);
		assert.match(markdown, /\*\*Status:\*\* ready, production/);
		assert.doesNotMatch(markdown, /<img/);
		const page = readFileSync(html ?? '', 'utf8');
		assert.match(page, /<td>&lt;img src=x&gt;\|\*<\/td>/);
		assert.doesNotMatch(page, /<img|<script/);
		assert.match(page, /default-src 'none'; style-src 'sha256-/);
	});

	it('tell a drift report which columns the model needs', () => {
		writeFileSync(join(place.folder, 'later.csv'), flats(400));
		const report = place.json<DriftReport>(
			...['drift', '--reference', 'flats.csv', '--current', 'later.csv', '--model', 'gradient_boosting@production'],
			...['--html', 'drift.html'],
		);
		const importance = (name: string) => report.columns.find(({ column }) => column === name)?.importance;
		assert.ok((importance('size')?.mean ?? 0) > 1);
		assert.ok(Math.abs(importance('floor')?.mean ?? 1) < 0.05);
		assert.deepEqual([importance('size')?.model, importance('size')?.metric], ['gradient_boosting version 1', 'r2']);
	});
});
