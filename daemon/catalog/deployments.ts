import type { Author } from './audit.ts';
import { asJson, canonicalJson } from './canonicalJson.ts';
import type { Ledger } from './ledger.ts';

export interface DeploymentRecord {
	readonly name: string;
	/** What the gateway is to do, as `pipeline/` and `serve/` define it. */
	readonly config: Record<string, unknown>;
	/** What is to be after a restart. */
	readonly desired: 'serving' | 'stopped';
	readonly created_at: number;
	readonly updated_at: number;
}

/** What happened to a deployment, for the audit and for those who watch. */
export interface DeploymentEvent {
	/** Such as `deployment.started` or `canary.rolled_back`. */
	readonly event: string;
	readonly author: Author;
	readonly detail?: Record<string, unknown>;
}

export interface Deployments {
	/** Keeps a deployment as it is to be from now on, and why. */
	save(name: string, state: Pick<DeploymentRecord, 'config' | 'desired'>, event: DeploymentEvent): DeploymentRecord;
	/** By name. */
	list(): DeploymentRecord[];
	get(name: string): DeploymentRecord | null;
	/** Keeps figures that grow with the traffic: told to those who watch, and not audited. */
	refresh(name: string, config: Record<string, unknown>): void;
}

interface Row {
	name: string;
	config: string;
	desired: DeploymentRecord['desired'];
	creation_time: number;
	last_updated_time: number;
}

export function createDeployments({ db, transaction, record, tell }: Ledger): Deployments {
	const upsert = db.prepare(
		`INSERT INTO deployments VALUES (@name, @config, @desired, @now, @now)
		ON CONFLICT (name) DO UPDATE SET config = @config, desired = @desired, last_updated_time = @now`,
	);
	const update = db.prepare('UPDATE deployments SET config = @config, last_updated_time = @now WHERE name = @name');
	const all = db.prepare<[], Row>('SELECT * FROM deployments ORDER BY name');
	const one = db.prepare<[string], Row>('SELECT * FROM deployments WHERE name = ?');

	return {
		save(name, { config, desired }, { event, author, detail }) {
			return transaction(() => {
				upsert.run({ name, config: canonicalJson(asJson(config)), desired, now: Date.now() });
				record('deployments/changed', { event, subject: name, author, ...(detail !== undefined && { detail }) });
				return fromRow(one.get(name) as Row);
			});
		},
		list: () => all.all().map(fromRow),
		get(name) {
			const row = one.get(name);
			return row === undefined ? null : fromRow(row);
		},
		refresh: (name, config) =>
			transaction(() => {
				update.run({ name, config: canonicalJson(asJson(config)), now: Date.now() });
				tell('deployments/changed', name, 'deployment.figures');
			}),
	};
}

function fromRow({ name, config, desired, creation_time, last_updated_time }: Row): DeploymentRecord {
	return {
		name,
		config: JSON.parse(config) as Record<string, unknown>,
		desired,
		created_at: creation_time,
		updated_at: last_updated_time,
	};
}
