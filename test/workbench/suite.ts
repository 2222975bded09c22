/** The tests that run inside an extension host. `run` is what VS Code calls. */
import { renameSync, writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { workspace } from 'vscode';
import { data } from './suite/data.ts';
import { restricted } from './suite/restricted.ts';
import { trusted } from './suite/trusted.ts';

/** Resolves when every test passed; the verdict is in the file that PERCH_TEST_RESULT names. */
export async function run(): Promise<void> {
	const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: 'min' });
	mocha.suite.emit('pre-require', globalThis, '', mocha);
	if (workspace.isTrusted) {
		trusted();
		data();
	} else restricted();
	const lines: string[] = [];
	const failures = await new Promise<number>((done) =>
		mocha
			.run(done)
			.on('pass', (test) => lines.push(`pass ${test.fullTitle()} (${test.duration} ms)`))
			.on('fail', (test, error: Error) => lines.push(`FAIL ${test.fullTitle()}\n${error.stack ?? error.message}`)),
	);
	const file = process.env['PERCH_TEST_RESULT'] ?? ''; // the host inherits the environment of its server
	writeFileSync(`${file}.part`, JSON.stringify({ tests: lines.length, failures, lines }));
	renameSync(`${file}.part`, file);
	if (failures > 0) throw new Error(`${failures} failed`);
}
