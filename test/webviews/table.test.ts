import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { PerchError } from '../../daemon/protocol/errors.ts';
import { act, copy, glances, progress, rows, show, type TableShow } from '../../webviews/messages/table.ts';
import {
	axeFaults,
	closeEach,
	openPanel,
	type PanelPage,
	suiteBrowser,
	type ThemeName,
	themeNames,
} from './panelPage.ts';
import { hostile } from './samples.ts';

const many = 10_000_000;
const columns: TableShow['columns'] = [
	{ name: 'id', type: 'integer', exact: 'BIGINT' },
	{ name: 'pickup', type: 'timestamp', exact: 'TIMESTAMP' },
	{ name: 'fare', type: 'double', exact: 'DECIMAL(10,2)' },
	{ name: 'zone', type: 'string', exact: 'VARCHAR' },
	{ name: hostile, type: 'string', exact: 'VARCHAR' },
	...Array.from({ length: 60 }, (_, at) => ({ name: `f${at}`, type: 'double' as const, exact: 'DOUBLE' })),
];
const view: TableShow = {
	...{ root: '/home/ada/taxi', readOnly: false, file: '/home/ada/taxi/trips.parquet', name: 'trips.parquet' },
	...{ rows: many, columns },
	line: [
		{ title: 'reference 2021-01.parquet · 3 of 9 columns drifted · PSI max 0.41 · Open report', tooltip: 'Report' },
	],
};

/** What stands in a cell of the file: told from its place, so that any page can be made. */
function valueAt(column: string, row: number): string | null {
	if (column === 'id') return String(9_007_199_254_740_993n + BigInt(row));
	if (column === 'pickup') return `2021-01-${String((row % 28) + 1).padStart(2, '0')} 08:15:00`;
	if (column === 'fare') return row % 7 === 3 ? null : ((row % 4000) / 100).toFixed(2);
	if (column === 'zone') return ['Harlem', 'Astoria', 'Jamaica', hostile][row % 4] ?? '';
	return `${column} ${row}`;
}

describe('the table', () => {
	const browser = suiteBrowser();
	let panel: PanelPage;
	let asked: { offset: number; sort: unknown; filter: unknown }[];
	closeEach(() => panel);

	async function open(theme: ThemeName = 'dark', state?: unknown): Promise<void> {
		asked = [];
		panel = await openPanel(browser(), 'table', theme, show, view, state);
		panel.host.onRequest(rows, ({ offset, limit, columns: names, sort, filter }) => {
			asked.push({ offset, sort, filter });
			if (filter.some(({ value }) => value === 'many'))
				throw new PerchError('invalid_arguments', '"many" is no double.');
			const total = filter.length > 0 ? 1234 : many;
			const count = Math.max(0, Math.min(limit, total - offset));
			const numbers = Array.from({ length: count }, (_, at) => (sort === null ? offset + at : total - 1 - offset - at));
			return {
				total,
				numbers: numbers.map((number) => number + 1),
				cells: numbers.map((number) => names.map((name) => valueAt(name, number))),
			};
		});
		panel.host.notify(show, view); // the first came before there was an answer for its rows
		await cell('9007199254740993').waitFor();
		panel.host.notify(glances, {
			columns: [
				{ column: 'id', nulls: 0, distinct: many, bars: [1, 1, 1, 1], words: '10,000,000 distinct' },
				{
					column: 'fare',
					nulls: 0.143,
					distinct: 4000,
					bars: [9, 7, 5, 4, 3, 2, 1, 1, 0, 1],
					words: '14.3 % null, 0 to 39.99',
				},
				{ column: 'zone', nulls: 0, distinct: 4, bars: [4, 3, 2, 1], words: '4 distinct' },
			],
		});
		await panel.page.getByText('14.3').first().waitFor();
	}
	const cell = (text: string) => panel.page.getByRole('gridcell', { name: text, exact: true }).first();
	const focused = () =>
		panel.page.evaluate(() => {
			const id = document.querySelector('[role=grid]')?.getAttribute('aria-activedescendant') ?? '';
			return document.getElementById(id)?.textContent;
		});

	for (const theme of themeNames) {
		it(`keeps to the policy and to axe in ${theme}`, async () => {
			await open(theme);
			await panel.page.getByRole('button', { name: 'Filter fare' }).click();
			assert.deepEqual(await axeFaults(panel.page), []);
			assert.equal(await panel.page.locator('img').count(), 0, 'a hostile name stays text');
			if (process.env['PERCH_SHOTS'] !== undefined) {
				await panel.page.screenshot({ path: `${process.env['PERCH_SHOTS']}/table-${theme}.png` });
			}
		});
	}

	it('reaches the last of ten million rows by keyboard, and draws no more than is seen', async () => {
		await open();
		const { page } = panel;
		await page.getByRole('grid').focus();
		await page.keyboard.press('Control+End');
		await cell(`f59 ${many - 1}`).waitFor();
		assert.equal(await focused(), `f59 ${many - 1}`);
		await page.keyboard.press('Home');
		await cell(String(9_007_199_254_740_993n + BigInt(many - 1))).waitFor();
		assert.ok((await page.locator('[role=gridcell]:visible').count()) < 1000);
		const row = page.locator('[role=row]', { has: cell(String(9_007_199_254_740_993n + BigInt(many - 1))) });
		assert.equal(await row.getAttribute('aria-rowindex'), String(many + 1));
		assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), String(many + 1));
		assert.ok(asked.length < 30, `${asked.length} pages`);
	});

	it('scrolls by the wheel row by row, and by the bar anywhere', async () => {
		await open();
		const grid = panel.page.getByRole('grid');
		await grid.hover();
		await panel.page.mouse.wheel(0, 240);
		await cell('9007199254741003').waitFor();
		assert.equal(await cell('9007199254740993').isVisible(), false, 'ten rows of 24 pixels further');
		await grid.evaluate((element) => {
			element.scrollTop = element.scrollHeight / 2;
		});
		await panel.page.waitForFunction(() =>
			[...document.querySelectorAll('[role=row]')].some((row) => Number(row.getAttribute('aria-rowindex')) > 4_900_000),
		);
	});

	it('sorts by the name of a column: up, down, as in the file', async () => {
		await open();
		const head = panel.page.getByRole('columnheader', { name: /^fare/ });
		for (const [order, sort] of [
			['ascending', { column: 'fare', descending: false }],
			['descending', { column: 'fare', descending: true }],
			['none', null],
		] as const) {
			await head.getByRole('button', { name: 'fare', exact: true }).click();
			await panel.page.locator(`[role=columnheader][aria-sort=${order}]`, { hasText: 'fare' }).waitFor();
			assert.deepEqual(asked.at(-1)?.sort, sort);
		}
	});

	it('filters, says what does not fit and stays, and keeps the view over a reload', async () => {
		await open();
		const { page } = panel;
		const filter = async (value: string) => {
			await page.getByRole('button', { name: 'Filter fare' }).click();
			await page.getByRole('textbox', { name: 'Value of fare' }).fill(value);
			await page.keyboard.press('Enter');
		};
		await filter('many');
		await page.getByText('"many" is no double.').waitFor();
		assert.ok(await page.getByText('10,000,000 rows × 65 columns').isVisible());
		await filter('2.50');
		await page.getByText('1,234 of 10,000,000 rows × 65 columns').waitFor();
		assert.deepEqual(asked.at(-1)?.filter, [{ column: 'fare', operator: '=', value: '2.50' }]);
		const kept = (await panel.state()) as { view: { filter: unknown[] } };
		assert.deepEqual(kept.view.filter, [{ column: 'fare', operator: '=', value: '2.50' }]);
		await page.getByRole('button', { name: 'Remove the filter of fare' }).click();
		await page.getByText('10,000,000 rows × 65 columns').waitFor();
	});

	it('comes back where it was', async () => {
		const { root, file } = view;
		await open('light', { version: 1, root, file, view: { sort: null, filter: [] }, top: 0 });
		await panel.close();
		panel = await openPanel(browser(), 'table', 'light', show, view, {
			...{ version: 1, root, file, top: 5_000_000 },
			view: { sort: { column: 'id', descending: true }, filter: [] },
		});
		const sorts: unknown[] = [];
		panel.host.onRequest(rows, ({ offset, limit, columns: names, sort }) => {
			sorts.push(sort);
			const numbers = Array.from({ length: limit }, (_, at) => offset + at);
			return { total: many, numbers, cells: numbers.map((number) => names.map((name) => `${name}@${number}`)) };
		});
		panel.host.notify(show, view);
		await cell('id@5000000').waitFor();
		assert.deepEqual(sorts[0], { column: 'id', descending: true });
	});

	it('copies what is selected, in each form', async () => {
		await open();
		const copied: unknown[] = [];
		panel.host.onRequest(copy, ({ format, offset, limit, columns: names }) => {
			copied.push([format, offset, limit, names]);
			return {};
		});
		const { page } = panel;
		await cell('9007199254740994').click();
		await page.keyboard.press('Shift+ArrowDown');
		await page.keyboard.press('Shift+ArrowRight');
		for (const name of ['CSV', 'TSV', 'Markdown', 'JSON']) {
			await page.getByRole('button', { name, exact: true }).click();
			await page.getByRole('main').getByText(`2 rows × 2 columns copied as ${name}.`).waitFor();
		}
		assert.deepEqual(
			copied,
			['csv', 'tsv', 'markdown', 'json'].map((format) => [format, 1, 2, ['id', 'pickup']]),
		);
	});

	it('runs an entry of the line, and shows how far an order has come', async () => {
		await open();
		const ran: number[] = [];
		panel.host.onRequest(act, ({ entry }) => {
			ran.push(entry);
			return {};
		});
		await panel.page.getByRole('button', { name: /Open report$/ }).click();
		panel.host.notify(progress, { message: 'Sorting by fare', share: 0.4 });
		await panel.page.getByRole('progressbar', { name: 'Sorting by fare' }).waitFor();
		assert.deepEqual(ran, [0]);
	});
});
