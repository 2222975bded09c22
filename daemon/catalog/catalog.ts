import { join } from 'node:path';
import { type Artifacts, createArtifacts } from './artifacts.ts';
import type { Audit } from './audit.ts';
import { openDatabase } from './database.ts';
import { createDatasets, type Datasets } from './datasets.ts';
import { createDeployments, type Deployments } from './deployments.ts';
import { createDriftHistory, type DriftHistory } from './driftHistory.ts';
import { type ChangeListener, createLedger } from './ledger.ts';
import { createModels, type Models } from './models.ts';
import { createReports, type Reports } from './reports.ts';
import { createRuns, type Runs } from './runs.ts';
import { createSettings, type Settings } from './settings.ts';

export type { Author } from './audit.ts';
export type { KeptReport } from './reports.ts';

/** All that a folder's daemon keeps, in `.perch/catalog.db` and `.perch/artifacts/`. Only perchd opens it. */
export interface Catalog {
	readonly runs: Runs;
	readonly models: Models;
	readonly datasets: Datasets;
	readonly deployments: Deployments;
	readonly reports: Reports;
	readonly driftHistory: DriftHistory;
	readonly settings: Settings;
	readonly audit: Audit;
	readonly artifacts: Artifacts;
	/**
	 * Makes several changes one: all or none, with their audit events, and with their notifications only after the
	 * commit. `fn` is synchronous; what it throws undoes everything and comes through.
	 */
	transaction<T>(fn: () => T): T;
	/** Hears of every change after it is on disk, until the returned function is called. */
	onChange(listener: ChangeListener): () => void;
	close(): void;
}

/**
 * Opens the catalog of a `.perch` folder, made or migrated where needed. Errors: `newer_catalog`,
 * `corrupt_catalog`, `disk_full`.
 */
export function openCatalog(folder: string): Catalog {
	const db = openDatabase(join(folder, 'catalog.db'));
	const ledger = createLedger(db);
	const datasets = createDatasets(ledger);
	const runs = createRuns(ledger, datasets);
	return {
		runs,
		models: createModels(ledger, runs.get),
		datasets,
		deployments: createDeployments(ledger),
		reports: createReports(ledger, datasets, folder),
		driftHistory: createDriftHistory(ledger),
		settings: createSettings(ledger),
		audit: ledger.audit,
		artifacts: createArtifacts(join(folder, 'artifacts')),
		transaction: ledger.transaction,
		onChange: ledger.onChange,
		close: () => void db.close(),
	};
}
