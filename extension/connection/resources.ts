/** What the trees, lenses and panels of a root read: fetched once, kept until the daemon tells of a change. */
import type { Params, Result } from '../../daemon/protocol/methods.ts';
import type { NotificationName } from '../../daemon/protocol/notifications.ts';
import type { Connection } from './connection.ts';
import { createSignal, type Signal } from './signal.ts';

const table = {
	models: { method: 'models/list', stale: ['models/changed'] },
	runs: { method: 'runs/list', stale: ['runs/changed', 'models/changed'] },
	deployments: { method: 'deployments/list', stale: ['deployments/changed', 'models/changed', 'drift/changed'] },
	datasets: { method: 'datasets/list', stale: ['datasets/changed', 'runs/changed'] },
	profiles: { method: 'profile/list', stale: ['datasets/changed'] },
	reports: { method: 'drift/list', stale: ['drift/changed'] },
	status: { method: 'daemon/status', stale: ['jobs/changed', 'deployments/changed'] },
} as const satisfies Record<string, { method: string; stale: readonly NotificationName[] }>;

export type ResourceName = keyof typeof table;
export const resourceNames = Object.keys(table) as ResourceName[];
export type Resource<N extends ResourceName> = Result<(typeof table)[N]['method']>;

export interface Resources {
	/** The newest answer; asks the daemon when there is none or it has gone stale. */
	get<N extends ResourceName>(name: N): Promise<Resource<N>>;
	/** The answer at hand, maybe stale; undefined before the first. */
	peek<N extends ResourceName>(name: N): Resource<N> | undefined;
	/** Some resources have gone stale, or are to be asked for again; told at most once in `quiet` ms. */
	readonly onStale: Signal<ReadonlySet<ResourceName>>['on'];
	invalidate(): void;
	dispose(): void;
}

export function createResources(connection: Connection, runsLimit: () => number, quiet = 100): Resources {
	const fetched = new Map<ResourceName, Promise<unknown>>();
	const kept = new Map<ResourceName, unknown>();
	const onStale = createSignal<ReadonlySet<ResourceName>>();
	let gathering = new Set<ResourceName>();
	let timer: NodeJS.Timeout | undefined;

	function markStale(names: readonly ResourceName[]): void {
		for (const name of names) {
			fetched.delete(name);
			gathering.add(name);
		}
		if (gathering.size === 0) return;
		timer ??= setTimeout(() => {
			timer = undefined;
			const told = gathering;
			gathering = new Set();
			onStale.fire(told);
		}, quiet);
	}

	const listening = [
		connection.onTold(({ name: told }) =>
			markStale(resourceNames.filter((name) => (table[name].stale as readonly string[]).includes(told))),
		),
		connection.onState(({ kind }) => {
			if (kind === 'ready' || kind === 'stopped' || kind === 'failed') markStale(resourceNames);
		}),
	];

	function ask(name: ResourceName): Promise<unknown> {
		const params: Params<'runs/list'> = name === 'runs' ? { limit: runsLimit() } : {};
		return connection.request(table[name].method, params);
	}

	return {
		get<N extends ResourceName>(name: N): Promise<Resource<N>> {
			const known = fetched.get(name);
			if (known !== undefined) return known as Promise<Resource<N>>;
			const asked = ask(name);
			fetched.set(name, asked);
			asked.then(
				(answer) => kept.set(name, answer),
				() => fetched.get(name) === asked && fetched.delete(name),
			);
			return asked as Promise<Resource<N>>;
		},
		peek: <N extends ResourceName>(name: N) => kept.get(name) as Resource<N> | undefined,
		onStale: onStale.on,
		invalidate: () => markStale(resourceNames),
		dispose() {
			clearTimeout(timer);
			for (const { dispose } of listening) dispose();
		},
	};
}
