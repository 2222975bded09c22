/** The drift report in VS Code. */
import '../components/perch.css';
import './report.css';
import './details.css';
import { fileActions } from '../components/fileActions.ts';
import { openPage, type Page, type Panel } from '../components/frame.ts';
import { type DriftState, type DriftView, driftState, show } from '../messages/drift.ts';
import { createReport } from './report.ts';

function build(page: Page<DriftState>): Panel<DriftView> {
	let state = page.kept;

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
		actions: fileActions(page),
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
