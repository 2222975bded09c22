/** The ports that the gateway listens on: usually one, more when deployments ask for ports of their own. */
import type { FastifyInstance } from 'fastify';
import { listenLocally } from '../http/server.ts';
import { isPerchError } from '../protocol/errors.ts';

export interface Ports {
	/**
	 * Makes sure that a port is listened on, and answers which. 0 joins the port that was chosen before, or has the system
	 * choose one. A port that another program holds is replaced by a chosen one, with a warning, unless it is `fixed`:
	 * then `port_in_use` is thrown.
	 */
	open(port: number, fixed: boolean, warn: (message: string) => void): Promise<number>;
	/** Closes the ports that are not among these, after their running requests. */
	keep(ports: ReadonlySet<number>): Promise<void>;
	/** The first port; null when none is open. */
	first(): number | null;
}

/** `create` makes the server of one port, with its routes. */
export function createPorts(create: () => FastifyInstance): Ports {
	/** `chosen`: nobody asked for this very port, so others may join it. */
	const servers = new Map<number, { server: FastifyInstance; chosen: boolean }>();

	async function listen(port: number, chosen: boolean): Promise<number> {
		const server = create();
		try {
			const opened = await listenLocally(server, port);
			servers.set(opened, { server, chosen });
			return opened;
		} catch (error) {
			await server.close();
			throw error;
		}
	}

	async function choose(): Promise<number> {
		for (const [port, { chosen }] of servers) if (chosen) return port;
		return listen(0, true);
	}

	return {
		async open(port, fixed, warn) {
			if (port === 0) return choose();
			if (servers.has(port)) return port;
			try {
				return await listen(port, !fixed);
			} catch (error) {
				if (fixed || !isPerchError(error) || error.code !== 'port_in_use') throw error;
				const other = await choose();
				warn(`Port ${port} is used by another program: serving on port ${other} instead.`);
				return other;
			}
		},
		async keep(ports) {
			const gone = [...servers].filter(([port]) => !ports.has(port));
			for (const [port] of gone) servers.delete(port);
			await Promise.all(gone.map(([, { server }]) => server.close()));
		},
		first: () => servers.keys().next().value ?? null,
	};
}
