import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelProto } from '../../daemon/onnx/proto.ts';
import { createRandom } from '../../daemon/stats/random.ts';
import { createWorkplace } from './commandLine.ts';

/** Flats: the rent follows from size, district and balcony; some sizes and rents are missing. */
function flats(rows: number, seed: number): string {
	const random = createRandom(seed);
	const lines = ['size,district,balcony,rent,kind'];
	for (let row = 0; row < rows; row++) {
		const size = 40 + 60 * random.next();
		const district = ['Süd', 'West', 'Mitte, alt'][random.integer(3)] as string;
		const balcony = random.next() < 0.5;
		const rent = 9 * size + (district === 'Süd' ? 200 : 0) + (balcony ? 60 : 0) + 20 * random.normal();
		const cells = [
			random.next() < 0.1 ? '' : size.toFixed(1),
			`"${district}"`,
			balcony,
			row % 50 === 9 ? '' : rent.toFixed(2),
		];
		lines.push([...cells, rent > 700 ? 'dear' : 'cheap'].join(','));
	}
	return `${lines.join('\n')}\n`;
}

interface Trained {
	run: { metrics: Record<string, number> };
	version: { name: string; task: string; metrics: Record<string, number> };
	warnings: string[];
}

interface Gated {
	run: { metrics: Record<string, number>; tags: Record<string, string> };
	version: { status: string; aliases: string[] };
	validation: { compared: { version: number; rows: number; low: number; high: number } | null }[];
}

describe('a model that predicts', () => {
	const place = createWorkplace();
	before(() => {
		writeFileSync(join(place.folder, 'flats.csv'), flats(800, 1));
		writeFileSync(join(place.folder, 'new.csv'), flats(40, 2));
	});
	after(() => place.end());

	for (const model of ['linear', 'random_forest', 'gradient_boosting']) {
		it(`${model} is trained on a file, measured, and scores another`, () => {
			const params = model === 'linear' ? [] : ['--param', 'trees=30'];
			const { run, version, warnings } = place.json<Trained>(
				...['train', '--data', 'flats.csv', '--model', model, '--target', 'rent', '--name', model, ...params],
			);
			assert.equal(version.task, 'regression');
			assert.ok((run.metrics['r2'] ?? 0) > 0.7 && (run.metrics['rmse'] ?? 0) < (run.metrics['baseline_rmse'] ?? 0));
			assert.match(warnings.join(' '), /16 of 800 rows have no "rent"/);
			const scored = place.json(
				'predict',
				'--model',
				`${model}@production`,
				'--input',
				'new.csv',
				'--output',
				'out.csv',
			);
			assert.deepEqual([scored['rows'], scored['rejected']], [40, 0]);
			const [head, ...lines] = readFileSync(join(place.folder, 'out.csv'), 'utf8').trim().split('\n');
			assert.equal(head?.trim(), 'row,prediction');
			assert.equal(lines.length, 40);
			for (const line of lines) assert.ok(Number.isFinite(Number(line.split(',')[1])), line);
		});
	}

	it('says in its file what it was made from, and is the same file when it is made again', () => {
		const asked = ['train', '--data', 'flats.csv', '--model', 'random_forest', '--target', 'rent', '--name', 'twice'];
		const files = [1, 2].map(() => place.json<Trained & { model: string }>(...asked, '--param', 'seed=5'));
		assert.equal(files[0]?.model, files[1]?.model);
		const { producerName, producerVersion, metadataProps } = ModelProto.decode(readFileSync(files[0]?.model ?? ''));
		const entry = metadataProps.find(({ key }) => key === 'perch.origin');
		const { perch, data, params, metrics } = JSON.parse(entry?.value ?? '');
		assert.deepEqual([producerName, producerVersion], ['perch', perch]);
		assert.deepEqual([data.training.name, data.training.version], ['flats', 1]);
		assert.deepEqual([params['model.type'], params.seed], ['random_forest', '5']);
		assert.equal(metrics.r2, files[0]?.run.metrics['r2']);
	});

	it('does not become the candidate where it is worse than production on the same rows', () => {
		const project = 'name: gated\ndata: {source: flats.csv, target: rent, exclude: [kind]}\nmodel: {type: linear}\n';
		const gate = 'validate:\n  - {metric: mae, not_worse_than: production, by: 5%}\nregister: {as: gated}\n';
		writeFileSync(join(place.folder, 'perch.yaml'), project + gate);
		place.json('train');
		const again = place.json<Gated>('train');
		assert.deepEqual(again.version.aliases, ['candidate']);
		const { compared } = again.validation[0] ?? {};
		assert.deepEqual([compared?.version, compared?.rows, compared?.low, compared?.high], [1, 157, 0, 0]);
		const { code, stdout } = place.perch('train', '--json', '--set', 'data.exclude=[kind,size]');
		assert.equal(code, 3);
		const worse = JSON.parse(stdout) as Gated;
		assert.deepEqual([worse.version.status, worse.version.aliases], ['failed', []]);
		assert.ok((worse.validation[0]?.compared?.low ?? 0) > 0);
		assert.match(worse.run.tags['perch.validation'] ?? '', /^Not held: mae .* of version 1 on the same 157 rows/);
		assert.ok((worse.run.metrics['production_mae'] ?? 99) < (worse.run.metrics['mae'] ?? 0));
	});

	it('answers raw rows with a class and its probabilities', async () => {
		place.json('train', '--data', 'flats.csv', '--model', 'gradient_boosting', '--target', 'kind', '--name', 'kind');
		const { serving_uri } = place.json<{ serving_uri: string }>(
			'serve',
			'--model',
			'kind@production',
			'--auth',
			'none',
		);
		const answer = await fetch(`${serving_uri}/predict`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({
				data: [
					{ size: 99, district: 'Süd', balcony: true, rent: null },
					{ size: null, district: 'Nord', balcony: false, rent: 300 },
				],
			}),
		});
		const { predictions } = (await answer.json()) as {
			predictions: { label: string; proba: Record<string, number> }[];
		};
		assert.equal(answer.status, 200, JSON.stringify(predictions));
		for (const { label, proba } of predictions) {
			const [likeliest] = Object.entries(proba).sort(([, a], [, b]) => b - a);
			assert.equal(label, likeliest?.[0]);
		}
	});

	it('is refused before the work starts without a target', () => {
		const { code, error } = place.refused('train', '--data', 'flats.csv', '--model', 'linear');
		assert.deepEqual([code, error.code, error.field], [2, 'invalid_config', 'data.target']);
	});
});
