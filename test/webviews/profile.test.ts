import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'mocha';
import type { Browser, Page } from 'playwright-core';
import { htmlPage } from '../../daemon/data/htmlPage.ts';
import { profileFile } from '../../daemon/data/profile/profile.ts';
import type { ProfileReport } from '../../daemon/protocol/profile.ts';
import { show } from '../../webviews/messages/profile.ts';
import { at, axeFaults, figuresOf, openPanel, startBrowser } from './panelPage.ts';

const dist = join(import.meta.dirname, '../../dist');
const hostile = '</script><img src=x onerror=alert(1)>';

describe('the page of a profile', () => {
	let browser: Browser;
	let folder: string;
	let report: ProfileReport;
	let file: string;
	before(async () => {
		browser = await startBrowser();
		folder = mkdtempSync(join(tmpdir(), 'perch-page-'));
		const rows = Array.from({ length: 400 }, (_, i) => {
			const x = Math.sin(i) * 10;
			const day = new Date(Date.UTC(2024, 0, 1 + (i % 90))).toISOString().slice(0, 10);
			return [
				i,
				x,
				2 * x + Math.cos(i),
				i === 7 ? 90_000 : i % 11,
				day,
				i % 3 === 0 ? '' : `${hostile}${i % 4}`,
				7,
				i % 2 === 0,
			].join();
		});
		const csv = join(folder, 'rows.csv');
		writeFileSync(csv, `id,x,double_x,far,day,${hostile},constant,even\n${rows.join('\n')}\n`);
		report = await profileFile(csv, { scratch: folder });
		file = join(folder, 'page.html');
		writeFileSync(file, page(report));
	});
	after(async () => {
		await browser.close();
		rmSync(folder, { recursive: true, force: true });
	});

	function page(shown: ProfileReport): string {
		const asset = (ending: string) => readFileSync(join(dist, `profile.${ending}`), 'utf8');
		return htmlPage('Profile', shown, { script: asset('js'), style: asset('css') });
	}

	for (const theme of ['dark', 'light'] as const) {
		it(`keeps to the policy and to axe as a panel in ${theme}`, async () => {
			const panel = await openPanel(browser, 'profilePanel', theme, show, { root: folder, readOnly: false, report });
			try {
				await panel.page.getByRole('button', { name: 'far', exact: true }).click();
				assert.deepEqual(await axeFaults(panel.page), []);
				assert.equal(await panel.page.locator('img').count(), 0, 'a hostile name stays text');
				assert.deepEqual(await panel.state(), { version: 1, root: folder, file: report.file });
				assert.deepEqual(await panel.faults(), []);
			} finally {
				await panel.close();
			}
		});
	}

	async function opened(
		colorScheme: 'light' | 'dark',
		width: number,
		work: (page: Page, noise: string[]) => Promise<void>,
	) {
		const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
		try {
			const shown = await context.newPage();
			const noise: string[] = [];
			shown.on('console', (message) => noise.push(message.text()));
			shown.on('pageerror', ({ message }) => noise.push(message));
			await shown.goto(pathToFileURL(file).href);
			for (const name of ['far', hostile, 'day']) await shown.getByRole('button', { name, exact: true }).click();
			await work(shown, noise);
		} finally {
			await context.close();
		}
	}

	for (const scheme of ['light', 'dark'] as const) {
		it(`keeps to its policy and to axe in ${scheme}, and shows the numbers of the JSON`, async () => {
			await opened(scheme, 1100, async (shown, noise) => {
				await shown.getByText('Show the numbers').first().click();
				assert.deepEqual(await axeFaults(shown), []);
				const figures = await figuresOf(shown);
				for (const { place, value } of figures) assert.equal(value, String(at(report, place) ?? null), place);
				const known = new Set(figures.map(({ place }) => place));
				for (const place of [
					...['/duplicates', '/columns/3/histogram/above', '/columns/3/quantiles/p99', '/columns/5/top/0/count'],
					...['/columns/4/min', '/correlations/pearson/values/1/2'],
				]) {
					assert.ok(known.has(place), place);
				}
				assert.equal(await shown.locator('img').count(), 0, 'a hostile name stays text');
				assert.deepEqual(noise, []);
			});
		});
	}

	it('changes the kind of correlation, filters, and sorts', async () => {
		await opened('light', 1100, async (shown) => {
			await shown.getByRole('button', { name: 'Spearman' }).press('Enter');
			assert.ok(await shown.getByRole('region', { name: /^Spearman/ }).isVisible());
			await shown.getByRole('button', { name: 'Nulls' }).click();
			assert.match((await shown.locator('tr.line').first().textContent()) ?? '', /onerror/);
			await shown.getByRole('searchbox').fill('CONST');
			assert.equal(await shown.locator('tr.line').count(), 1);
			assert.ok(await shown.getByText('1 of 8 shown').isVisible());
		});
	});

	it('fits a phone: nothing but tables scrolls sideways', async () => {
		await opened('light', 390, async (shown) => {
			assert.ok((await shown.evaluate(() => document.documentElement.scrollWidth)) <= 390);
		});
	});

	it('stays under 500 kB for 20 columns', async () => {
		const columns = Array.from({ length: 20 }, (_, k) => `i * ${k + 1} % 9973 / 7 AS number_${k}`).join(', ');
		const path = join(folder, 'wide.parquet');
		const { withDuckdb } = await import('../../daemon/data/duckdb.ts');
		await withDuckdb((connection) => connection.run(`COPY (SELECT ${columns} FROM range(50000) t(i)) TO '${path}'`));
		assert.ok(Buffer.byteLength(page(await profileFile(path, { scratch: folder }))) < 500_000);
	});
});
