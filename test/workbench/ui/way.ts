import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Session } from './session.ts';
import { readWalkthrough } from './walkthrough.ts';

/** From an open folder to a drift report, by palette, trees and lenses. */
export function way({ window, perch, editProject, picture }: Session): void {
	const { page } = window;

	describe('A person', () => {
		it('finds Perch in the activity bar, and a way to begin', async () => {
			await window.container.click();
			await page.getByText('No model is registered yet.').waitFor();
			await page.getByRole('button', { name: 'Train', exact: true }).first().waitFor();
			await window.widenSideBar();
			await picture('welcome');
		});

		it('finds the walkthrough, whose first step is done', async () => {
			await window.command('Perch: Open Walkthrough');
			assert.deepEqual(await readWalkthrough(window, 1), { done: ['Get a project'], open: 4 });
			await window.closeEditors();
		});

		it('sees how far a training has come, and cancels it', async () => {
			editProject('trees: 100', 'trees: 5000');
			await window.command('Perch: Train');
			const progress = window.notification('Training vitalwatch');
			await progress.getByRole('button', { name: 'Cancel' }).click();
			await progress.waitFor({ state: 'detached' });
			editProject('trees: 5000', 'trees: 100');
			const { models } = await perch.json<'models/list'>('models', 'list');
			assert.deepEqual(models, []);
		});

		it('trains from the palette', async () => {
			await window.command('Perch: Train');
			await window.toast(/^vitalwatch v1 \(production\) is trained/).waitFor();
			await window.clearToasts();
		});

		it('sees the version, its run and its data in the trees', async () => {
			await window.item('Models', /^v1 production/).waitFor();
			const { models } = await perch.json<'models/list'>('models', 'list');
			assert.deepEqual(
				models.map(({ name }) => name),
				['vitalwatch'],
			);
			const { runs } = await perch.json<'runs/list'>('runs', 'list');
			for (const { name } of runs) await window.item('Runs', new RegExp(`^${name}\\b`)).waitFor();
			const { datasets } = await perch.json<'datasets/list'>('datasets', 'list');
			for (const { name, version, rows } of datasets) {
				const said = `${name} v${version} · ${rows.toLocaleString('en-US')} rows`;
				await window.item('Datasets', new RegExp(`^${said}`)).waitFor();
			}
			const shown = await perch.json<'datasets/show'>('datasets', 'show', 'data/train.csv');
			assert.equal(shown.rows, datasets[0]?.rows);
		});

		it('checks for drift from the palette, and reads in the report what the command line says', async () => {
			await window.command('Perch: Check Drift');
			const panel = await window.panel(/^Drift/);
			const [summary] = (await perch.json<'drift/list'>('drift', 'list')).reports;
			assert.equal(summary?.drift, true);
			const { report } = await perch.json<'drift/show'>('drift', 'show', summary.id);
			await panel.assertFigures(report, report.columns.length);
			await page.getByRole('tab', { name: /^Drift: shifted\.csv/ }).waitFor();
		});

		it('reads the same above the data files', async () => {
			const [report] = (await perch.json<'drift/list'>('drift', 'list')).reports;
			const said = `reference train.csv · ${report?.drifted} of ${report?.columns} columns drifted · PSI max ${report?.psi_max?.toFixed(2)} · Open report`;
			for (const name of ['shifted.csv', 'train.csv']) {
				await window.openFile(name);
				assert.ok((await window.lenses(/reference/)).includes(said));
			}
			await picture('lens');
			await window.lens(/Open report/).click();
			await window.panel(/^Drift/);
		});

		it('serves from the lens above perch.yaml', async () => {
			await window.openFile('perch.yaml');
			const lenses = await window.lenses(/Train/);
			assert.deepEqual(
				['Train', 'Serve', 'Drift'].filter((action) => !lenses.includes(action)),
				[],
			);
			await window.lens(/Serve$/).click();
			await window.toast(/^vitalwatch v1 answers at http/).waitFor();
			await window.clearToasts();
			const { deployments } = await perch.json<'deployments/list'>('deployments', 'list');
			await window.item('Deployments', /^vitalwatch v1/).waitFor();
			await window.item('Deployments', new RegExp(`^${deployments[0]?.serving_uri}`)).waitFor();
			await window.lenses(new RegExp(`serving v1 at ${deployments[0]?.serving_uri}`));
			await picture('project');
		});

		it('finds the report again after the window was reloaded', async () => {
			await page.getByRole('tab', { name: /^Drift: shifted\.csv/ }).click();
			const before = await (await window.panel(/^Drift/)).figures();
			await page.reload();
			await window.ready();
			await page.getByRole('tab', { name: /^Drift: shifted\.csv/ }).click();
			const panel = await window.panel(/^Drift/);
			assert.deepEqual(await panel.figures(), before);
		});

		it('sees in the status bar that Perch is ready, and its menu', async () => {
			await window.statusBar('Perch').click();
			await window.quickPick(/Show Perch/).waitFor();
			await page.keyboard.press('Escape');
		});

		it('finds in the output what was done', async () => {
			await window.command('Perch: Show Log');
			await page
				.locator('.panel .view-line', { hasText: /connected\sto\sthe\sdaemon/ })
				.first()
				.waitFor();
			await window.command('View: Hide Panel');
		});
	});
}
