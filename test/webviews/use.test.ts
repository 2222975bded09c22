import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { PerchError } from '../../daemon/protocol/errors.ts';
import { copy, openRun, showAll, show as showComparison } from '../../webviews/messages/compare.ts';
import { check, openReport, show as showHistory } from '../../webviews/messages/history.ts';
import { failed, ready } from '../../webviews/messages/message.ts';
import {
	promote,
	type RegistryView,
	rollback,
	select,
	show as showRegistry,
} from '../../webviews/messages/registry.ts';
import {
	cancel,
	progress,
	run,
	type SimulationSettings,
	show as showSimulation,
} from '../../webviews/messages/simulation.ts';
import { historyView } from './historySample.ts';
import { axeFaults, closeEach, openPanel, type PanelPage, suiteBrowser } from './panelPage.ts';
import { compareView, registryView, simulationSettings, simulationView } from './samples.ts';

/** Names what has the focus: its `data-focus` or its text. */
function focused({ page }: PanelPage): Promise<string> {
	return page.evaluate(() => {
		const active = document.activeElement;
		if (!(active instanceof HTMLElement) || active === document.body) return 'nothing';
		return active.dataset['focus'] ?? (active.getAttribute('aria-label') || active.textContent) ?? '';
	});
}

describe('panels in use', () => {
	const browser = suiteBrowser();
	let panel: PanelPage;
	closeEach(() => panel);

	describe('drift history', () => {
		it('begins with what drifts, finds a column, and opens a report by keyboard', async () => {
			panel = await openPanel(browser(), 'history', 'dark', showHistory, historyView);
			const asked: unknown[] = [];
			panel.host.onRequest(openReport, ({ id }) => {
				asked.push(id);
				return {};
			});
			panel.host.onRequest(check, () => {
				asked.push('again');
				return {};
			});
			const { page } = panel;
			const names = () => page.locator('.column-card h3').allTextContents();
			assert.deepEqual((await names())[0], 'heart_rate');
			await page.getByLabel('Filter columns by name').fill('SPO');
			assert.deepEqual(await names(), ['spo2']);
			assert.deepEqual(await page.getByRole('status').allTextContents(), ['', '1 of 4 shown']);
			const [newest] = historyView.history.reports.slice(-1);
			await page.locator(`[data-focus="report-${newest?.id}"]`).focus();
			await page.keyboard.press('Enter');
			await page.getByRole('button', { name: 'Check Again' }).click();
			assert.deepEqual(asked, [newest?.id, 'again']);
			assert.equal(((await panel.state()) as { text: string }).text, 'SPO');
		});

		it('offers nothing that runs in Restricted Mode, and says when there is no report', async () => {
			const history = { reports: [], columns: [] };
			panel = await openPanel(browser(), 'history', 'light', showHistory, { ...historyView, readOnly: true, history });
			await panel.page.getByText('No report yet.').waitFor();
			assert.equal(await panel.page.getByRole('button', { name: 'Check Again' }).isVisible(), false);
		});
	});

	describe('registry', () => {
		const open = (view: RegistryView = registryView, state?: unknown) =>
			openPanel(browser(), 'registry', 'dark', showRegistry, view, state);

		it('promotes by keyboard alone, with a reason, and gives the focus back', async () => {
			panel = await open();
			const asked: unknown[] = [];
			panel.host.onRequest(promote, (params) => {
				asked.push(params);
				const [version] = registryView.model.versions;
				assert.ok(version !== undefined);
				const promoted = { ...version, aliases: ['production'] };
				panel.host.notify(showRegistry, {
					...registryView,
					model: { ...registryView.model, versions: [promoted, ...registryView.model.versions.slice(1)] },
				});
				return { version: promoted, previous: 3 };
			});
			const { page } = panel;
			await page.getByRole('button', { name: 'Promote version 5' }).focus();
			await page.keyboard.press('Enter');
			assert.equal(await focused(panel), 'reason');
			await page.keyboard.press('Enter');
			await page.getByText('Say why').waitFor();
			await page.keyboard.type('Fewer false alarms at night.');
			await page.keyboard.press('Enter');
			await page.getByText('Promote version 5 to production').waitFor({ state: 'detached' });
			assert.deepEqual(asked, [{ model: 'vitalwatch', version: 5, reason: 'Fewer false alarms at night.' }]);
			assert.equal(await focused(panel), 'Versions');
			assert.equal(await page.getByRole('status').textContent(), 'Version 5: promote done.');
		});

		it('keeps what is being typed when a new picture comes', async () => {
			panel = await open();
			const { page } = panel;
			await page.getByRole('button', { name: 'Roll Back…' }).click();
			await page.keyboard.type('The ward called');
			panel.host.notify(showRegistry, { ...registryView, history: registryView.history.slice(1) });
			await page.locator('tr[data-key="19"]').waitFor({ state: 'detached' });
			await page.keyboard.type(' twice.');
			assert.equal(await page.getByRole('textbox', { name: 'Reason' }).inputValue(), 'The ward called twice.');
		});

		it('keeps the form when a change is refused, and closes it with Escape', async () => {
			panel = await open();
			panel.host.onRequest(rollback, () => {
				throw new PerchError('not_found', 'There is no version before 3.', { hint: 'Train another.' });
			});
			const { page } = panel;
			await page.getByRole('button', { name: 'Roll Back…' }).click();
			await page.keyboard.type('No good.');
			await page.getByRole('button', { name: 'Roll Back', exact: true }).click();
			await page.getByText('There is no version before 3.').waitFor();
			await page.getByRole('textbox', { name: 'Reason' }).focus();
			await page.keyboard.press('Escape');
			assert.equal(await page.getByRole('textbox', { name: 'Reason' }).count(), 0);
			assert.equal(await focused(panel), 'rollback');
		});

		it('holds the focus on a button of a row that moves', async () => {
			panel = await open();
			const { page } = panel;
			await page.getByRole('button', { name: 'Archive version 3' }).focus();
			panel.host.notify(showRegistry, {
				...registryView,
				model: { ...registryView.model, versions: registryView.model.versions.toReversed() },
			});
			await page.locator('tbody tr').first().filter({ hasText: 'failed' }).waitFor();
			assert.equal(await focused(panel), 'archive-3');
		});

		it('sorts by a heading, says so, and keeps it over a reload', async () => {
			panel = await open();
			const { page } = panel;
			const heading = page.getByRole('columnheader', { name: 'f1' });
			await heading.getByRole('button').focus();
			await page.keyboard.press('Enter');
			await page.keyboard.press('Enter');
			assert.equal(await heading.getAttribute('aria-sort'), 'descending');
			const versions = page.locator('tbody').first().locator('tr');
			assert.deepEqual(await versions.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-key'))), [
				'5',
				'3',
				'1',
				'4',
				'2',
			]);
			const state = await panel.state();
			assert.deepEqual(state, {
				version: 1,
				root: registryView.root,
				model: 'vitalwatch',
				sort: { column: 'metric-f1', descending: true },
			});
			await panel.close();
			panel = await open(registryView, state);
			assert.equal(await panel.page.getByRole('columnheader', { name: 'f1' }).getAttribute('aria-sort'), 'descending');
		});

		it('shows another model on demand', async () => {
			panel = await open();
			const selected = new Promise<string>((resolve) => {
				panel.host.onRequest(select, ({ name }) => {
					resolve(name);
					return {};
				});
			});
			await panel.page.getByRole('combobox', { name: 'Model' }).click();
			await panel.page.getByRole('option', { name: 'home-prices' }).click();
			assert.equal(await selected, 'home-prices');
		});

		it('offers no change in Restricted Mode', async () => {
			panel = await open({ ...registryView, readOnly: true });
			assert.equal(await panel.page.getByRole('button', { name: /Promote|Archive|Roll Back|Restore/ }).count(), 0);
			assert.ok(await panel.page.getByText('Restricted Mode').isVisible());
			assert.deepEqual(await axeFaults(panel.page), []);
		});

		it('says why there is nothing to show, and tries again', async () => {
			panel = await open();
			const { page, host } = panel;
			host.notify(failed, {
				error: { code: 'daemon_unavailable', message: 'The daemon is not there.', hint: 'Start it.' },
			});
			await page.getByText('The daemon is not there.').waitFor();
			assert.deepEqual(await axeFaults(page), []);
			const again = new Promise<void>((resolve) => host.onNotification(ready, () => resolve()));
			await page.getByRole('button', { name: 'Try Again' }).click();
			await again;
		});
	});

	describe('comparison', () => {
		const open = () => openPanel(browser(), 'compare', 'light', showComparison, compareView);

		it('copies in both forms, opens runs, and asks for all lines', async () => {
			panel = await open();
			const asked: unknown[] = [];
			panel.host.onRequest(copy, ({ format }) => {
				asked.push(format);
				return {};
			});
			panel.host.onRequest(openRun, ({ id }) => {
				asked.push(id);
				return {};
			});
			panel.host.onRequest(showAll, ({ all }) => {
				asked.push(all);
				panel.host.notify(showComparison, { ...compareView, all });
				return {};
			});
			const { page } = panel;
			await page.getByRole('button', { name: 'Copy as Markdown' }).click();
			await page.getByText('Copied as Markdown.').first().waitFor();
			await page.getByRole('button', { name: 'Copy as CSV' }).press('Enter');
			await page.getByText('Copied as CSV.').first().waitFor();
			await page.getByRole('button', { name: 'wide windows' }).click();
			await page.getByRole('checkbox').press('Space');
			await page.getByText('Every line is shown').waitFor();
			assert.deepEqual(asked, ['markdown', 'csv', compareView.comparison.runs[1]?.id, true]);
			assert.equal(await page.getByRole('checkbox').getAttribute('aria-checked'), 'true');
			assert.deepEqual(await panel.state(), {
				version: 1,
				root: compareView.root,
				ids: compareView.comparison.runs.map(({ id }) => id),
				all: true,
			});
		});

		it('asks for nothing when it is shown with all lines', async () => {
			const asked: boolean[] = [];
			panel = await openPanel(browser(), 'compare', 'light', showComparison, { ...compareView, all: true });
			panel.host.onRequest(showAll, ({ all }) => {
				asked.push(all);
				return {};
			});
			await panel.page.getByRole('checkbox').press('Space');
			await panel.page.getByRole('checkbox', { checked: false }).waitFor();
			await panel.page.waitForFunction(() => document.querySelector('.alerts')?.childElementCount === 0);
			assert.deepEqual(asked, [false]);
		});

		it('marks the best value with a word', async () => {
			panel = await open();
			const row = panel.page.getByRole('row', { name: 'false_alarms_per_hour' });
			assert.deepEqual(await row.getByRole('cell').allTextContents(), ['4.2', '3.000', '2.75best']);
		});

		it('draws its chart anew in the colours of a new theme', async () => {
			panel = await open();
			const { page } = panel;
			const drawn = () => page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
			const blank = await page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
				const empty = document.createElement('canvas');
				empty.width = canvas.width;
				empty.height = canvas.height;
				return empty.toDataURL();
			});
			const light = await drawn();
			assert.notEqual(light, blank);
			await panel.setTheme('highContrast');
			await page.waitForFunction((before) => document.querySelector('canvas')?.toDataURL() !== before, light);
			await panel.setTheme('light');
			await page.waitForFunction((before) => document.querySelector('canvas')?.toDataURL() === before, light);
		});

		it('says so where there is nothing to draw', async () => {
			panel = await open();
			panel.host.notify(showComparison, {
				...compareView,
				comparison: { ...compareView.comparison, rows: [], chart: null },
			});
			await panel.page.getByText('No chart').waitFor();
			assert.equal(await panel.page.locator('canvas').isVisible(), false);
			assert.ok(await panel.page.getByText('differ in nothing').isVisible());
		});
	});

	describe('simulation', () => {
		const empty = { ...simulationView, result: null };

		it('runs with the settings of the form, tells of its progress, and is cancelled by keyboard', async () => {
			panel = await openPanel(browser(), 'simulation', 'dark', showSimulation, empty);
			const { page, host } = panel;
			let stop = (_: PerchError) => {};
			const started = new Promise<SimulationSettings>((resolve) => {
				host.onRequest(run, ({ settings }) => {
					resolve(settings);
					return new Promise((_, reject) => {
						stop = reject;
					});
				});
			});
			host.onRequest(cancel, () => {
				stop(new PerchError('cancelled', 'Cancelled.'));
				return {};
			});
			await page.getByLabel('Repetitions').fill('250');
			await page.getByLabel('Share').fill('0.25');
			await page.getByRole('button', { name: 'Run' }).focus();
			await page.keyboard.press('Enter');
			assert.deepEqual(await started, { ...simulationSettings, repetitions: 250, share: 0.25 });
			assert.equal(await focused(panel), 'Cancel');
			host.notify(progress, { message: '130 of 250 repetitions', share: 0.52 });
			await page.getByText('130 of 250 repetitions · 52.0 %').waitFor();
			assert.equal(await page.getByRole('progressbar').getAttribute('value'), '0.52');
			assert.equal(await page.getByRole('status').textContent(), '50 percent');
			assert.deepEqual(await axeFaults(page), []);
			await page.keyboard.press('Enter');
			await page.getByRole('progressbar').waitFor({ state: 'hidden' });
			assert.equal(await focused(panel), 'Run');
			assert.equal(await page.getByRole('status').textContent(), 'The simulation was cancelled.');
		});

		it('shows and announces the result', async () => {
			panel = await openPanel(browser(), 'simulation', 'dark', showSimulation, empty);
			const { page, host } = panel;
			host.onRequest(run, () => {
				host.notify(showSimulation, simulationView);
				return {};
			});
			await page.getByLabel('Seed').press('Enter');
			await page.getByRole('heading', { name: 'A/A twin' }).waitFor();
			await page.getByText('Done. 3.4 % rolled back; the A/A twin 1.9 %.').waitFor({ state: 'attached' });
		});

		it('takes up what ran before a reload, with its settings', async () => {
			const running = { ...empty, running: { message: 'Repetition 3', share: 0.1 } };
			const settings = { ...simulationSettings, traffic: 'data/night.csv', repetitions: 42 };
			panel = await openPanel(browser(), 'simulation', 'dark', showSimulation, running, {
				version: 1,
				root: empty.root,
				deployment: empty.deployment,
				config: null,
				settings,
			});
			const { page } = panel;
			assert.ok(await page.getByRole('button', { name: 'Cancel' }).isVisible());
			assert.equal(await page.getByLabel('Repetitions').inputValue(), '42');
			assert.equal(await page.getByRole('textbox', { name: 'Data file' }).inputValue(), 'data/night.csv');
		});

		it('names what is wrong in the form, beside the field', async () => {
			panel = await openPanel(browser(), 'simulation', 'dark', showSimulation, empty);
			const { page } = panel;
			await page.getByLabel('Share').fill('3');
			await page.getByRole('button', { name: 'Run' }).click();
			const share = page.getByLabel('Share');
			assert.equal(await share.getAttribute('aria-invalid'), 'true');
			const described = (await share.getAttribute('aria-describedby'))?.split(' ')[1];
			assert.match((await page.locator(`#${described}`).textContent()) ?? '', /<=1, found 3/);
			assert.equal(await share.evaluate((input) => input === document.activeElement), true);
		});

		it('runs nothing in Restricted Mode', async () => {
			panel = await openPanel(browser(), 'simulation', 'dark', showSimulation, { ...empty, readOnly: true });
			const { page, host } = panel;
			host.onRequest(run, () => assert.fail('nothing may run'));
			await page.getByLabel('Seed').press('Enter');
			assert.ok(await page.getByText('Restricted Mode').isVisible());
			assert.equal(await page.getByRole('progressbar').isVisible(), false);
			assert.deepEqual(await axeFaults(page), []);
		});
	});
});
