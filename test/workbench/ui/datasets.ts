import { describe, it } from 'mocha';
import { assertAccessible } from './panel.ts';
import type { Session } from './session.ts';

/** The tree of datasets: versions, with what was last found about each. */
export function datasets({ window, perch, picture }: Pick<Session, 'window' | 'perch' | 'picture'>): void {
	const { page } = window;

	describe('The tree of datasets', () => {
		it('shows the last profile of a version, and opens it', async () => {
			const { rows, columns } = await perch.json<'profile'>('profile', 'data/train.csv');
			await window.item('Datasets', /^vitalwatch v1/).click();
			const said = `Profile ${rows.toLocaleString('en-US')} rows × ${columns.length} columns`;
			await window.item('Datasets', new RegExp(`^${said}`)).click();
			await window.panel(/^Profile: train\.csv/);
			await window.item('Datasets', /^vitalwatch v1/).click();
		});

		it('shows the last drift of a version, and opens its report', async () => {
			const [report] = (await perch.json<'drift/list'>('drift', 'list')).reports;
			await window.item('Datasets', /^vitalwatch-current v1 .* columns drifted/).click();
			await window
				.item('Datasets', new RegExp(`^Drift ${report?.drifted} of ${report?.columns} columns drifted`))
				.click();
			await page.getByRole('tab', { name: /^Drift: shifted\.csv/, selected: true }).waitFor();
			await picture('datasets');
		});

		it('follows drift over the reports, and opens one of them', async () => {
			await perch.json('drift', '--config', 'perch.yaml', '--current', 'data/shifted.csv');
			const row = window.item('Datasets', /^vitalwatch-current v1/);
			await window.chooseFromMenu(row, 'Show Drift History');
			const panel = await window.panel(/^Drift history/);
			await panel.frame.locator('canvas').first().waitFor();
			const [newest] = (await perch.json<'drift/list'>('drift', 'list')).reports;
			await panel.frame.locator(`[data-focus="report-${newest?.id}"]`).waitFor();
			const followed = await perch.json<'drift/history'>('drift', 'history', '--of', 'data/shifted.csv');
			await panel.assertFigures(followed, followed.columns.length + 2 * followed.reports.length);
			await assertAccessible(page);
			await picture('history');
			await panel.frame.locator(`[data-focus="report-${newest?.id}"]`).click();
			await page.getByRole('tab', { name: /^Drift: shifted\.csv/, selected: true }).waitFor();
			await row.click();
		});
	});
}
