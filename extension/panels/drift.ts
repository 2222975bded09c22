import { basename } from 'node:path';
import { type DriftState, driftState, show } from '../../webviews/messages/drift.ts';
import { offerHtmlFile } from './htmlFile.ts';
import type { PanelKind } from './kind.ts';

/** One kept drift report. */
export const driftPanel: PanelKind<DriftState> = {
	viewType: 'perch.drift',
	state: driftState,
	title: () => 'Drift',
	key: ({ root, id }) => `${root}|${id}`,
	reads: [],
	connect({ root, channel, state, retitle, readOnly }) {
		const fetch = () => root.connection.request('drift/show', { id: state().id });
		offerHtmlFile(channel, root.path, 'drift.html', async () => (await fetch()).html);
		return {
			async show() {
				const { report } = await fetch();
				retitle(`Drift: ${report.deployment ?? basename(report.current.name)}`);
				channel.notify(show, { root: root.path, readOnly: readOnly(), report });
			},
		};
	},
};
