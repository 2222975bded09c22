import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Session } from './session.ts';

/** A folder that has been worked in, opened in a window that does not trust it. */
export function restrictedMode({ window, perch, picture }: Session): void {
	const { page } = window;

	describe('In Restricted Mode', () => {
		it('shows what is kept', async () => {
			await window.openContainer();
			await window.item('Models', /^v1 production/).waitFor();
			await picture('restricted');
		});

		it('runs nothing, and says why', async () => {
			await page.keyboard.press('F1');
			await page.keyboard.type('Perch: ');
			await window.quickPick('Perch: Show Log').waitFor();
			assert.equal(await window.quickPick('Perch: Train').count(), 0);
			await page.keyboard.press('Escape');
			await assert.rejects(perch.json('train'), /read_only/);
		});

		it('works once the folder is trusted', async () => {
			await window.statusBar('Restricted Mode').click();
			await page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
			await window.statusBar('Restricted Mode').waitFor({ state: 'detached' });
			await window.command('Perch: Train');
			await window.toast(/^vitalwatch v2 \(candidate\) is trained/).waitFor();
			await window.item('Models', /^v2 candidate/).waitFor();
		});
	});
}
