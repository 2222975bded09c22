import { openInBrowser, saveAs } from '../messages/htmlFile.ts';
import type { Page } from './frame.ts';
import { button } from './toolkit.ts';

/** Buttons for the HTML file that is kept of what a panel shows. */
export function fileActions({ channel, announce, complain }: Pick<Page<unknown>, 'channel' | 'announce' | 'complain'>) {
	async function save(): Promise<void> {
		try {
			const { path } = await channel.request(saveAs, {});
			if (path !== null) announce(`Saved as ${path}.`);
		} catch (error) {
			complain(error);
		}
	}
	return [
		button('Open in Browser', () => channel.request(openInBrowser, {}).catch(complain)),
		button('Save As…', () => void save()),
	];
}
