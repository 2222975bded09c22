import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { PerchError } from '../protocol/errors.ts';

/** Unix sockets take paths of 104 bytes (macOS) or 108 (Linux), with the closing zero; this stays clear of both. */
const longestSocketPath = 100;

/**
 * Where the daemon of a root listens: a socket in its `.perch/`, or in the user's runtime folder where that path
 * would be over 100 bytes; on Windows a named pipe.
 */
export function endpoint(
	root: string,
	name = 'perchd',
	platform: NodeJS.Platform = process.platform,
	runtimeFolder = userRuntimeFolder(),
): string {
	if (platform === 'win32') return `\\\\.\\pipe\\perch-${digestOf(root)}-${name}`;
	const inside = join(root, '.perch', `${name}.sock`);
	return Buffer.byteLength(inside) <= longestSocketPath ? inside : outsideEndpoint(root, name, runtimeFolder);
}

/** A socket outside the root: for a path that is too long, and for file systems that hold none, as shared folders of containers. */
export function outsideEndpoint(root: string, name = 'perchd', runtimeFolder = userRuntimeFolder()): string {
	return join(runtimeFolder, `${digestOf(root)}-${name}.sock`);
}

function digestOf(root: string): string {
	return createHash('sha256').update(root).digest('hex').slice(0, 16);
}

function userRuntimeFolder(): string {
	const runtime = process.env['XDG_RUNTIME_DIR'];
	return runtime !== undefined && runtime !== '' ? join(runtime, 'perch') : join(tmpdir(), `perch-${userInfo().uid}`);
}

/** Makes the folder of a socket, for its owner alone; a folder that somebody else put there is refused. */
export function makeSocketFolder(socket: string): void {
	if (process.platform === 'win32') return;
	const folder = dirname(socket);
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const stats = lstatSync(folder);
	const foreign = process.getuid !== undefined && stats.uid !== process.getuid();
	if (!stats.isDirectory() || foreign) {
		throw new PerchError('daemon_unavailable', `${folder} belongs to somebody else: no socket is put there.`, {
			file: folder,
			hint: 'Remove it, or set XDG_RUNTIME_DIR to a folder of your own.',
		});
	}
}
