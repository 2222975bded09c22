import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { assertAccessible } from './panel.ts';
import type { Session } from './session.ts';

const cities = ['Oslo', 'Rome', 'Lima', 'Bern'];

/** Rooms of a hotel, with a city that is not allowed and a price that is too high. */
const rooms = `id,"city, state",price,size\n${Array.from({ length: 80 }, (_, at) => {
	const city = at === 3 ? '"Atlantis, sea"' : cities[(at * 7) % 4];
	return `${at},${city},${at === 5 ? 9000 : 80 + ((at * 37) % 90)},${12 + ((at * at) % 23)}\n`;
}).join('')}`;

const project = `name: rooms
data: {source: rooms.csv}
checks:
  - {column: "city, state", allowed: [Oslo, Rome, Lima, Bern]}
  - {column: price, max: 1000, severity: warn}
model: {type: isolation_forest}
register: {as: rooms}
`;

/** Data files as a person sees them: marked, explained, and as a table. */
export function data({
	window,
	workbench,
	perch,
	picture,
}: Pick<Session, 'window' | 'workbench' | 'perch' | 'picture'>): void {
	const { page } = window;
	const squiggle = page.locator('.monaco-editor .squiggly-error');

	describe('Data files', () => {
		it('mark the cells that fail, and say above what does not hold', async () => {
			await window.closeEditors();
			const folder = join(workbench.folder, 'rooms');
			await window.command('View: Show Explorer');
			mkdirSync(folder, { recursive: true });
			await page.getByRole('treeitem', { name: 'rooms', exact: true }).click(); // a folder is watched a moment after it came
			writeFileSync(join(folder, 'rooms.csv'), rooms);
			writeFileSync(join(folder, 'perch.yaml'), project);
			await page.getByRole('treeitem', { name: /^rooms\.csv/ }).dblclick();
			await squiggle.first().waitFor();
			await window.lenses(/2 of 2 checks do not hold/);
			const marked = page.locator('.explorer-folders-view .monaco-decoration-badge', { hasText: 'rooms.csv' });
			assert.match((await marked.getAttribute('aria-label')) ?? '', /Perch: 2 checks do not hold$/);
		});

		it('offer what can be done about such a cell', async () => {
			await window.command('Next Problem in Files');
			await page.getByText('"Atlantis, sea"', { exact: false }).first().waitFor();
			await picture('diagnostics');
			await page.keyboard.press('Escape');
			await page.keyboard.press('Control+.');
			await page
				.getByText(/^Allow "Atlantis, sea"/)
				.first()
				.waitFor();
			await page.getByText('Move this row to quarantine').first().waitFor();
			await picture('fixes', ['dark']);
			await page.keyboard.press('Escape');
		});

		it('explain a column at its name', async () => {
			const name = page.locator('.monaco-editor .view-line', { hasText: 'price' }).first();
			const box = await name.boundingBox();
			assert.ok(box);
			await page.mouse.move(box.x + 150, box.y + box.height / 2, { steps: 3 });
			const hover = page.locator('.monaco-hover', { hasText: 'median' }).first();
			await hover.waitFor();
			assert.match((await hover.textContent()) ?? '', /price\s*·\s*integer\s*·\s*0 % null/);
			for (const theme of ['dark', 'light'] as const) {
				await window.theme(theme);
				await page.screenshot({ path: join(import.meta.dirname, `../../../out/shots/hover-${theme}.png`) });
			}
			await window.theme('dark');
		});

		it('open as a table that scrolls to its end', async () => {
			await perch.json('simulate', 'data', 'simulate/train.yaml', '--output', 'data/train.parquet');
			const { rows } = await perch.json<'datasets/show'>('datasets', 'show', 'data/train.parquet');
			await window.openFile('train.parquet');
			const { frame } = await window.panel(/^train\.parquet/);
			const grid = frame.getByRole('grid');
			await frame
				.getByText(`${rows.toLocaleString('en-US')} rows`, { exact: false })
				.first()
				.waitFor();
			await frame.getByText('0 % null').first().waitFor();
			await assertAccessible(page);
			await picture('table');
			await grid.focus();
			await page.keyboard.press('Control+End');
			await frame.getByRole('rowheader', { name: rows.toLocaleString('en-US'), exact: true }).waitFor();
			await frame.getByRole('button', { name: 'CSV', exact: true }).click();
			await frame.getByText('1 row × 1 column copied as CSV.').first().waitFor();
			assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^\w+\n\S+\n$/);
		});
	});
}
