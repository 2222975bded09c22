/** What the handlers of the protocol work with, and the shape that their table has. */
import type { Logger } from 'pino';
import type * as z from 'zod/mini';
import type { Author, Catalog } from '../catalog/catalog.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { deploymentSummary, Progress } from '../protocol/core.ts';
import type { MethodName, ParsedParams, Result } from '../protocol/methods.ts';
import type { NotificationName, NotificationParams } from '../protocol/notifications.ts';

/** One running perchd. */
export interface Daemon {
	readonly root: string;
	/** `.perch` in the root. */
	readonly folder: string;
	/** Where the bundles lie: gateway.cjs, job.cjs, report.js. */
	readonly dist: string;
	readonly version: string;
	/** Nothing of the folder is run: no job, no gateway, no command of a perch.yaml. */
	readonly readOnly: boolean;
	/** The content of `.perch/token`. */
	readonly token: string;
	readonly catalog: Catalog;
	readonly jobs: Jobs;
	readonly log: Logger;
	/** Tells every client. Changes of the catalog are told without it. */
	notify<N extends NotificationName>(name: N, params: NotificationParams<N>): void;
}

/** What a handler knows of the request that it answers. */
export interface Request {
	readonly client: { readonly name: string; readonly version: string };
	/** Aborts when the caller cancels or goes away, and when the daemon stops. */
	readonly signal: AbortSignal;
	/** Tells the caller how far the work has come; `share` is 0 to 1, absent while unknown. */
	progress(message: string, share?: number, figures?: Progress['figures']): void;
	/** The caller as the author of what it changes. */
	author(reason?: string): Author;
}

export type Handler<M extends MethodName> = (
	params: ParsedParams<M>,
	request: Request,
) => Result<M> | Promise<Result<M>>;

/** A handler for each of the methods: one that is missing does not compile. */
export type Handlers<M extends MethodName> = { readonly [K in M]: Handler<K> };

/** The methods that rpc/ answers from the catalog and the daemon's own state; `initialize` belongs to the connection. */
export type CoreMethod =
	| `daemon/${'status' | 'stop' | 'logs'}`
	| `runs/${'list' | 'show' | 'explanations' | 'compare' | 'delete'}`
	| `models/${'list' | 'show' | 'restore' | 'export'}`
	| `datasets/${'list' | 'diff'}`
	| `drift/${'list' | 'show' | 'history'}`
	| `audit/${'show' | 'verify'}`;

export type PipelineMethod = Exclude<MethodName, CoreMethod | 'initialize'>;

export type DeploymentSummary = z.output<typeof deploymentSummary>;

/** What this room adds to a daemon. */
export interface Pipeline {
	readonly handlers: Handlers<PipelineMethod>;
	/** What is deployed, for `daemon/status`; the daemon does not end itself while there is any. */
	deployments(): DeploymentSummary[];
	servingUri(): string | null;
	/** Ends the gateway after its running requests; names what was deployed. For `daemon/stop`. */
	stopGateway(): Promise<string[]>;
	/** Lets go of everything and leaves the gateway running, for the end of this process. */
	close(): Promise<void>;
}
