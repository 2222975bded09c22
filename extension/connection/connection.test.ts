import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../../daemon/client/connect.ts';
import { PerchError } from '../../daemon/protocol/errors.ts';
import type { Result } from '../../daemon/protocol/methods.ts';
import { type Connection, type ConnectionParts, type ConnectionState, createConnection } from './connection.ts';
import { createResources } from './resources.ts';
import { createRestartPolicy } from './restartPolicy.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const models: Result<'models/list'> = { models: [] };

/** One end of a wire to a daemon: the test tells when it breaks and what it says. */
function wire() {
	const closed = new Set<() => void>();
	const heard = new Map<string, (params: unknown) => void>();
	const asked: string[] = [];
	const client: Client = {
		server: { protocolVersion: 1, server: { name: 'perchd', version: '0' }, pid: 1, root: '/r', readOnly: false },
		request: ((method: string) => {
			asked.push(method);
			return Promise.resolve(models);
		}) as Client['request'],
		onNotification: ((name: string, listener: (params: unknown) => void) => {
			heard.set(name, listener);
			return () => heard.delete(name);
		}) as Client['onNotification'],
		onClose: (listener) => closed.add(listener),
		close: () => undefined,
	};
	return {
		client,
		asked,
		break() {
			for (const listener of closed) listener();
		},
		tell: (name: string) => heard.get(name)?.({ subject: 's', event: 'e' }),
	};
}

function open(parts: Partial<ConnectionParts>): { connection: Connection; states: ConnectionState['kind'][] } {
	const connection = createConnection({
		root: '/r',
		name: 'r',
		log: silent,
		dial: () => Promise.resolve(wire().client),
		halt: () => Promise.resolve({ stopped: true, deployments: [], jobs: 0 }),
		endedOnPurpose: () => false,
		policy: createRestartPolicy(4, 180_000, 1),
		...parts,
	});
	const states: ConnectionState['kind'][] = [];
	connection.onState(({ kind }) => states.push(kind));
	return { connection, states };
}

/** Until a state is reached; the connection settles in 100 ms and restarts after some more. */
async function until(connection: Connection, kind: ConnectionState['kind']): Promise<void> {
	for (let tries = 0; connection.state().kind !== kind; tries++) {
		assert.ok(tries < 500, `${connection.state().kind}, not ${kind}`);
		await pause(10);
	}
}

describe('connection', () => {
	it('opens once for all who ask at the same time', async () => {
		let dialed = 0;
		const { connection, states } = open({
			async dial() {
				dialed += 1;
				await pause(5);
				return wire().client;
			},
		});
		await Promise.all([connection.open(), connection.request('models/list', {}), connection.open()]);
		assert.equal(dialed, 1);
		assert.deepEqual(states, ['starting', 'ready']);
		connection.dispose();
	});

	it('attaches without starting, and says nothing where no daemon runs', async () => {
		const starts: boolean[] = [];
		const { connection, states } = open({
			async dial(start) {
				starts.push(start);
				if (!start) throw new PerchError('daemon_unavailable', 'none');
				return wire().client;
			},
		});
		await Promise.all([connection.attach(), connection.open()]);
		assert.deepEqual(starts, [false, true]);
		assert.deepEqual(states, ['starting', 'ready']);
		connection.dispose();
	});

	it('starts a daemon again that ended by itself', async () => {
		const wires = [wire(), wire()] as const;
		let next = 0;
		const { connection } = open({ dial: async () => (wires[next++] ?? wires[1]).client });
		await connection.open();
		wires[0].break();
		assert.equal(connection.state().kind, 'starting');
		await until(connection, 'ready');
		assert.equal(next, 2);
		connection.dispose();
	});

	it('leaves a daemon alone that somebody stopped', async () => {
		let dialed = 0;
		const only = wire();
		const { connection } = open({
			endedOnPurpose: () => true,
			async dial() {
				dialed += 1;
				return only.client;
			},
		});
		await connection.open();
		only.break();
		await until(connection, 'stopped');
		assert.equal(dialed, 1);
		connection.dispose();
	});

	it('gives up on the fifth end in three minutes, once, and opens again when asked to', async () => {
		let current = wire();
		const { connection } = open({
			async dial() {
				current = wire();
				return current.client;
			},
		});
		const errors: PerchError[] = [];
		connection.onGivenUp((error) => errors.push(error));
		await connection.open();
		for (let end = 0; end < 4; end++) {
			current.break();
			await until(connection, 'ready');
		}
		current.break();
		await until(connection, 'failed');
		assert.deepEqual(
			errors.map(({ code }) => code),
			['daemon_unavailable'],
		);
		await connection.restart();
		assert.equal(connection.state().kind, 'ready');
		connection.dispose();
	});

	it('does not take the end of a daemon that it stopped itself for a loss', async () => {
		const only = wire();
		const { connection, states } = open({
			dial: async () => only.client,
			async halt() {
				only.break();
				return { stopped: true, deployments: ['d'], jobs: 1 };
			},
		});
		await connection.open();
		assert.deepEqual((await connection.stop())?.deployments, ['d']);
		await pause(150);
		assert.deepEqual(states, ['starting', 'ready', 'stopped']);
		connection.dispose();
	});
});

describe('resources', () => {
	it('ask once, and again after the daemon told of a change', async () => {
		const only = wire();
		const { connection } = open({ dial: async () => only.client });
		const resources = createResources(connection, () => 100, 5);
		await Promise.all([resources.get('models'), resources.get('models')]);
		await pause(20);
		await resources.get('models');
		const before = only.asked.length;
		await resources.get('models');
		assert.equal(only.asked.length, before);
		const stale: string[][] = [];
		resources.onStale((names) => stale.push([...names].sort()));
		only.tell('models/changed');
		only.tell('models/changed');
		await pause(20);
		assert.deepEqual(stale, [['deployments', 'models', 'runs']]);
		await resources.get('models');
		assert.equal(only.asked.length, before + 1);
		assert.deepEqual(resources.peek('models'), models);
		resources.dispose();
		connection.dispose();
	});
});
