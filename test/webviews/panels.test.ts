import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Channel } from '../../webviews/messages/channel.ts';
import { show as showComparison } from '../../webviews/messages/compare.ts';
import { show as showDrift } from '../../webviews/messages/drift.ts';
import { show as showHistory } from '../../webviews/messages/history.ts';
import type { NotificationType } from '../../webviews/messages/message.ts';
import { show as showRegistry } from '../../webviews/messages/registry.ts';
import { show as showRun } from '../../webviews/messages/run.ts';
import { show as showSimulation } from '../../webviews/messages/simulation.ts';
import { show as showTuning } from '../../webviews/messages/tuning.ts';
import { driftView } from './driftSample.ts';
import { historyView } from './historySample.ts';
import { at, axeFaults, figuresOf, openPanel, type PanelPage, suiteBrowser, themeNames } from './panelPage.ts';
import { runView, workingView } from './runSample.ts';
import { compareView, registryView, simulationView } from './samples.ts';
import { tuningView } from './tuningSample.ts';

interface Subject {
	/** Of its bundle. */
	readonly name: string;
	/** Where a bundle is looked at more than once. */
	readonly called?: string;
	readonly show: NotificationType;
	readonly view: Parameters<Channel['notify']>[1];
	/** What the command line gives with `--json` for the same thing. */
	readonly json: unknown;
	/** Places that must be among the figures. */
	readonly places: readonly string[];
	/** Opens what is closed at first, so that it is looked at too. */
	readonly unfold?: (panel: PanelPage) => Promise<void>;
}

const subjects: readonly Subject[] = [
	{
		name: 'drift',
		show: showDrift,
		view: driftView,
		json: driftView.report,
		places: [
			'/share',
			'/threshold',
			'/columns/0/statistic',
			'/columns/0/statistics/psi',
			'/columns/0/segments/found/0/effect',
			'/predictions/columns/0/effect',
			'/target/effect',
			'/performance/classification/figures/current/precision',
			'/performance/classification/confusion/current/1/0',
			'/performance/features/0/parts/0/current/accuracy',
			'/chunks/left_out',
			'/chunks/columns/0/beyond',
		],
		async unfold({ page }) {
			for (const row of ['heart_rate', 'ward_phone']) await page.getByRole('button', { name: row }).click();
			await page.getByText('Show the numbers').first().click();
		},
	},
	{
		name: 'history',
		show: showHistory,
		view: historyView,
		json: historyView.history,
		places: ['/reports/9/share', '/reports/0/threshold', '/columns/1/points/9/score'],
		unfold: ({ page }) => page.getByText('Show the numbers').nth(1).click(),
	},
	{
		name: 'registry',
		show: showRegistry,
		view: registryView,
		json: registryView,
		places: ['/model/versions/0/metrics/f1', '/model/versions/1/metrics/f1', '/model/versions/2/dataset/digest'],
		async unfold({ page }) {
			await page.getByRole('button', { name: 'Promote version 5' }).click();
			await page.getByRole('button', { name: 'Promote', exact: true }).click();
			await page.getByText('Say why').waitFor();
		},
	},
	{
		name: 'run',
		show: showRun,
		view: runView,
		json: { ...runView.detail, explanations: runView.explanations },
		places: [
			'/run/metrics/f1',
			'/run/params/trees',
			'/datasets/0/digest',
			'/explanations/importance/columns/0/mean',
			'/explanations/confusion/counts/1/0',
		],
		unfold: ({ page }) => page.getByText('Show the numbers').first().click(),
	},
	{ name: 'run', called: 'run at work', show: showRun, view: workingView, json: workingView.detail, places: [] },
	{
		name: 'compare',
		show: showComparison,
		view: compareView,
		json: compareView.comparison,
		places: ['/rows/0/values/1', '/rows/0/values/2', '/rows/4/values/2'],
		unfold: ({ page }) => page.getByText('Show the numbers').click(),
	},
	{
		name: 'tuning',
		show: showTuning,
		view: tuningView,
		json: tuningView.tuning,
		places: ['/trials/0/value', '/trials/0/spread', '/trials/23/value'],
		async unfold({ page }) {
			for (const numbers of await page.getByText('Show the numbers').all()) await numbers.click();
		},
	},
	{
		name: 'simulation',
		show: showSimulation,
		view: simulationView,
		json: simulationView.result,
		places: ['/rollback/share', '/aa/rollback/low', '/harm/2/outcome/requests/p95', '/exposure/mean'],
		async unfold({ page }) {
			await page.getByText('Show the numbers').click();
			await page.getByLabel('Repetitions').fill('0');
			await page.getByRole('button', { name: 'Run' }).click();
		},
	},
];

describe('panels', () => {
	const browser = suiteBrowser();

	for (const { name, called = name, show, view, json, places, unfold } of subjects) {
		for (const theme of themeNames) {
			it(`${called} keeps to the policy and to axe in ${theme}`, async () => {
				const panel = await openPanel(browser(), name, theme, show, view);
				try {
					assert.deepEqual(await axeFaults(panel.page), []);
					await unfold?.(panel);
					assert.deepEqual(await axeFaults(panel.page), []);
					assert.equal(await panel.page.locator('img').count(), 0, 'a hostile name stays text');
					assert.deepEqual(await panel.faults(), []);
				} finally {
					await panel.close();
				}
			});
		}

		it(`${called} fits a narrow column`, async () => {
			const panel = await openPanel(browser(), name, 'light', show, view);
			try {
				await panel.page.setViewportSize({ width: 420, height: 700 });
				await unfold?.(panel);
				const width = await panel.page.evaluate(() => document.documentElement.scrollWidth);
				assert.ok(width <= 420, `nothing but tables scrolls sideways, not ${width}`);
			} finally {
				await panel.close();
			}
		});

		it(`${called} shows the numbers of the JSON`, async () => {
			const panel = await openPanel(browser(), name, 'dark', show, view);
			try {
				await unfold?.(panel);
				const figures = await figuresOf(panel.page);
				for (const { place, value } of figures) {
					const expected = at(json, place);
					assert.equal(value, String(expected ?? null), place);
				}
				const known = new Set(figures.map(({ place }) => place));
				assert.deepEqual(
					places.filter((place) => !known.has(place)),
					[],
				);
			} finally {
				await panel.close();
			}
		});
	}
});
