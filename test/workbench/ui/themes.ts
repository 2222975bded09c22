import { describe, it } from 'mocha';
import { assertAccessible } from './panel.ts';
import type { Session } from './session.ts';
import type { Theme } from './window.ts';

const bodies: Record<Theme, string> = {
	dark: 'body.vscode-dark',
	light: 'body.vscode-light',
	'high contrast': 'body.vscode-high-contrast',
};

/** Every panel in every kind of theme: axe finds nothing, and a picture is kept. */
export function themes({ window, perch, picture }: Session): void {
	const { page } = window;
	const open: Record<string, { panel: RegExp; show: () => Promise<void> }> = {
		drift: {
			panel: /^Drift/,
			async show() {
				await window.openFile('shifted.csv');
				await window.lens(/Open report/).click();
				const { frame } = await window.panel(/^Drift/);
				await frame.getByRole('button', { name: 'heart_rate' }).click();
				await frame.locator('canvas').first().waitFor();
			},
		},
		registry: { panel: /^Registry/, show: () => window.item('Models', /^v2 production/).click() },
		compare: {
			panel: /^Compar/,
			async show() {
				const { runs } = await perch.json<'runs/list'>('runs', 'list', '--experiment', 'vitalwatch');
				await window.command('Perch: Compare Runs');
				for (const { name } of runs.filter(({ status }) => status === 'FINISHED')) await window.choose(name);
				await page.keyboard.press('Enter');
			},
		},
		simulation: {
			panel: /^Canary simulation/,
			async show() {
				await window.command('Perch: Simulate Canary');
				const { frame } = await window.panel(/^Canary simulation/);
				await frame.locator('vscode-button', { hasText: 'Run' }).click();
			},
		},
	};

	describe('Dark, light and high contrast', () => {
		for (const [name, { panel, show }] of Object.entries(open)) {
			it(`${name}: accessible in each`, async () => {
				await window.closeEditors();
				await show();
				const { frame } = await window.panel(panel);
				await frame.locator('[data-figure]').first().waitFor();
				for (const theme of ['dark', 'light', 'high contrast'] as const) {
					await window.theme(theme);
					await frame.locator(bodies[theme]).waitFor();
					await assertAccessible(page);
				}
				await picture(name, ['dark', 'light', 'high contrast']);
			});
		}
	});
}
