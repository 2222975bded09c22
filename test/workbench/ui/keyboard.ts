import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Session } from './session.ts';

/** Everything without a mouse. */
export function keyboard({ window }: Session): void {
	const { page } = window;
	const focused = (tree: string) => window.tree(tree).locator('.monaco-list-row.focused');
	const press = async (...keys: string[]) => {
		for (const key of keys) await page.keyboard.press(key);
	};

	/** Puts the focus into a tree: keys that come before it is there meet nobody. */
	const focusOn = async (tree: string) => {
		await window.command(`Perch: Focus on ${tree} View`);
		const element = await window.tree(tree).elementHandle();
		await page.waitForFunction((at) => at?.contains(document.activeElement), element);
	};

	describe('By keyboard alone', () => {
		for (const tree of ['Models', 'Runs', 'Deployments', 'Datasets']) {
			it(`walks the tree ${tree}`, async () => {
				await focusOn(tree);
				await press('Home');
				const first = await focused(tree).getAttribute('aria-label');
				await press('End');
				await window.tree(tree).locator('.monaco-list-row.focused:last-child').waitFor();
				await press('Home');
				assert.equal(await focused(tree).getAttribute('aria-label'), first);
				if (tree === 'Runs') return; // a list, without levels
				const row = focused(tree);
				if ((await row.getAttribute('aria-expanded')) === 'true') await press('ArrowLeft');
				await window.tree(tree).locator('.monaco-list-row.focused[aria-expanded=false]').waitFor();
				await press('ArrowRight');
				await window.tree(tree).locator('.monaco-list-row.focused[aria-expanded=true]').waitFor();
				await window.tree(tree).locator('.monaco-list-row[aria-level="2"]').first().waitFor();
				await press('ArrowRight');
				await window.tree(tree).locator('.monaco-list-row.focused[aria-level="2"]').waitFor();
			});
		}

		it('opens the registry, sorts it and leaves a question', async () => {
			await window.closeEditors();
			await focusOn('Models');
			await press('Home', 'ArrowDown');
			await window.tree('Models').locator('.monaco-list-row.focused[aria-level="2"]').waitFor();
			await press('Enter');
			const { frame } = await window.panel(/^Registry/);
			await frame.locator('[data-focus="sort-version"]').waitFor();
			const at = () => frame.evaluate(() => document.activeElement?.getAttribute('data-focus'));
			const tabTo = async (name: string) => {
				for (let steps = 0; (await at()) !== name; steps++) {
					assert.ok(steps < 40, `Tab does not reach ${name}`);
					await press('Tab');
				}
			};
			await frame.locator('main').focus();
			await tabTo('sort-version');
			await press('Enter');
			await frame.locator('th[aria-sort=ascending]').first().waitFor();
			await tabTo('promote-1');
			await press('Enter');
			await frame.locator('[data-focus=reason]').waitFor();
			await press('Escape');
			await frame.locator('[data-focus=reason]').waitFor({ state: 'detached' });
			assert.equal(await at(), 'promote-1');
		});
	});
}
