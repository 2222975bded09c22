import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ConfigurationTarget, commands, languages, workspace } from 'vscode';
import type { Client } from '../../../daemon/client/connect.ts';
import { attach, extension, file, folder, lenses, tab } from './window.ts';

interface Manifest {
	contributes: { commands: { command: string }[]; configuration: { properties: object }[] };
}

const project = () => ({ kind: 'project', root: folder(), file: join(folder(), 'perch.yaml') });

async function set(key: string, value: unknown): Promise<void> {
	await workspace.getConfiguration('perch').update(key, value, ConfigurationTarget.Global);
}

/** In a trusted folder: the way from a perch.yaml to a drift report, by commands. */
export function trusted(): void {
	describe('in a trusted folder', function () {
		this.bail(true);
		let client: Client;

		it('is active and has every command of its manifest', async () => {
			await extension().activate();
			const manifest = extension().packageJSON as Manifest;
			const known = new Set(await commands.getCommands(true));
			const missing = manifest.contributes.commands.filter(({ command }) => !known.has(command));
			assert.deepEqual(missing, []);
		});

		it('offers to train, serve and check above a perch.yaml', async () => {
			const titles = await lenses('perch.yaml', (found) => found.length > 0);
			for (const action of ['Train', 'Serve', 'Drift']) {
				assert.ok(
					titles.some((title) => title.endsWith(action)),
					`${action} in ${titles}`,
				);
			}
		});

		it('trains, and the daemon that it started holds the version', async () => {
			await set('notifications.finished', false); // a command ends when its message is answered
			await commands.executeCommand('perch.train', project());
			client = await attach();
			const { models } = await client.request('models/list', {});
			assert.deepEqual(
				models.map(({ name, versions }) => [name, versions.map(({ version, aliases }) => [version, aliases])]),
				[['vitalwatch', [[1, ['production']]]]],
			);
			const { runs } = await client.request('runs/list', {});
			assert.deepEqual(
				runs.map(({ status }) => status),
				['FINISHED'],
			);
		});

		it('says beside `register` what the newest version is', async () => {
			const titles = await lenses('perch.yaml', (found) => found.some((title) => title.startsWith('v1 production')));
			assert.ok(titles.some((title) => title.endsWith('Open registry')));
		});

		it('shows a run', async () => {
			const { runs } = await client.request('runs/list', {});
			const [run] = runs;
			assert.ok(run);
			await commands.executeCommand('perch.openRun', { kind: 'run', root: folder(), id: run.id, name: run.name });
			await tab(new RegExp(`^Run: ${run.name}$`));
		});

		it('checks for drift and opens the report', async () => {
			await commands.executeCommand('perch.checkDrift', project());
			await tab(/^Drift: /);
			const { reports } = await client.request('drift/list', {});
			assert.equal(reports[0]?.drift, true);
		});

		it('serves, and the gateway answers with labels', async () => {
			await commands.executeCommand('perch.serve', project());
			const { deployments } = await client.request('deployments/list', {});
			const [deployment] = deployments;
			assert.equal(deployment?.state, 'serving');
			const uri = deployment.serving_uri;
			const info = (await (await fetch(`${uri}/model/info`)).json()) as { inputs: unknown[] };
			const body = JSON.stringify({ data: [info.inputs.map(() => 0), info.inputs.map(() => 1)] });
			const headers = { 'content-type': 'application/json' };
			const labels: unknown = await (await fetch(`${uri}/predict`, { method: 'POST', headers, body })).json();
			assert.ok(Array.isArray(labels) && labels.length === 2, JSON.stringify(labels));
			assert.ok(labels.every((label) => label === -1 || label === 1));
		});

		it('says above a data file what drifted, as the report has it', async () => {
			const { reports } = await client.request('drift/list', {});
			const [report] = reports;
			assert.ok(report?.psi_max);
			const said = `reference train.csv · ${report.drifted} of ${report.columns} columns drifted · PSI max ${report.psi_max.toFixed(2)} · Open report`;
			for (const name of ['data/shifted.csv', 'data/train.csv']) {
				assert.ok((await lenses(name, (found) => found.includes(said))).length > 0);
			}
		});

		it('takes the lenses away when the settings say so', async () => {
			await set('codeLens.dataFiles', false);
			assert.deepEqual(await lenses('data/shifted.csv', (found) => found.length === 0), []);
			assert.ok((await lenses('perch.yaml', (found) => found.length > 0)).length > 0);
			await set('codeLens.enabled', false);
			assert.deepEqual(await lenses('perch.yaml', (found) => found.length === 0), []);
			await set('codeLens.enabled', undefined);
			await set('codeLens.dataFiles', undefined);
			assert.ok((await lenses('data/shifted.csv', (found) => found.length > 0)).length > 0);
		});

		it('has nothing to complain of in the files of the sample', () => {
			for (const name of ['perch.yaml', 'data/train.csv', 'data/shifted.csv']) {
				assert.deepEqual(languages.getDiagnostics(file(name)), []);
			}
		});

		it('opens the registry and a comparison', async () => {
			const [first] = (await client.request('runs/list', {})).runs;
			assert.ok(first);
			await commands.executeCommand('perch.openRegistry', { kind: 'model', root: folder(), name: 'vitalwatch' });
			await tab(/^Registry: vitalwatch$/);
			await commands.executeCommand('perch.train', project());
			const { runs } = await client.request('runs/list', {});
			const targets = runs.map(({ id, name }) => ({ kind: 'run', root: folder(), id, name }));
			await commands.executeCommand('perch.compareRuns', targets[0], targets);
			await tab(/^Compare runs$/);
		});

		it('stops the daemon and starts it again', async () => {
			const { pid } = await client.request('daemon/status', {});
			await client.request('deployments/stop', { name: 'vitalwatch' });
			await commands.executeCommand('perch.stopDaemon', { kind: 'folder', root: folder() });
			client.close();
			await commands.executeCommand('perch.startDaemon', { kind: 'folder', root: folder() });
			client = await attach();
			const after = await client.request('daemon/status', {});
			assert.notEqual(after.pid, pid);
			assert.equal((await client.request('models/list', {})).models[0]?.versions.length, 2);
			client.close();
		});
	});
}
