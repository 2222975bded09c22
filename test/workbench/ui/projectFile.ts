import { describe, it } from 'mocha';
import type { Session } from './session.ts';

/** perch.yaml as a person writes it: completed and marked. */
export function projectFile({ window, picture }: Pick<Session, 'window' | 'picture'>): void {
	const { page } = window;
	const squiggle = page.locator('.monaco-editor .squiggly-error');
	const suggestion = (text: string) => page.locator('.suggest-widget .monaco-list-row', { hasText: text }).first();
	const emptyLine = async () => {
		for (const key of ['End', 'Shift+Home', 'Delete']) await page.keyboard.press(key);
	};

	describe('perch.yaml', () => {
		it('completes the columns of the data', async () => {
			await window.closeEditors();
			await window.openFile('perch.yaml');
			await window.lenses(/Train/);
			await page.locator('.monaco-editor .view-line', { hasText: 'drift:' }).first().click();
			await page.keyboard.press('Control+End');
			await page.keyboard.type('checks: [{column: ');
			await suggestion('heart_rate').waitFor();
			await suggestion('spo2').waitFor();
			await picture('completion');
			await page.keyboard.press('Escape');
		});

		it('marks a column that the data do not have, and puts right what was meant', async () => {
			await page.keyboard.type('hart_rate, max: 250');
			await page.keyboard.press('Escape');
			await squiggle.first().waitFor();
			await picture('unknownColumn');
			await page.getByText('hart_rate').first().click();
			await window.command('Quick Fix');
			await page.locator('.action-widget .monaco-list-row', { hasText: 'Change to heart_rate' }).click();
			await squiggle.first().waitFor({ state: 'detached' });
			await page.locator('.monaco-editor .view-line', { hasText: /column:.heart_rate/ }).waitFor();
			await emptyLine();
			await page.locator('.monaco-editor .view-line', { hasText: /^checks:/ }).waitFor({ state: 'detached' });
		});

		it('marks what cannot be together', async () => {
			await page.keyboard.press('Control+End');
			await page.keyboard.type('split: {by: stratified, folds: 5}');
			await page.keyboard.press('Escape');
			await page
				.locator('.monaco-editor .view-line', { hasText: /episode/ })
				.first()
				.click();
			await page.keyboard.press('Home');
			await page.keyboard.type('# ');
			await squiggle.first().waitFor();
			await picture('impossible');
			for (let sign = 0; sign < 2; sign++) await page.keyboard.press('Backspace');
			await squiggle.first().waitFor({ state: 'detached' });
			await page.keyboard.press('Control+End');
			await emptyLine();
			await window.command('File: Save');
			await page.locator('.tab.dirty').waitFor({ state: 'detached' });
			await window.closeEditors();
		});
	});
}
