import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { commands, workspace } from 'vscode';
import { attach, extension, folder, lenses } from './window.ts';

/** In Restricted Mode: what is kept is shown, and nothing runs. */
export function restricted(): void {
	describe('in Restricted Mode', () => {
		it('is active', async () => {
			assert.equal(workspace.isTrusted, false);
			await extension().activate();
		});

		it('offers no action above a perch.yaml', async () => {
			const titles = await lenses('perch.yaml', (found) => found.length > 0);
			assert.ok(!titles.some((title) => /Train|Serve|Drift|Stop/.test(title)), titles.join());
		});

		it('runs nothing, by command or by request', async () => {
			const project = { kind: 'project', root: folder(), file: join(folder(), 'perch.yaml') };
			for (const command of ['perch.train', 'perch.serve', 'perch.checkDrift', 'perch.rollback']) {
				await commands.executeCommand(command, project);
			}
			const client = await attach();
			const { read_only, jobs } = await client.request('daemon/status', {});
			assert.equal(read_only, true);
			assert.deepEqual(jobs, []);
			await assert.rejects(client.request('train', { config: project.file }), { code: 'read_only' });
			assert.deepEqual((await client.request('runs/list', {})).runs, []);
			assert.deepEqual((await client.request('deployments/list', {})).deployments, []);
			client.close();
		});
	});
}
