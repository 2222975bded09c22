/** What `when` clauses, welcome views and the walkthrough of package.json ask for. */
export const contextKeys = [
	'perch.hasProject',
	'perch.stopped',
	'perch.hasModels',
	'perch.hasRuns',
	'perch.hasDeployments',
	'perch.hasReports',
	'perch.runOpened',
] as const;
export type ContextKey = (typeof contextKeys)[number];
