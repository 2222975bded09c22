/** A folder with a real daemon of its own, and clients of every kind for it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, type ConnectOptions, connect, stopDaemon } from '../../daemon/client/connect.ts';
import { readDaemonRecord } from '../../daemon/client/stateFolder.ts';
import { dist } from './commandLine.ts';

export interface DaemonFolder {
	readonly root: string;
	/** Attaches to the daemon, or starts it. */
	connect(options?: Partial<ConnectOptions>): Promise<Client>;
	/** A connection on which nothing was said yet. */
	rawSocket(): Promise<Socket>;
	/** The pid of the daemon that says it runs. */
	pid(): number;
	/** Ends the daemon without a word. */
	kill(): Promise<void>;
	/** Stops the daemon and removes the folder. */
	remove(): Promise<void>;
}

/** @param name A folder below a new one, made likewise. */
export function daemonFolder(name = ''): DaemonFolder {
	const home = realpathSync(mkdtempSync(join(tmpdir(), 'perch-daemon-')));
	const root = join(home, name);
	mkdirSync(root, { recursive: true });
	const options = { root, dist, client: { name: 'test', version: '0' } };
	const clients: Client[] = [];
	const pid = () => {
		const record = readDaemonRecord(root);
		if (record === null) throw new Error(`no daemon says that it runs in ${root}`);
		return record.pid;
	};
	return {
		root,
		async connect(changes = {}) {
			const client = await connect({ ...options, ...changes });
			clients.push(client);
			return client;
		},
		rawSocket() {
			const socket = createConnection({ path: readDaemonRecord(root)?.socket ?? '' });
			socket.on('error', () => undefined);
			return new Promise((resolve) => socket.once('connect', () => resolve(socket)));
		},
		pid,
		async kill() {
			const victim = pid();
			process.kill(victim, 'SIGKILL');
			await until(() => !isAlive(victim));
		},
		async remove() {
			for (const client of clients) client.close();
			await stopDaemon(options);
			rmSync(home, { recursive: true, force: true });
		},
	};
}

/** Waits until something holds, for a minute at most. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
	const patience = AbortSignal.timeout(60_000);
	while (!(await holds())) {
		patience.throwIfAborted();
		await pause(20);
	}
}

export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
}

/** Pids of all processes whose command line holds a text, as Linux tells them. */
export function processesWith(text: string): number[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.filter((name) => commandLine(name).includes(text))
		.map(Number);
}

function commandLine(pid: string): string {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
	} catch {
		return '';
	}
}

/** Pids of the job processes of a folder. */
export function jobPids(root: string): number[] {
	const folder = join(root, '.perch/jobs');
	return readdirSync(folder).flatMap((name) => {
		try {
			return [JSON.parse(readFileSync(join(folder, name, 'process.json'), 'utf8')).pid as number];
		} catch {
			return [];
		}
	});
}

/** A message in its frame. */
export function frame(message: unknown): string {
	return framed(JSON.stringify(message));
}

/** A text, which may be no message at all, in a frame. */
export function framed(body: string): string {
	return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** The first whole message that comes on a stream. */
export async function nextMessage(stream: NodeJS.ReadableStream): Promise<Record<string, unknown>> {
	let text = '';
	for await (const chunk of stream) {
		text += String(chunk);
		const end = text.indexOf('\r\n\r\n');
		const length = Number(/Content-Length: (\d+)/.exec(text)?.[1]);
		if (end >= 0 && Buffer.byteLength(text.slice(end + 4)) >= length) return JSON.parse(text.slice(end + 4));
	}
	throw new Error(`the stream ended with ${JSON.stringify(text)}`);
}
