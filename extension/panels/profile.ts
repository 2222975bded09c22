import { basename } from 'node:path';
import { type ProfileState, profileState, show } from '../../webviews/messages/profile.ts';
import { offerHtmlFile } from './htmlFile.ts';
import type { PanelKind, PanelParts } from './kind.ts';

/** The profile of a data file: the one at hand while the file is as it was, else a new one. */
export function profilePanel({ profiles }: PanelParts): PanelKind<ProfileState> {
	return {
		viewType: 'perch.profile',
		state: profileState,
		title: ({ file }) => `Profile: ${basename(file)}`,
		key: ({ root, file }) => `${root}|${file}`,
		reads: [],
		connect({ root, channel, state, readOnly }) {
			const fetch = () => profiles.get(root, state().file);
			offerHtmlFile(channel, root.path, 'profile.html', async () => (await fetch()).html);
			return {
				async show() {
					const { html: _, ...report } = await fetch();
					channel.notify(show, { root: root.path, readOnly: readOnly(), report });
				},
			};
		},
	};
}
