/** Callers that keep asking while something else is at work, and how long each of them waited. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createRandom } from '../../daemon/stats/random.ts';

/** Milliseconds that answers took, and that a process which was named computed between two of them at most. */
export interface Waits {
	answers: number;
	p50: number;
	p99: number;
	longest: number;
	busiest: number | null;
}

/**
 * Asks one after the other, at most once in `pace` milliseconds, as long as `goesOn`; throws what an answer throws.
 * On a machine where others are at work a wait may be one for a processor; `busiest` leaves that out.
 */
export async function keepAsking(
	ask: () => Promise<unknown>,
	pace: number,
	goesOn: () => boolean,
	pid?: number,
): Promise<Waits> {
	const took: number[] = [];
	const computed: number[] = [];
	let before = pid === undefined ? 0 : processorTime(pid);
	do {
		const asked = performance.now();
		await ask();
		const wait = performance.now() - asked;
		took.push(wait);
		await pause(Math.max(1, pace - wait));
		const now = pid === undefined ? 0 : processorTime(pid);
		computed.push(now - before);
		before = now;
	} while (goesOn());
	took.sort((a, b) => a - b);
	const at = (share: number) => took[Math.min(took.length - 1, Math.floor(share * took.length))] as number;
	const busiest = pid === undefined ? null : computed.reduce((most, one) => Math.max(most, one), 0);
	return { answers: took.length, p50: at(0.5), p99: at(0.99), longest: at(1), busiest };
}

export function inWords({ answers, p50, p99, longest, busiest }: Waits): string {
	const computed = busiest === null ? '' : `; computed ${busiest.toFixed(1)} ms at a time at most`;
	return `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${longest.toFixed(1)} ms of ${answers}${computed}`;
}

/** Milliseconds that the main thread of a process, which has its event loop, has computed; NaN where the system does not tell. */
function processorTime(pid: number): number {
	return process.platform === 'linux'
		? Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
		: Number.NaN;
}

/** Rows of eight numbers and a target that takes deep trees to follow, as CSV. */
export function winding(rows: number): string {
	const random = createRandom('winding');
	const lines = Array.from({ length: rows }, () => {
		const row = Array.from({ length: 8 }, () => random.next());
		const [a = 0, b = 0, c = 0] = row;
		return [...row, Math.sin(9 * a) * b + c * c + random.normal() / 5].map((value) => value.toFixed(4)).join(',');
	});
	return `a,b,c,d,e,f,g,h,y\n${lines.join('\n')}\n`;
}
