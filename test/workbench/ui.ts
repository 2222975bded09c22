/** A person's way through the installed extension, by mouse and keyboard: `npm run package -- --target linux-x64` makes what is installed. */
import Mocha from 'mocha';
import { complaints } from './ui/complaints.ts';
import { data } from './ui/data.ts';
import { datasets } from './ui/datasets.ts';
import { keyboard } from './ui/keyboard.ts';
import { panels } from './ui/panels.ts';
import { projectFile } from './ui/projectFile.ts';
import { restrictedMode } from './ui/restrictedMode.ts';
import { rollback } from './ui/rollback.ts';
import { runs } from './ui/runs.ts';
import { type Session, type SessionOptions, startSession } from './ui/session.ts';
import { themes } from './ui/themes.ts';
import { walkthrough } from './ui/walkthrough.ts';
import { way } from './ui/way.ts';
import { windows } from './ui/windows.ts';

/** Each part goes on where the one before has left the window. */
const parts: readonly ((session: Session) => void)[] = [
	way,
	panels,
	datasets,
	windows,
	rollback,
	keyboard,
	themes,
	walkthrough,
	projectFile,
	data,
	runs,
	complaints,
];

async function runMocha(define: () => void, session: Session): Promise<number> {
	const mocha = new Mocha({ ui: 'bdd', reporter: 'spec', timeout: 60_000, slow: 10_000, bail: true });
	mocha.suite.emit('pre-require', globalThis, '', mocha);
	mocha.suite.afterEach('keep what a failure looked like', async function () {
		if (this.currentTest?.state === 'failed') await session.keep(this.currentTest.title.replace(/\W+/g, '-'));
	});
	define();
	return new Promise((done) => mocha.run(done));
}

async function runSession(options: SessionOptions, define: (session: Session) => void): Promise<number> {
	const session = await startSession(options);
	try {
		return await runMocha(() => define(session), session);
	} finally {
		await session.close();
	}
}

/** A folder that has been worked in, for a window that is to trust it yet. */
const keptFolder: SessionOptions = {
	trusted: false,
	async before(perch) {
		await perch.json('train');
		await perch.json('daemon', 'stop');
	},
};

let failures = await runSession({}, (session) => {
	for (const part of parts) part(session);
});
failures += await runSession(keptFolder, restrictedMode);
process.exitCode = failures > 0 ? 1 : 0;
