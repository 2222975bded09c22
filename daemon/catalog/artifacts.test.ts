import assert from 'node:assert/strict';
import {
	appendFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Artifacts, createArtifacts } from './artifacts.ts';

/** SHA-256 of "abc", from FIPS 180-4's examples. */
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('artifacts', () => {
	let folder: string;
	let artifacts: Artifacts;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'perch-artifacts-'));
		artifacts = createArtifacts(join(folder, 'artifacts'));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	it('are named by their content, keep their ending, and leave where they were', async () => {
		const file = join(folder, 'model.onnx');
		writeFileSync(file, 'abc');
		const kept = await artifacts.adopt(file);
		assert.deepEqual(kept, { sha256: abc, size: 3, path: artifacts.pathOf(abc, 'model.onnx') });
		assert.ok(kept.path.endsWith(`ba/${abc}.onnx`));
		assert.ok(!existsSync(file));
		assert.equal(await artifacts.verified(abc, 'model.onnx'), kept.path);
		assert.equal((await artifacts.read(abc, 'model.onnx')).toString(), 'abc');
	});

	it('are one when equal', async () => {
		const first = await artifacts.put(Buffer.from('abc'), 'a.json');
		const second = await artifacts.put(Buffer.from('abc'), 'b.json');
		assert.deepEqual(first, second);
		assert.deepEqual(readdirSync(join(folder, 'artifacts')), ['ba']);
		assert.deepEqual(readdirSync(join(folder, 'artifacts', 'ba')), [`${abc}.json`]);
	});

	it('are not used when changed or lost', async () => {
		const { path, sha256 } = await artifacts.put(Buffer.from('abc'), 'model.onnx');
		appendFileSync(path, 'd');
		const corrupt = { code: 'corrupt_artifact', message: /was changed/ };
		await assert.rejects(artifacts.verified(sha256, 'model.onnx'), corrupt);
		await assert.rejects(artifacts.read(sha256, 'model.onnx'), corrupt);
		rmSync(path);
		await assert.rejects(artifacts.read(sha256, 'model.onnx'), { code: 'corrupt_artifact', message: /cannot be read/ });
	});

	it('that were half-written by a killed daemon go, and whole ones stay', async () => {
		const { path } = await artifacts.put(Buffer.from('abc'), 'model.onnx');
		writeFileSync(join(folder, 'artifacts', '.unfinished-1'), 'half');
		createArtifacts(join(folder, 'artifacts'));
		assert.deepEqual(readdirSync(join(folder, 'artifacts')), ['ba']);
		assert.equal(readFileSync(path, 'utf8'), 'abc');
	});

	it('leave nothing behind when they cannot be put in place', async () => {
		mkdirSync(artifacts.pathOf(abc, 'x.bin'), { recursive: true });
		await assert.rejects(artifacts.put(Buffer.from('abc'), 'x.bin'));
		assert.deepEqual(readdirSync(join(folder, 'artifacts')), ['ba']);
	});
});
