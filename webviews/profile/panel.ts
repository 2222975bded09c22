/** A profile in VS Code. */
import '../components/perch.css';
import '../report/report.css';
import '../report/details.css';
import './profile.css';
import { h } from '../components/element.ts';
import { openPage, type Page, type Panel } from '../components/frame.ts';
import { button } from '../components/toolkit.ts';
import { openInBrowser, saveAs } from '../messages/drift.ts';
import { type ProfileState, type ProfileView, profileState, show } from '../messages/profile.ts';
import { createProfile } from './profile.ts';

function build(page: Page<ProfileState>): Panel<ProfileView> {
	const parts = h('div', { class: 'section wide' });

	async function save(): Promise<void> {
		try {
			const { path } = await page.channel.request(saveAs, {});
			if (path !== null) page.announce(`Saved as ${path}.`);
		} catch (error) {
			page.complain(error);
		}
	}

	return {
		parts: [
			parts,
			h(
				'div',
				{ class: 'bar' },
				button('Open in Browser', () => page.channel.request(openInBrowser, {}).catch(page.complain)),
				button('Save As…', () => void save()),
			),
		],
		show({ root, report }) {
			page.keep({ version: 1, root, file: report.file });
			parts.replaceChildren(...createProfile(report));
		},
	};
}

openPage('Profile', profileState, show, build);
