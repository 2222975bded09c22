import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { cloneAndEdit, openCard, openParent, type RunView, register, show } from '../../webviews/messages/run.ts';
import { closeEach, openPanel, type PanelPage, suiteBrowser } from './panelPage.ts';
import { runView, workingView } from './runSample.ts';

const { detail } = runView;

/** The sample with another run in it. */
function withRun(run: Partial<typeof detail.run>, view: RunView = runView): RunView {
	return { ...view, detail: { ...view.detail, run: { ...view.detail.run, ...run } } };
}

describe('the panel of a run', () => {
	const browser = suiteBrowser();
	let panel: PanelPage;
	closeEach(() => panel);

	const buttons = () => panel.page.locator('vscode-button:visible').allTextContents();

	it('registers a model that no version was made of, and shows its card once there is one', async () => {
		panel = await openPanel(browser(), 'run', 'light', show, withRun({ model: null }));
		const asked: string[] = [];
		panel.host.onRequest(register, () => {
			asked.push('register');
			panel.host.notify(show, withRun({ model: { name: 'flats', version: 1 } }));
			return {};
		});
		for (const type of [openCard, cloneAndEdit]) {
			panel.host.onRequest(type, () => {
				asked.push(type.name);
				return {};
			});
		}
		await panel.page.getByRole('button', { name: 'Register', exact: true }).click();
		await panel.page.getByText('flats v1').waitFor();
		assert.deepEqual(await buttons(), ['Clone and Edit', 'Model Card', 'Open Registry', 'Open as JSON']);
		await panel.page.getByRole('button', { name: 'Model Card' }).press('Enter');
		await panel.page.getByRole('button', { name: 'Clone and Edit' }).press('Enter');
		assert.deepEqual(asked, ['register', 'openCard', 'cloneAndEdit']);
	});

	it('offers no model of a run that failed, and says why it did', async () => {
		const failed = withRun({ status: 'FAILED', model: null, tags: { 'perch.reason': 'price holds 3 texts.' } });
		panel = await openPanel(browser(), 'run', 'dark', show, { ...failed, clonable: false });
		await panel.page.getByText('price holds 3 texts.').waitFor();
		assert.deepEqual(await buttons(), ['Open as JSON']);
	});

	it('opens the tuning of a trial, which is cancelled with it alone', async () => {
		panel = await openPanel(
			browser(),
			'run',
			'dark',
			show,
			withRun({ tags: { 'mlflow.parentRunId': 'abc' } }, workingView),
		);
		const opened = new Promise((done) => {
			panel.host.onRequest(openParent, () => {
				done('parent');
				return {};
			});
		});
		assert.deepEqual(await buttons(), ['Clone and Edit', 'Open Tuning', 'Open as JSON']);
		await panel.page.getByRole('button', { name: 'Open Tuning' }).click();
		assert.equal(await opened, 'parent');
	});

	it('keeps its log at the end while lines come, unless somebody reads further up', async () => {
		const lines = (count: number) =>
			Array.from({ length: count }, (_, at) => ({ time: 0, message: `Growing tree ${at + 1}` }));
		const told = (count: number): RunView => ({ ...workingView, log: { ...workingView.log, lines: lines(count) } });
		panel = await openPanel(browser(), 'run', 'light', show, told(100));
		const log = panel.page.getByRole('region', { name: 'Log' });
		const below = () => log.evaluate((text) => text.scrollHeight - text.scrollTop - text.clientHeight);
		const grow = async (count: number) => {
			panel.host.notify(show, told(count));
			await log.getByText(`Growing tree ${count}`).waitFor({ state: 'attached' });
		};
		assert.ok((await below()) < 4);
		await grow(130);
		assert.ok((await below()) < 4);
		await log.evaluate((text) => text.scrollTo({ top: 0 }));
		await grow(160);
		assert.ok((await below()) > 100);
	});

	it('draws curves that grow, from the figures that a run at work tells', async () => {
		const at = (steps: number): RunView => ({
			...workingView,
			log: { ...workingView.log, figures: workingView.log.figures.slice(0, steps) },
		});
		panel = await openPanel(browser(), 'run', 'light', show, at(1));
		const { page, host } = panel;
		assert.equal(await page.getByRole('heading', { name: 'Curves' }).isVisible(), false);
		host.notify(show, at(5));
		await page.getByText('Show the numbers').first().click();
		const rows = page.getByRole('region', { name: 'Numbers: loss by step' }).locator('tbody tr');
		await rows.nth(4).waitFor();
		host.notify(show, at(9));
		await rows.nth(8).waitFor();
		assert.equal(await rows.count(), 9);
	});
});
