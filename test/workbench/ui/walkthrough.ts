import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Session } from './session.ts';
import type { Window } from './window.ts';

/** The titles of the steps that are done, once there are so many, and how many are open. */
export async function readWalkthrough({ page }: Window, done: number): Promise<{ done: string[]; open: number }> {
	const steps = page.locator('.gettingStartedContainer .getting-started-step');
	const checked = steps.filter({ has: page.locator('.codicon-getting-started-step-checked') });
	await checked.nth(done - 1).waitFor();
	const titles = await checked.locator('.step-title').allTextContents();
	return { done: titles.map((title) => title.trim()), open: (await steps.count()) - titles.length };
}

/** The five steps, after what they ask for was done. */
export function walkthrough({ window, picture }: Session): void {
	describe('The walkthrough', () => {
		it('has every step done', async () => {
			await window.closeEditors();
			await window.command('Perch: Open Walkthrough');
			const steps = ['Get a project', 'Train a model', 'Look at the run', 'Serve it', 'Check for drift'];
			assert.deepEqual(await readWalkthrough(window, steps.length), { done: steps, open: 0 });
			await picture('walkthrough');
		});
	});
}
