/** A profile in VS Code. */
import '../components/perch.css';
import '../report/report.css';
import '../report/details.css';
import './profile.css';
import { h } from '../components/element.ts';
import { fileActions } from '../components/fileActions.ts';
import { openPage, type Page, type Panel } from '../components/frame.ts';
import { type ProfileState, type ProfileView, profileState, show } from '../messages/profile.ts';
import { createProfile } from './profile.ts';

function build(page: Page<ProfileState>): Panel<ProfileView> {
	const parts = h('div', { class: 'section wide' });

	return {
		parts: [parts, h('div', { class: 'bar' }, ...fileActions(page))],
		show({ root, report }) {
			page.keep({ version: 1, root, file: report.file });
			parts.replaceChildren(...createProfile(report));
		},
	};
}

openPage('Profile', profileState, show, build);
