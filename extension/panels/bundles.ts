/** Every kind of panel, with the name of its bundle in dist/webviews. */
export const bundles = {
	'perch.drift': 'drift',
	'perch.history': 'history',
	'perch.run': 'run',
	'perch.registry': 'registry',
	'perch.compare': 'compare',
	'perch.tuning': 'tuning',
	'perch.simulation': 'simulation',
	'perch.profile': 'profilePanel',
	'perch.table': 'table',
} as const;

export type ViewType = keyof typeof bundles;
