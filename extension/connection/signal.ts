/** A list of listeners, shaped like an event of VS Code so that it can be handed to its API, but free of it. */
export interface Signal<T> {
	readonly on: (listener: (value: T) => unknown) => { dispose(): void };
	fire(value: T): void;
}

export function createSignal<T>(): Signal<T> {
	const listeners = new Set<(value: T) => unknown>();
	return {
		on(listener) {
			listeners.add(listener);
			return { dispose: () => listeners.delete(listener) };
		},
		fire(value) {
			for (const listener of [...listeners]) listener(value);
		},
	};
}
