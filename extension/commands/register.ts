/** Registers every command of the table, wrapped so that trust is asked for and an error becomes one toast. */
import { commands, type Disposable } from 'vscode';
import type { Perch } from '../perch.ts';
import { requireTrust } from './change.ts';
import * as daemon from './daemon.ts';
import * as data from './data.ts';
import * as drift from './drift.ts';
import * as registry from './registry.ts';
import * as runs from './runs.ts';
import { scoreDataset } from './score.ts';
import * as serving from './serving.ts';
import * as setup from './setup.ts';
import { type CommandId, commandIds, commandTable } from './table.ts';
import * as training from './training.ts';

type Handler = (perch: Perch, argument: unknown, selected: unknown) => unknown;

const handlers: Record<CommandId, Handler> = {
	'perch.train': training.train,
	'perch.serve': serving.serve,
	'perch.stop': serving.stop,
	'perch.checkDrift': drift.checkDrift,
	'perch.promote': registry.promote,
	'perch.rollback': registry.rollback,
	'perch.archive': registry.archive,
	'perch.restore': registry.restore,
	'perch.simulateCanary': serving.simulateCanary,
	'perch.init': training.init,
	'perch.openSample': setup.openSample,
	'perch.openDriftReport': drift.openDriftReport,
	'perch.openRun': runs.openRun,
	'perch.openTuning': runs.openTuning,
	'perch.registerRun': registry.registerRun,
	'perch.compareRuns': runs.compareRuns,
	'perch.openRegistry': registry.openRegistry,
	'perch.showCard': registry.showCard,
	'perch.openDataset': runs.openDataset,
	'perch.compareVersions': runs.compareVersions,
	'perch.openTable': data.openTable,
	'perch.profileDataset': data.profileDataset,
	'perch.checkDataset': data.checkDataset,
	'perch.compareWith': data.compareWith,
	'perch.scoreDataset': scoreDataset,
	'perch.setReference': data.setReference,
	'perch.showDriftHistory': data.showDriftHistory,
	'perch.copyAddress': serving.copyAddress,
	'perch.startDaemon': daemon.startDaemon,
	'perch.restartDaemon': daemon.restartDaemon,
	'perch.stopDaemon': daemon.stopDaemon,
	'perch.showLog': ({ log }) => log.show(),
	'perch.showDaemonLog': daemon.showDaemonLog,
	'perch.showMenu': setup.showMenu,
	'perch.refresh': ({ roots }) => {
		for (const { resources } of roots.all()) resources.invalidate();
	},
	'perch.hideLenses': setup.hideLenses,
	'perch.doctor': daemon.doctor,
	'perch.copyDiagnostics': daemon.copyDiagnostics,
	'perch.openWalkthrough': setup.openWalkthrough,
};

export function registerCommands(perch: Perch): Disposable[] {
	const titles = new Map(contributed(perch).map(({ command, title }) => [command, title]));
	return commandIds.map((id) =>
		commands.registerCommand(id, async (argument: unknown, selected: unknown) => {
			try {
				if (commandTable[id] === 'trust') requireTrust();
				await handlers[id](perch, argument, selected);
			} catch (error) {
				perch.failures.show(titles.get(id) ?? id, error);
			}
		}),
	);
}

/** Titles stand in package.json alone. */
function contributed({ context }: Perch): { command: string; title: string }[] {
	const manifest = context.extension.packageJSON as { contributes: { commands: { command: string; title: string }[] } };
	return manifest.contributes.commands;
}
