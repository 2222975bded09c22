import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Session } from './session.ts';

/** Registry, comparison and simulation, each held against the command line. */
export function panels({ window, perch, editProject, picture }: Session): void {
	const { page } = window;

	describe('Panels', () => {
		it('shows a run as the command line has it, and as JSON', async () => {
			const [run] = (await perch.json<'runs/list'>('runs', 'list', '--experiment', 'vitalwatch')).runs;
			await window.item('Runs', new RegExp(`^${run?.name}\\b`)).click();
			const panel = await window.panel(/^Run/);
			const detail = await perch.json<'runs/show'>('runs', 'show', run?.id ?? '');
			const { explanations } = await perch.json<'runs/explanations'>('rpc', 'runs/explanations', `{"id":"${run?.id}"}`);
			await panel.assertFigures({ ...detail, explanations }, Object.keys(detail.run.metrics).length);
			await panel.frame.getByRole('region', { name: 'Log' }).getByText('Reading the data').waitFor();
			await picture('run');
			await panel.frame.locator('vscode-button', { hasText: 'Open as JSON' }).click();
			await page.getByRole('tab', { name: new RegExp(`^${run?.name}\\.json`) }).waitFor();
		});

		it('shows the registry as the command line has it', async () => {
			editProject('trees: 100', 'trees: 150');
			await window.command('Perch: Train');
			await window.toast(/^vitalwatch v2 \(candidate\) is trained/).waitFor();
			await window.clearToasts();
			await window.item('Models', /^v2 candidate/).click();
			const panel = await window.panel(/^Registry/);
			await panel.frame.locator('[data-figure="/model/versions/1/version"]').waitFor();
			await panel.assertFigures(await perch.json<'models/show'>('models', 'show', 'vitalwatch'), 6);
		});

		it('promotes with a reason, by keyboard, and keeps the reason', async () => {
			const { frame } = await window.panel(/^Registry/);
			await frame.locator('[data-focus="promote-2"]').click();
			await page.keyboard.type('tried by hand');
			await page.keyboard.press('Enter');
			await window.item('Models', /^v2 production/).waitFor();
			await frame.getByRole('cell', { name: 'tried by hand' }).first().waitFor();
			const { model, history } = await perch.json<'models/show'>('models', 'show', 'vitalwatch');
			assert.ok(model.versions[0]?.aliases.includes('production'));
			assert.equal(history[0]?.reason, 'tried by hand');
		});

		it('compares runs that were chosen in the tree', async () => {
			const { runs } = await perch.json<'runs/list'>('runs', 'list', '--experiment', 'vitalwatch');
			const [first, second] = runs;
			await window.item('Runs', new RegExp(`^${first?.name}\\b`)).click();
			await page.getByRole('tab', { name: new RegExp(`^Run: ${first?.name}`), selected: true }).waitFor(); // it takes the focus
			await window.item('Runs', new RegExp(`^${second?.name}\\b`)).click({ modifiers: ['Control'] });
			await window.chooseFromMenu(window.item('Runs', new RegExp(`^${second?.name}\\b`)), 'Compare Runs');
			const panel = await window.panel(/^Compar/);
			const ids = runs.slice(0, 2).map(({ id }) => id);
			const compared = await perch.json<'runs/compare'>('runs', 'compare', ...ids);
			assert.ok(compared.rows.some(({ name, values }) => name === 'trees' && values.join() === '150,100'));
			await panel.assertFigures(compared, compared.rows.length);
			await panel.frame.getByText('Copy as Markdown').click();
			await panel.frame.getByText('Copied as Markdown.').first().waitFor();
			assert.equal(await page.evaluate(() => navigator.clipboard.readText()), compared.markdown);
		});

		it('simulates a canary, with the numbers of the command line', async () => {
			await window.command('Perch: Simulate Canary');
			const panel = await window.panel(/^Canary simulation/);
			await panel.frame.getByLabel('Repetitions').fill('40');
			await panel.frame.getByLabel('Requests').fill('600');
			await panel.frame.getByLabel('Seed').fill('7');
			await panel.frame.locator('vscode-button', { hasText: 'Run' }).click();
			await panel.frame.locator('[data-figure="/aa/rollback/share"]').first().waitFor();
			const chosen = ['--repetitions', '40', '--requests', '600', '--seed', '7', '--threads', '1'];
			await panel.assertFigures(await perch.json<'canary/simulate'>('canary', 'simulate', ...chosen), 20);
		});
	});
}
