/** What `when` clauses, welcome views and the walkthrough of package.json ask for. */
export const contextKeys = [
	'perch.hasProject',
	'perch.stopped',
	'perch.hasModels',
	'perch.hasRuns',
	'perch.hasDeployments',
	'perch.hasReports',
	'perch.runOpened',
	/** The walkthrough may be open: VS Code passes over what held before it was, so each step asks once more with this. */
	'perch.walkthrough',
] as const;
export type ContextKey = (typeof contextKeys)[number];
