/** A letter on data files in the explorer: what their checks and their last drift report say. */
import { type Disposable, EventEmitter, FileDecoration, ThemeColor, Uri, window, workspace } from 'vscode';
import type { DriftSummary } from '../daemon/protocol/drift.ts';
import { type Badge, badgeOf } from './badge.ts';
import type { Checks } from './checks/checks.ts';
import { mayAsk } from './connection/roots.ts';
import { ownReport } from './lenses/titles.ts';
import type { Perch } from './perch.ts';
import { projectOf } from './projects/projectOf.ts';
import { setting } from './settings.ts';

export function showBadges(perch: Perch, checks: Checks): Disposable[] {
	const changed = new EventEmitter<Uri | Uri[] | undefined>();

	async function reportOf(file: string): Promise<DriftSummary | undefined> {
		const project = projectOf(perch.projects.all(), file);
		const root = project === undefined ? undefined : perch.roots.at(project.root);
		if (project === undefined || root === undefined || !mayAsk(root)) return undefined;
		const { reports } = await root.resources.get('reports');
		return ownReport(reports, project, file);
	}

	const provider = window.registerFileDecorationProvider({
		onDidChangeFileDecorations: changed.event,
		async provideFileDecoration({ scheme, fsPath }) {
			if (scheme !== 'file' || !setting('badges.enabled')) return undefined;
			await perch.roots.found;
			if (projectOf(perch.projects.all(), fsPath) === undefined) return undefined;
			const report = await reportOf(fsPath).catch(() => undefined);
			const badge = badgeOf(checks.at(fsPath)?.report, report);
			return badge === null ? undefined : decoration(badge);
		},
	});
	const refresh = () => changed.fire(undefined);
	return [
		changed,
		provider,
		checks.onChange((file) => changed.fire(Uri.file(file))),
		perch.projects.onChange(refresh),
		perch.roots.onStale(({ value }) => value.has('reports') && refresh()),
		workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('perch.badges') && refresh()),
	];
}

function decoration({ letter, tooltip, severity }: Badge): FileDecoration {
	const color = severity === 'error' ? 'list.errorForeground' : 'list.warningForeground';
	return new FileDecoration(letter, tooltip, new ThemeColor(color));
}
