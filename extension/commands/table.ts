/**
 * Every command of Perch and what it needs. `trust`: it runs or changes something, so it is refused (and greyed out in
 * the palette) in Restricted Mode. `nothing`: it only reads, shows or asks. Titles and places are in package.json;
 * a test holds the two lists against each other.
 */
export const commandTable = {
	'perch.train': 'trust',
	'perch.serve': 'trust',
	'perch.stop': 'trust',
	'perch.checkDrift': 'trust',
	'perch.promote': 'trust',
	'perch.rollback': 'trust',
	'perch.archive': 'trust',
	'perch.restore': 'trust',
	'perch.simulateCanary': 'trust',
	'perch.init': 'trust',
	'perch.openSample': 'nothing',
	'perch.openDriftReport': 'nothing',
	'perch.openRun': 'nothing',
	'perch.openTuning': 'nothing',
	'perch.registerRun': 'trust',
	'perch.compareRuns': 'nothing',
	'perch.openRegistry': 'nothing',
	'perch.showCard': 'trust',
	'perch.openDataset': 'nothing',
	'perch.compareVersions': 'nothing',
	'perch.openTable': 'trust',
	'perch.profileDataset': 'trust',
	'perch.checkDataset': 'trust',
	'perch.compareWith': 'trust',
	'perch.scoreDataset': 'trust',
	'perch.setReference': 'trust',
	'perch.showDriftHistory': 'nothing',
	'perch.copyAddress': 'nothing',
	'perch.startDaemon': 'nothing',
	'perch.restartDaemon': 'trust',
	'perch.stopDaemon': 'trust',
	'perch.showLog': 'nothing',
	'perch.showDaemonLog': 'nothing',
	'perch.showMenu': 'nothing',
	'perch.refresh': 'nothing',
	'perch.hideLenses': 'nothing',
	'perch.doctor': 'trust',
	'perch.copyDiagnostics': 'nothing',
	'perch.openWalkthrough': 'nothing',
} as const satisfies Record<string, 'trust' | 'nothing'>;

export type CommandId = keyof typeof commandTable;
export const commandIds = Object.keys(commandTable) as CommandId[];
