import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Session } from './session.ts';

/** A candidate meets patients whom the model has not seen the like of. */
export function rollback({ window, perch, editProject, picture }: Session): void {
	describe('A guard that fails', () => {
		it('rolls the candidate back, and says so where the person looks', async () => {
			editProject('trees: 150', 'trees: 60');
			await window.command('Perch: Train');
			await window.toast(/^vitalwatch v3 \(candidate\) is trained/).waitFor();
			await window.clearToasts();
			await window.item('Deployments', /^vitalwatch v2 · canary v3 10 %/).waitFor();
			await perch.json('simulate', 'load', '--data', 'data/shifted.csv', '--requests', '600');
			await window.toast(/^vitalwatch v3 was rolled back: /).waitFor();
			await picture('rollback');
			await window.clearToasts();
			await window.item('Models', /^v3 archived/).waitFor();
			const { datasets } = await perch.json<'datasets/list'>('datasets', 'list');
			const used = datasets.find(({ name }) => name === 'vitalwatch')?.runs.length;
			await window.item('Datasets', new RegExp(`^vitalwatch v1 .* · ${used} runs`)).waitFor();
			const { deployments } = await perch.json<'deployments/list'>('deployments', 'list');
			assert.equal(deployments[0]?.canary?.status, 'rolled_back');
			assert.equal((await perch.json<'audit/verify'>('audit', 'verify')).valid, true);
		});

		it('leaves a report of the live traffic, with the numbers of the command line', async () => {
			await window.item('Deployments', /^Drift found/).click();
			const panel = await window.panel(/^Drift/);
			const [deployment] = (await perch.json<'deployments/list'>('deployments', 'list')).deployments;
			const { report } = await perch.json<'drift/show'>('drift', 'show', deployment?.last_drift?.id ?? '');
			await panel.assertFigures(report, report.columns.length);
		});
	});
}
