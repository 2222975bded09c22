import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createWorkplace, dist, repository } from './commandLine.ts';

const script = join(repository, 'samples/clients/python/perch_client.py');

function python(...args: string[]): string {
	const { status, stdout, stderr } = spawnSync('python3', [script, ...args], { encoding: 'utf8', timeout: 100_000 });
	assert.equal(status, 0, stderr);
	return stdout;
}

describe('a client in plain Python', () => {
	const place = createWorkplace('vitalwatch');
	const config = join(place.folder, 'perch.yaml');
	after(() => place.end());

	before(function () {
		if (spawnSync('python3', ['--version']).status !== 0) this.skip();
	});

	it('trains with progress, cancels, and lists versions over stdio', () => {
		const said = python('stdio', config, process.execPath, join(dist, 'perchd.cjs'), '--stdio', '--root', place.folder);
		assert.match(said, /trained vitalwatch 1 with \d+ steps of progress/);
		assert.match(said, /cancelled cancelled/);
		assert.match(said, /vitalwatch \[\(1, \['production'\]\)\]/);
	});

	it('does the same over the socket of the running daemon', () => {
		const said = python('socket', config, place.folder);
		assert.match(said, /trained vitalwatch 2/);
		assert.match(said, /cancelled cancelled/);
	});
});
