import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { cancel, openRun, show } from '../../webviews/messages/tuning.ts';
import { openPanel, type PanelPage, suiteBrowser } from './panelPage.ts';
import { tuningView } from './tuningSample.ts';

const { tuning } = tuningView;

describe('the panel of a tuning', () => {
	const browser = suiteBrowser();
	let panel: PanelPage;
	afterEach(() => panel.close());

	it('opens runs, keeps its order, and cancels, until there is nothing to cancel', async () => {
		panel = await openPanel(browser(), 'tuning', 'light', show, tuningView);
		const { page, host } = panel;
		const asked: unknown[] = [];
		host.onRequest(openRun, ({ id }) => {
			asked.push(id);
			return {};
		});
		host.onRequest(cancel, () => {
			asked.push('cancel');
			host.notify(show, {
				...tuningView,
				tuning: { ...tuning, at_work: false, run: { ...tuning.run, status: 'KILLED' } },
			});
			return {};
		});
		await page.getByRole('button', { name: '15', exact: true }).press('Enter');
		await page.getByRole('button', { name: 'mae', exact: true }).click();
		assert.equal(
			(await page.locator('tbody tr').first().locator('th').innerText()).replace(/\s+/g, ' '),
			'15 the best',
		);
		await page.getByRole('button', { name: 'Cancel' }).click();
		await page.getByText('train again, and it goes on from here').waitFor();
		assert.equal(await page.getByRole('button', { name: 'Cancel' }).isVisible(), false);
		assert.deepEqual(asked, [tuning.trials[14]?.run, 'cancel']);
		const { id, name } = tuning.run;
		const kept = { version: 1, root: tuningView.root, id, name, sort: { column: 'value', descending: false } };
		assert.deepEqual(await panel.state(), kept);
	});

	it('begins without a trial, and draws as they come', async () => {
		const begun = { ...tuning, trials: [], best: null, importance: null, metric: null };
		panel = await openPanel(browser(), 'tuning', 'dark', show, { ...tuningView, tuning: begun });
		const { page, host } = panel;
		await page.getByText('No trial has begun.').waitFor();
		assert.equal(await page.getByText('Best so far').first().isVisible(), false);
		host.notify(show, {
			...tuningView,
			readOnly: true,
			tuning: { ...tuning, trials: tuning.trials.slice(0, 3), best: 1, importance: null },
		});
		await page.getByText('Which params matter is told from ten measured trials on.').waitFor();
		assert.equal(await page.locator('canvas').first().isVisible(), true);
		assert.equal(await page.getByRole('button', { name: 'Cancel' }).isVisible(), false);
		assert.deepEqual(await panel.faults(), []);
	});
});
