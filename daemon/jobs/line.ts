import { PerchError } from '../protocol/errors.ts';

/** Work that waits for one of a few places, first come first served. */
export interface Line {
	/** Resolves when a place is free, which is taken; a wait that is cancelled (`cancelled`) gives its turn away. */
	enter(signal: AbortSignal): Promise<void>;
	/** Gives a place back. */
	leave(): void;
}

export function createLine(places: number): Line {
	const waiting: (() => void)[] = [];
	let free = places;
	return {
		enter(signal) {
			if (free > 0) {
				free--;
				return Promise.resolve();
			}
			return new Promise((resolve, reject) => {
				const enter = () => {
					signal.removeEventListener('abort', giveUp);
					resolve();
				};
				const giveUp = () => {
					waiting.splice(waiting.indexOf(enter), 1);
					reject(new PerchError('cancelled', 'The job was cancelled before it started.'));
				};
				signal.addEventListener('abort', giveUp, { once: true });
				waiting.push(enter);
			});
		},
		leave() {
			const next = waiting.shift();
			if (next === undefined) free++;
			else next();
		},
	};
}
