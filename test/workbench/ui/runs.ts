import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { assertAccessible } from './panel.ts';
import type { Session } from './session.ts';

/** Flats whose rent follows from what is known of them; a file that registers nothing. */
const project = `name: flats
data:
  source:
    simulate:
      seed: 11
      rows: 20000
      columns:
        size: {base: 70, log: true, noise: 0.3, min: 15, max: 300, decimals: 1, missing: 4%}
        floor: {base: 3, noise: 2, min: 0, max: 20, decimals: 0}
        district: {categories: {North: 30, South: 25, Harbour: 20, Old Town: 15, Hill: 10}}
        luck: {base: 0, noise: 60}
      derive:
        rent: "round(120 + 11 * coalesce(size, 70) + 6 * floor + if(district = 'Harbour', 150, 0) + luck)"
      drop: [luck, timestamp]
  target: rent
model: {type: gradient_boosting, params: {trees: 60, early_stopping: 40, learning_rate: 0.05}}
validate: [{metric: r2, min: 0.8}]
`;

/** The panel of a run while it trains and after, and what is done from there. */
export function runs({
	window,
	workbench,
	perch,
	picture,
}: Pick<Session, 'window' | 'workbench' | 'perch' | 'picture'>): void {
	const { page } = window;
	const newest = async () => (await perch.json<'runs/list'>('runs', 'list', '--experiment', 'flats')).runs[0];

	describe('The panel of a run', () => {
		it('follows a training with its curves and its log, and cancels it', async () => {
			await window.closeEditors();
			await window.openContainer();
			writeFileSync(join(workbench.folder, 'flats.yaml'), project);
			const forever = ['trees=10000', 'learning_rate=0.0005', 'max_leaves=1000'].flatMap((one) => [
				'--set',
				`model.params.${one}`,
			]);
			const training = perch.json<'train'>('train', '--config', 'flats.yaml', ...forever).then(
				() => 'done',
				() => 'ended',
			);
			await window.item('Runs', /running/).click();
			const { frame } = await window.panel(/^Run/);
			await frame.getByRole('heading', { name: 'Curves' }).waitFor();
			await frame.getByRole('region', { name: 'Log' }).getByText('Growing tree 50', { exact: false }).first().waitFor();
			await assertAccessible(page);
			await picture('runAtWork');
			await frame.getByRole('button', { name: 'Cancel' }).click();
			assert.equal(await training, 'ended');
			await frame.getByText('flats · ended').waitFor();
			assert.equal((await newest())?.status, 'KILLED');
		});

		it('shows what came of one, and registers the model that nothing registered', async () => {
			const { run } = await perch.json<'train'>('train', '--config', 'flats.yaml');
			await window.item('Runs', new RegExp(`^${run.name}\\b`)).click();
			const panel = await window.panel(`Run: ${run.name}`);
			const detail = await perch.json<'runs/show'>('runs', 'show', run.id);
			const { explanations } = await perch.json<'runs/explanations'>('runs', 'explanations', run.id);
			await panel.assertFigures({ ...detail, explanations }, Object.keys(run.metrics).length);
			await panel.frame.getByRole('button', { name: 'Register' }).click();
			await window.answer('flats');
			await window.toast('flats v1 is registered as production.').waitFor();
			await window.clearToasts();
			await window.item('Models', /r2 0\.9/).waitFor();
			await panel.frame.getByText(/finished · .*flats v1/).waitFor();
			await panel.frame.locator('canvas').first().waitFor();
			await assertAccessible(page);
			await picture('runAfter');
		});

		it('opens the card of its version, and its file to be changed', async () => {
			const { frame } = await window.panel(/^Run/);
			await frame.getByRole('button', { name: 'Clone and Edit' }).click();
			await page.getByRole('tab', { name: /^flats\.yaml/ }).waitFor();
			await window.command('File: Revert File'); // where the run stopped early, it has fewer trees now
			await page
				.getByRole('tab', { name: /^Run: / })
				.last()
				.click();
			const again = await window.panel(/^Run/);
			await again.frame.getByRole('button', { name: 'Model Card' }).click();
			await page.getByRole('tab', { name: /^Preview flats v1\.md/ }).waitFor();
			await window.closeEditors();
		});
	});
}
