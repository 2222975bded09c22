/** The extension: it shows and asks. Everything else is done by the daemon of a folder. */
import { commands, type ExtensionContext, window } from 'vscode';
import { showBadges } from './badges.ts';
import { watchChecks } from './checks/checks.ts';
import { showDiagnostics } from './checks/diagnostics.ts';
import { offerQuickFixes } from './checks/quickFixes.ts';
import { registerCommands } from './commands/register.ts';
import { createRoots } from './connection/roots.ts';
import { keepContexts } from './contexts.ts';
import { createCardDocuments } from './documents/cardDocument.ts';
import { createRunDocuments } from './documents/runDocument.ts';
import { createVersionDocuments } from './documents/versionDocument.ts';
import { createFailures } from './failures.ts';
import { explainHeaders } from './hovers/headerHover.ts';
import { createLenses } from './lenses/lenses.ts';
import { createNotices } from './notices.ts';
import { createPanels } from './panels/panels.ts';
import type { Perch } from './perch.ts';
import { createProfiles } from './profiles.ts';
import { watchProjects } from './projects/projects.ts';
import { createStatusBar } from './statusBar.ts';
import { createTrees } from './trees/trees.ts';
import { supportProjectFiles } from './yaml/projectLanguage.ts';

export function activate(context: ExtensionContext): void {
	const { version } = context.extension.packageJSON as { version: string };
	const log = window.createOutputChannel('Perch', { log: true });
	const projects = watchProjects(log);
	const roots = createRoots(context.asAbsolutePath('dist'), version, projects, log);
	const restart = { title: 'Restart', run: () => commands.executeCommand('perch.restartDaemon') };
	const failures = createFailures(log, {
		daemon_unavailable: restart,
		incompatible_protocol: restart,
		read_only: { title: 'Manage Trust', run: () => commands.executeCommand('workbench.trust.manage') },
	});
	const profiles = createProfiles(projects);
	const checks = watchChecks({ projects, roots, log });
	const panels = createPanels({ roots, projects, profiles, checks, failures, log, extensionUri: context.extensionUri });
	const perch: Perch = { context, log, projects, roots, profiles, checks, failures, panels };
	context.subscriptions.push(
		log,
		projects,
		roots,
		profiles,
		checks,
		panels,
		createStatusBar(perch),
		keepContexts(perch),
	);
	context.subscriptions.push(
		...createTrees(perch),
		...createLenses(perch),
		...createRunDocuments(roots),
		createVersionDocuments(roots),
		createCardDocuments(roots),
	);
	const diagnostics = showDiagnostics(checks, log);
	context.subscriptions.push(diagnostics, ...offerQuickFixes(checks, diagnostics), explainHeaders(perch));
	context.subscriptions.push(...showBadges(perch, checks), ...supportProjectFiles(perch));
	context.subscriptions.push(...createNotices(perch), ...registerCommands(perch));
}
