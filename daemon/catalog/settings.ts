import type * as z from 'zod/mini';
import { parse } from '../protocol/parse.ts';
import type { Ledger } from './ledger.ts';

/** What the daemon itself has to remember: offsets it has read up to, ports it chose, salts. Not audited. */
export interface Settings {
	/** The value under a key, checked; null when there is none. */
	get<S extends z.core.$ZodType>(key: string, schema: S): z.output<S> | null;
	set(key: string, value: unknown): void;
	remove(key: string): void;
}

export function createSettings({ db }: Ledger): Settings {
	const get = db.prepare<[string], string>('SELECT value FROM settings WHERE key = ?').pluck();
	const set = db.prepare('INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value');
	const remove = db.prepare('DELETE FROM settings WHERE key = ?');
	return {
		get(key, schema) {
			const text = get.get(key);
			return text === undefined ? null : parse(schema, JSON.parse(text), 'corrupt_catalog', { field: key });
		},
		set: (key, value) => void set.run(key, JSON.stringify(value)),
		remove: (key) => void remove.run(key),
	};
}
