import { basename } from 'node:path';
import { window } from 'vscode';
import { PerchError } from '../../daemon/protocol/errors.ts';
import type { Perch } from '../perch.ts';
import { setting } from '../settings.ts';
import { targetOf, targetOfKind } from '../target.ts';
import { driftSentence } from '../words.ts';
import { askProject, askReport, askRoot } from './ask.ts';
import { longWork } from './longWork.ts';

/** Holds current data against a reference: the file of a lens, else the live traffic of the project, else the file that it names. */
export async function checkDrift(perch: Perch, argument: unknown): Promise<void> {
	const data = targetOfKind(argument, 'data');
	const deployment = targetOfKind(argument, 'deployment');
	if (deployment !== undefined && deployment.project === null) {
		throw new PerchError('invalid_arguments', `${deployment.name} is served without a perch.yaml.`, {
			hint: 'Serve it from a project to have its traffic watched for drift.',
		});
	}
	const project = await askProject(perch, argument);
	const root = perch.roots.forFolder(project.root);
	const report = await longWork(root, `Checking ${project.name} for drift`, 'drift', {
		config: project.file,
		...(data !== undefined && { current: data.file }),
	});
	const about = report.deployment ?? basename(report.current.name);
	if (report.drift === null) {
		void window.showInformationMessage(
			`${about}: it cannot be told whether the data drifted: ${report.reason ?? 'too few rows'}.`,
		);
	}
	if (setting('drift.openReport')) return perch.panels.drift(root.path, report.id);
	const drifted = report.columns.filter(({ drift }) => drift === true).length;
	const psi = report.columns.map(({ statistics }) => statistics.psi ?? Number.NEGATIVE_INFINITY);
	const largest = Math.max(...psi);
	const sentence = driftSentence({
		drift: report.drift,
		drifted,
		columns: report.columns.length,
		psi_max: Number.isFinite(largest) ? largest : null,
	});
	const open = 'Open Report';
	if ((await window.showInformationMessage(`${about}: ${sentence}`, open)) === open) {
		perch.panels.drift(root.path, report.id);
	}
}

export async function openDriftReport(perch: Perch, argument: unknown): Promise<void> {
	const target = targetOf(argument);
	if (target?.kind === 'report') return perch.panels.drift(target.root, target.id);
	const root = await askRoot(perch, argument);
	if (target?.kind === 'deployment') {
		const { deployments } = await root.resources.get('deployments');
		const last = deployments.find(({ name }) => name === target.name)?.last_drift;
		if (last !== undefined && last !== null) return perch.panels.drift(root.path, last.id);
	}
	perch.panels.drift(root.path, await askReport(root));
}
