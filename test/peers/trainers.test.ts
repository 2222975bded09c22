import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'mocha';
import { simulateTable } from '../../daemon/data/simulate/simulateTable.ts';
import { takeRows } from '../../daemon/data/table.ts';
import { trainModel } from '../../daemon/learn/trainModel.ts';
import { openModel } from '../../daemon/onnx/model.ts';
import { loadProject } from '../../daemon/project/loadProject.ts';
import { findPython } from './python.ts';

const sample = resolve(import.meta.dirname, '../../samples/trainers');

/** A trainer of the sample, or why it cannot run here. */
type Found = { run: string } | { missing: string };

function python(): Found {
	const found = findPython('skl2onnx', 'pyarrow', 'sklearn');
	return 'missing' in found ? found : { run: `"${found.program}" train.py` };
}

function java(folder: string): Found {
	return attempt(() => {
		execFileSync('mvn', ['-q', '-B', 'package'], { cwd: folder, stdio: 'pipe', timeout: 600_000 });
		return 'java -cp "target/classes:target/lib/*" Trainer';
	}, 'Maven with Java 17 and a way to Maven Central');
}

function attempt(make: () => string, what: string): Found {
	try {
		return { run: make() };
	} catch (error) {
		return { missing: `${what}: ${String(error).split('\n')[0]}` };
	}
}

describe('the trainers of samples/trainers', () => {
	let folder: string;
	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'perch-trainers-'));
		cpSync(sample, folder, { recursive: true, filter: (path) => !path.endsWith('target') });
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	const finders = { python, java: () => java(join(folder, 'java')) };
	for (const [name, find] of Object.entries(finders)) {
		it(`${name} learns the rents from the prepared rows, and its graph takes raw ones`, async function () {
			const found = find();
			if ('missing' in found) {
				process.stderr.write(`SKIPPED the trainer in ${name}: ${found.missing}\n`);
				return this.skip();
			}
			const { data, model, split, prepare } = loadProject(join(folder, 'perch.yaml'));
			assert.ok(model !== undefined && typeof data.source === 'object');
			const table = await simulateTable(data.source.simulate);
			const own = { ...model, run: found.run, folder: join(folder, name) };
			const spec = { model: own, split, prepare, target: data.target, dir: mkdtempSync(join(folder, 'job-')) };
			const { onnx, metrics, files, history } = await trainModel(table, spec);
			console.log(`      ${name}: R² ${metrics['r2']?.toFixed(3)} on rows that it did not see`);
			assert.ok((metrics['r2'] ?? 0) > 0.9);
			assert.ok(Object.keys(files ?? {}).some((file) => file.startsWith('artifacts/')));
			if (name === 'python') assert.equal(history['training_loss']?.length, 150);
			const opened = await openModel(onnx);
			const said = await opened.infer(takeRows(table, Uint32Array.of(0, 1, 2, 3, 4)));
			await opened.close();
			assert.deepEqual([said.rejected.length, said.prediction?.length], [0, 5]);
		});
	}
});
