import type { Database } from 'better-sqlite3';
import type { NotificationName } from '../protocol/notifications.ts';
import { type Audit, type AuditEntry, createAudit } from './audit.ts';
import { explainSqliteError } from './sqliteError.ts';

/** The notifications that a change of the catalog can cause. */
export type ChangeName = Extract<NotificationName, `${string}/changed`>;
export type ChangeListener = (name: ChangeName, change: { subject: string; event: string }) => void;

/** How the parts of the catalog write: in transactions, audited, and heard of once they are on disk. */
export interface Ledger {
	readonly db: Database;
	readonly audit: Audit;
	/** Runs `fn` in a transaction, or in a part of the one that is open; what it throws undoes it. */
	transaction<T>(fn: () => T): T;
	/** Audits a change and queues its notification until the outermost transaction has committed. */
	record(name: ChangeName, entry: AuditEntry): void;
	/** Queues a notification of a change that is not audited, such as a logged metric. */
	tell(name: ChangeName, subject: string, event: string): void;
	onChange(listener: ChangeListener): () => void;
}

export function createLedger(db: Database): Ledger {
	const audit = createAudit(db);
	const listeners = new Set<ChangeListener>();
	let queue: Parameters<ChangeListener>[] = [];
	const enclosed = db.transaction((fn: () => unknown) => fn());

	const emit = () => {
		const emitted = queue;
		queue = [];
		const seen = new Set<string>();
		for (const [name, change] of emitted) {
			const key = `${name} ${change.subject} ${change.event}`;
			if (seen.has(key)) continue;
			seen.add(key);
			for (const listener of listeners) listener(name, change);
		}
	};
	const tell = (name: ChangeName, subject: string, event: string) => {
		queue.push([name, { subject, event }]);
	};

	return {
		db,
		audit,
		transaction<T>(fn: () => T): T {
			const mark = queue.length;
			const outermost = !db.inTransaction;
			let result: T;
			try {
				result = enclosed.immediate(fn) as T;
			} catch (error) {
				queue.length = Math.min(queue.length, mark);
				throw explainSqliteError(error, db.name);
			}
			if (outermost) emit();
			return result;
		},
		record(name, entry) {
			audit.append(entry);
			tell(name, entry.subject, entry.event);
		},
		tell,
		onChange(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
