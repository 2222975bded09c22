/** The drift report in VS Code. */
import '../components/perch.css';
import './report.css';
import './details.css';
import { openPage, type Page, type Panel } from '../components/frame.ts';
import { button } from '../components/toolkit.ts';
import { type DriftState, type DriftView, driftState, openInBrowser, saveAs, show } from '../messages/drift.ts';
import { createReport } from './report.ts';

function build(page: Page<DriftState>): Panel<DriftView> {
	let state = page.kept;

	async function save(): Promise<void> {
		try {
			const { path } = await page.channel.request(saveAs, {});
			if (path !== null) page.announce(`Saved as ${path}.`);
		} catch (error) {
			page.complain(error);
		}
	}

	const report = createReport({
		view: page.kept ?? {},
		onView({ sort, text, verdict, open }) {
			if (state === undefined) return;
			const { version, root, id } = state;
			state = {
				version,
				root,
				id,
				...(sort !== undefined && { sort }),
				...(text !== undefined && { text }),
				...(verdict !== undefined && { verdict }),
				...(open !== undefined && { open: [...open] }),
			};
			page.keep(state);
		},
		actions: [
			button('Open in Browser', () => page.channel.request(openInBrowser, {}).catch(page.complain)),
			button('Save As…', () => void save()),
		],
	});
	return {
		parts: report.parts,
		show(view) {
			const same = state?.root === view.root && state.id === view.report.id;
			state = { ...(same && state), version: 1, root: view.root, id: view.report.id };
			page.keep(state);
			report.show(view.report);
		},
	};
}

openPage('Drift report', driftState, show, build);
