/** When a daemon that ended by itself is started again, with the numbers of the language server client. */
export interface RestartPolicy {
	/** Counts one restart at `now` (ms) and tells how long to wait before it (ms), or `null`: it ended too often. */
	next(now: number): number | null;
	/** Forgets what was counted, after somebody restarted it by hand. */
	reset(): void;
}

/** Allows `limit` restarts in any `window` ms, each after twice the pause of the one before. */
export function createRestartPolicy(limit = 4, window = 180_000, pause = 100): RestartPolicy {
	let restarts: number[] = [];
	return {
		next(now) {
			restarts = restarts.filter((time) => now - time < window);
			if (restarts.length >= limit) return null;
			restarts.push(now);
			return pause * 2 ** (restarts.length - 1);
		},
		reset() {
			restarts = [];
		},
	};
}
