import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process named so that a later one with the same number is not mistaken for it. */
export interface ProcessIdentity {
	readonly pid: number;
	/** When it started, in the words of the system; null where the system would not tell. */
	readonly startTime: string | null;
}

export function identityOf(pid: number): ProcessIdentity {
	return { pid, startTime: startTimeOf(pid) };
}

/** Whether exactly this process still runs. Without a known start time the answer is no: better a leftover than a stranger ended. */
export function isRunning(identity: ProcessIdentity): boolean {
	return identity.startTime !== null && startTimeOf(identity.pid) === identity.startTime;
}

function startTimeOf(pid: number): string | null {
	try {
		if (process.platform === 'linux') return linuxStartTime(pid);
		if (process.platform === 'win32') {
			const script = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
			return told('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script]);
		}
		return told('ps', ['-o', 'lstart=', '-p', String(pid)]);
	} catch {
		return null;
	}
}

/** Field 22 of proc(5)'s stat, in ticks since boot; counted after the name, which may hold blanks and brackets. A zombie is gone. */
function linuxStartTime(pid: number): string | null {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
}

function told(command: string, args: string[]): string | null {
	const text = execFileSync(command, args, {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
		windowsHide: true,
	});
	return text.trim() === '' ? null : text.trim();
}
