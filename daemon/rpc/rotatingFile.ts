import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/** A log file that is put aside as `.1` when it is full; the older ones move up, the oldest goes. */
export function openRotatingFile(path: string, maxBytes: number, kept: number) {
	let handle = openSync(path, 'a', 0o600);
	let open = true;
	let size = fstatSync(handle).size;
	const rotate = () => {
		closeSync(handle);
		rmSync(`${path}.${kept}`, { force: true });
		for (let number = kept - 1; number >= 1; number--) moveIfThere(`${path}.${number}`, `${path}.${number + 1}`);
		moveIfThere(path, `${path}.1`);
		handle = openSync(path, 'a', 0o600);
		size = 0;
	};
	return {
		write(line: string): void {
			// After the end the number of this handle may be that of another file.
			if (!open) return;
			const bytes = Buffer.byteLength(line);
			try {
				if (size > 0 && size + bytes > maxBytes) rotate();
				writeSync(handle, line);
				size += bytes;
			} catch {
				// A full disk must not end the daemon for the sake of its log.
			}
		},
		close(): void {
			if (open) closeSync(handle);
			open = false;
		},
	};
}

function moveIfThere(from: string, to: string): void {
	try {
		renameSync(from, to);
	} catch {
		// Not there yet.
	}
}
