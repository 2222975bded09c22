import { describe, it } from 'mocha';
import type { Session } from './session.ts';

/** perch.yaml as a person writes it: completed, explained, marked and mended. */
export function projectFile({ window, picture }: Pick<Session, 'window' | 'picture'>): void {
	const { page } = window;
	const suggestion = (text: string) => page.locator('.suggest-widget .monaco-list-row', { hasText: text }).first();

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

		it('marks a column that the data do not have, and offers the one that was meant', async () => {
			await page.keyboard.type('hart_rate, max: 250');
			await page.keyboard.press('Escape');
			await page.locator('.monaco-editor .squiggly-error').first().waitFor();
			await window.command('Next Problem in Files');
			await page.keyboard.press('Escape');
			await page.keyboard.press('Control+.');
			await page
				.getByText(/^Change to heart_rate/)
				.first()
				.waitFor();
			await picture('mend');
			await page.keyboard.press('Enter');
			await page.locator('.monaco-editor .squiggly-error').first().waitFor({ state: 'detached' });
			await window.command('File: Revert File');
			await window.closeEditors();
		});
	});
}
