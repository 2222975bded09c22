import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { openCatalog } from '../catalog/catalog.ts';
import { endpoint, makeSocketFolder, outsideEndpoint } from '../client/endpoint.ts';
import { identityOf } from '../client/processIdentity.ts';
import { type DaemonRecord, makeStateFolder, readDaemonRecord } from '../client/stateFolder.ts';
import { createJobs } from '../jobs/jobs.ts';
import { removeLeftovers } from '../jobs/leftovers.ts';
import type { Daemon } from '../pipeline/daemon.ts';
import { openPipeline } from '../pipeline/pipeline.ts';
import { protocolVersion } from '../protocol/core.ts';
import type { NotificationName, NotificationParams } from '../protocol/notifications.ts';
import { version } from '../protocol/version.ts';
import { lockFolder } from './folderLock.ts';
import { createCoreHandlers } from './handlers.ts';
import { openRotatingFile } from './rotatingFile.ts';
import { openSession, type Session } from './session.ts';
import { folderToken } from './token.ts';

export interface DaemonOptions {
	readonly root: string;
	/** Where the bundles lie. */
	readonly dist: string;
	readonly readOnly: boolean;
	/** Seconds without client, job and deployment after which it ends. */
	readonly idleSeconds: number;
}

export interface RunningDaemon {
	readonly socket: string;
	/** Ends it cleanly, leaving the gateway at work; resolves when nothing is left open. */
	stop(): Promise<void>;
	/** Resolves when it has ended, for whatever reason. */
	readonly ended: Promise<void>;
}

const logBytes = 5_000_000;
const logFiles = 3;
/** How long requests may take to give up when the daemon ends. */
const longestFarewell = 2000;

/**
 * Becomes the daemon of a root: takes the folder, cleans up after one that was killed, opens the catalog and listens.
 * Null when the folder has a daemon already. Errors: those of the catalog, and what the system says of the socket.
 */
export async function runDaemon({ root, dist, readOnly, idleSeconds }: DaemonOptions): Promise<RunningDaemon | null> {
	const paths = makeStateFolder(root);
	const unlock = lockFolder(join(paths.folder, 'daemon.lock'));
	if (unlock === null) return null;

	const logFile = openRotatingFile(join(paths.logs, 'perchd.log'), logBytes, logFiles);
	const log = pino({ base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, logFile);
	const jobsFolder = join(paths.folder, 'jobs');
	const leftovers = removeLeftovers(jobsFolder);
	const catalog = openCatalog(paths.folder);
	const interrupted = catalog.runs.markInterrupted();
	if (leftovers.folders + interrupted.length > 0)
		log.warn({ leftovers, interrupted }, 'cleaned up after a daemon that died');

	const sessions = new Set<Session>();
	const notify = <N extends NotificationName>(name: N, params: NotificationParams<N>) => {
		for (const session of sessions) void session.notify(name, params);
	};
	catalog.onChange(notify);
	const jobs = createJobs({
		folder: jobsFolder,
		entry: join(dist, 'job.cjs'),
		onChange: (subject, event) => notify('jobs/changed', { subject, event }),
	});
	const token = folderToken(paths.token);
	const daemon: Daemon = {
		...{ root, dist, version, readOnly, token, catalog, jobs, log, notify },
		folder: paths.folder,
	};
	const pipeline = openPipeline(daemon);

	let socket = '';
	const clients = () => [...sessions].filter((session) => session.client !== null).length;
	let stopping: Promise<void> | undefined;
	const stop = () => {
		stopping ??= shutDown();
		return stopping;
	};
	const host = {
		handlers: {
			...createCoreHandlers(daemon, pipeline, {
				socket: () => socket,
				startedAt: Date.now(),
				clients,
				stop: () => setImmediate(() => void stop()),
			}),
			...pipeline.handlers,
		},
		...{ token, readOnly, log },
		identity: { protocolVersion, server: { name: 'perchd' as const, version }, pid: process.pid, root, readOnly },
	};
	const server = createServer((connection) => {
		connection.on('error', () => undefined);
		const session = openSession(connection, connection, host, () => sessions.delete(session));
		sessions.add(session);
	});

	const isOurs = () => readDaemonRecord(root)?.pid === process.pid;
	const idle = watchIdle(
		idleSeconds,
		() => {
			// Somebody removed `.perch/` and with it the lock: another daemon may be there already.
			if (!isOurs()) void stop();
			return clients() + jobs.list().length + pipeline.deployments().length > 0;
		},
		() => void stop(),
	);
	let tellEnd = () => {};
	const ended = new Promise<void>((resolve) => {
		tellEnd = resolve;
	});

	const shutDown = async () => {
		log.info('the daemon ends');
		clearInterval(idle);
		// Closing takes the socket's path away, which may be that of another daemon by now.
		if (isOurs()) server.close();
		await jobs.stop();
		const deadline = Date.now() + longestFarewell;
		for (const session of sessions) session.abort();
		while ([...sessions].some((session) => session.pending > 0) && Date.now() < deadline) await pause(10);
		await pipeline.close();
		await Promise.race([Promise.all([...sessions].map((session) => session.close())), pause(500)]);
		catalog.close();
		if (isOurs()) {
			rmSync(paths.daemon, { force: true });
			removeSocket(socket);
		}
		logFile.close();
		unlock();
		tellEnd();
	};

	socket = await listen(server, root);
	writeRecord(paths.daemon, { ...identityOf(process.pid), socket, version });
	log.info({ version, root, socket, readOnly }, 'the daemon listens');
	return { socket, stop, ended };
}

/** Listens where clients look for the daemon, and returns where that is. */
async function listen(server: Server, root: string): Promise<string> {
	const socket = endpoint(root);
	try {
		await listenOn(server, socket);
		return socket;
	} catch (error) {
		// Some file systems hold no sockets; daemon.json tells where it is instead.
		const outside = outsideEndpoint(root);
		if (process.platform === 'win32' || outside === socket) throw error;
		await listenOn(server, outside);
		return outside;
	}
}

async function listenOn(server: Server, socket: string): Promise<void> {
	makeSocketFolder(socket);
	// Whoever left this socket is dead: the folder's lock is ours.
	removeSocket(socket);
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(socket, () => {
			server.off('error', reject);
			resolve();
		});
	});
	if (process.platform !== 'win32') chmodSync(socket, 0o600);
}

/** A named pipe of Windows goes by itself. */
function removeSocket(socket: string): void {
	if (process.platform !== 'win32') rmSync(socket, { force: true });
}

/** Calls `act` once when nothing was busy for so many seconds. */
function watchIdle(seconds: number, busy: () => boolean, act: () => void): NodeJS.Timeout {
	let lastBusy = Date.now();
	const timer = setInterval(
		() => {
			if (busy()) lastBusy = Date.now();
			if (Date.now() - lastBusy < seconds * 1000) return;
			clearInterval(timer);
			act();
		},
		Math.max(20, Math.min(10_000, seconds * 100)),
	);
	return timer;
}

function writeRecord(file: string, record: DaemonRecord): void {
	const beside = `${file}.${process.pid}`;
	writeFileSync(beside, `${JSON.stringify(record)}\n`, { mode: 0o600 });
	renameSync(beside, file);
}
