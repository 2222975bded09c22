import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { AuditEvent } from '../protocol/audit.ts';
import { asJson, canonicalJson } from './canonicalJson.ts';

/** Who causes a change, and why. */
export interface Author {
	/** `user`, `guard`, `daemon`, or the name of a client. */
	readonly actor: string;
	readonly reason?: string | undefined;
}

export interface AuditEntry {
	/** Such as `version.created`. */
	readonly event: string;
	/** What it happened to, such as `vitalwatch/2` or a run id. */
	readonly subject: string;
	readonly author: Author;
	readonly detail?: Record<string, unknown>;
}

export interface Verdict {
	readonly valid: boolean;
	readonly events: number;
	/** The hash of the last event: whoever keeps it elsewhere can tell that the trail was not written anew. */
	readonly head: string;
	/** The first event that does not fit, or the first that is missing. */
	readonly broken_at: number | null;
}

export interface Audit {
	/** Appends an event, in the transaction that is open. */
	append(entry: AuditEntry): void;
	/** Newest first; a subject takes in what lies below it (`vitalwatch` also finds `vitalwatch/2`). */
	list(filter: { subject?: string | undefined; limit: number }): AuditEvent[];
	/** Recomputes every hash. */
	verify(): Verdict;
}

/** What the first event follows. */
export const genesis = '0'.repeat(64);

interface Row extends Omit<AuditEvent, 'detail'> {
	detail: string;
}

export function createAudit(db: Database, now: () => number = Date.now): Audit {
	const last = db.prepare<[], { seq: number; hash: string }>('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1');
	const insert = db.prepare(
		'INSERT INTO audit VALUES (@seq, @timestamp, @actor, @event, @subject, @reason, @detail, @prev_hash, @hash)',
	);
	const all = db.prepare<[], Row>('SELECT * FROM audit ORDER BY seq');
	const newest = db.prepare<[number], Row>('SELECT * FROM audit ORDER BY seq DESC LIMIT ?');
	const newestOf = db.prepare<{ subject: string; below: string; end: string; limit: number }, Row>(
		`SELECT * FROM audit WHERE subject = @subject OR (subject >= @below AND subject < @end)
		ORDER BY seq DESC LIMIT @limit`,
	);
	const highest = db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").pluck();

	return {
		append({ event, subject, author, detail = {} }) {
			const before = last.get() ?? { seq: 0, hash: genesis };
			const row = {
				seq: before.seq + 1,
				timestamp: now(),
				actor: author.actor,
				event,
				subject,
				reason: author.reason ?? '',
				detail: canonicalJson(asJson(detail)),
				prev_hash: before.hash,
			};
			insert.run({ ...row, hash: hashOf(row) });
		},
		list({ subject, limit }) {
			const rows =
				subject === undefined
					? newest.all(limit)
					: newestOf.all({ subject, below: `${subject}/`, end: `${subject}0`, limit });
			return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as Record<string, unknown> }));
		},
		verify() {
			let events = 0;
			let head = genesis;
			for (const row of all.iterate()) {
				events++;
				if (row.seq !== events || row.prev_hash !== head || row.hash !== hashOf(row)) {
					return { valid: false, events, head, broken_at: events };
				}
				head = row.hash;
			}
			// SQLite remembers the highest number ever given: rows cut off at the end leave a gap too.
			const cut = (highest.get() ?? 0) > events;
			return { valid: !cut, events, head, broken_at: cut ? events + 1 : null };
		},
	};
}

/** `detail` is canonical JSON already, and is taken as it stands: text that was rewritten to mean the same is edited too. */
function hashOf({ seq, timestamp, actor, event, subject, reason, detail, prev_hash }: Omit<Row, 'hash'>): string {
	const after = canonicalJson({ event, reason, seq, subject, timestamp }).slice(1);
	const text = `{"actor":${canonicalJson(actor)},"detail":${detail},${after}`;
	return createHash('sha256').update(prev_hash).update(text).digest('hex');
}
