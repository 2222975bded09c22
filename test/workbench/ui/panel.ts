/** A panel of ours in a window: the frame that holds it, and the figures that it shows. */
import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import type { Frame, Page } from 'playwright-core';

export interface Panel {
	title: string;
	frame: Frame;
	/** Every figure that is shown: its place in the JSON of the same thing as a JSON Pointer, and its unrounded value. */
	figures(): Promise<Map<string, string>>;
	/** Fails when a figure differs from the JSON, or when fewer than `atLeast` are shown. */
	assertFigures(json: unknown, atLeast: number): Promise<void>;
}

/** The frame of a panel lies two deep: VS Code's own around ours. */
async function frameOf(page: Page, title: string | RegExp): Promise<Frame | undefined> {
	for (const frame of page.frames()) {
		if (!frame.parentFrame()?.parentFrame()) continue;
		const said = await frame.title().catch(() => ''); // a frame may go away at any moment
		const fits = typeof title === 'string' ? said === title : title.test(said);
		const element = fits ? await frame.frameElement().catch(() => undefined) : undefined;
		if (await element?.isVisible()) return frame;
	}
	return undefined;
}

/** The value that a JSON Pointer names. */
function valueAt(json: unknown, pointer: string): unknown {
	let value = json;
	for (const part of pointer.split('/').slice(1)) {
		const step = part.replaceAll('~1', '/').replaceAll('~0', '~');
		value = value !== null && typeof value === 'object' ? Reflect.get(value, step) : undefined;
	}
	return value;
}

export async function findPanel(page: Page, title: string | RegExp): Promise<Panel> {
	let frame: Frame | undefined;
	const deadline = Date.now() + 30_000;
	while (!frame) {
		assert.ok(Date.now() < deadline, `no panel ${title} among ${page.frames().length} frames after 30 s`);
		frame = await frameOf(page, title);
		if (!frame) await page.evaluate(() => new Promise(requestAnimationFrame));
	}
	return panelOf(await frame.title(), frame);
}

function panelOf(title: string, frame: Frame): Panel {
	/** A page that is made anew has none at first. */
	const figures = async () => {
		await frame.locator('[data-figure]').first().waitFor();
		const shown = await frame
			.locator('[data-figure]')
			.evaluateAll((all) => all.map((one) => [one.getAttribute('data-figure'), one.getAttribute('data-value')]));
		return new Map(shown.map(([place, value]) => [place ?? '', value ?? '']));
	};
	return {
		title,
		frame,
		figures,
		async assertFigures(json, atLeast) {
			const shown = await figures();
			const told = [...shown.keys()].map((place): [string, string] => [place, String(valueAt(json, place))]);
			assert.deepEqual(shown, new Map(told));
			assert.ok(shown.size >= atLeast, `${shown.size} figures in ${title}, not ${atLeast}`);
		},
	};
}

/** Fails with the name and the place of everything that axe finds in the panel in front. */
export async function assertAccessible(page: Page): Promise<void> {
	const builder = new AxeBuilder({ page }).include(['iframe.webview.ready', 'iframe#active-frame', 'body']);
	const { violations } = await builder.analyze();
	assert.deepEqual(
		violations.flatMap(({ id, nodes }) =>
			nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`),
		),
		[],
	);
}
