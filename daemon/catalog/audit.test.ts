import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { createAudit, genesis } from './audit.ts';
import { openDatabase } from './database.ts';

describe('audit', () => {
	let folder: string;
	let db: Database;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'perch-audit-'));
		db = openDatabase(join(folder, 'catalog.db'));
	});
	afterEach(() => {
		db.close();
		rmSync(folder, { recursive: true, force: true });
	});

	const append = (audit: ReturnType<typeof createAudit>, count: number) => {
		for (let index = 1; index <= count; index++) {
			audit.append({
				event: 'alias.set',
				subject: `vitalwatch/${index}`,
				author: { actor: 'user', reason: `because ${index}` },
				detail: { previous: index - 1, nested: { b: [1, null], a: 'ü' } },
			});
		}
	};

	it('hashes as its page says: SHA-256 over prev_hash and the canonical JSON of the other fields', () => {
		const audit = createAudit(db, () => 1_700_000_000_000);
		audit.append({ event: 'run.created', subject: 'r', author: { actor: 'user' }, detail: { b: 1, a: 'x' } });
		const text =
			'{"actor":"user","detail":{"a":"x","b":1},"event":"run.created","reason":"","seq":1,"subject":"r","timestamp":1700000000000}';
		const hash = createHash('sha256')
			.update(`${'0'.repeat(64)}${text}`)
			.digest('hex');
		assert.deepEqual(audit.list({ limit: 10 }), [
			{
				seq: 1,
				timestamp: 1_700_000_000_000,
				actor: 'user',
				event: 'run.created',
				subject: 'r',
				reason: '',
				detail: { a: 'x', b: 1 },
				prev_hash: genesis,
				hash,
			},
		]);
		assert.deepEqual(audit.verify(), { valid: true, events: 1, head: hash, broken_at: null });
	});

	it('is valid when empty, and lists newest first by what a subject takes in', () => {
		const audit = createAudit(db);
		assert.deepEqual(audit.verify(), { valid: true, events: 0, head: genesis, broken_at: null });
		append(audit, 3);
		audit.append({ event: 'version.created', subject: 'vitalwatch2/1', author: { actor: 'user' } });
		assert.deepEqual(
			audit.list({ subject: 'vitalwatch', limit: 2 }).map(({ seq }) => seq),
			[3, 2],
		);
		assert.deepEqual(
			audit.list({ subject: 'vitalwatch/2', limit: 9 }).map(({ seq }) => seq),
			[2],
		);
	});

	it('cannot be changed or shortened through the database', () => {
		append(createAudit(db), 2);
		assert.throws(() => db.exec("UPDATE audit SET reason = 'other'"), /append-only/);
		assert.throws(() => db.exec('DELETE FROM audit WHERE seq = 2'), /append-only/);
	});

	it('breaks at the row that was edited, whatever was edited in it', () => {
		const audit = createAudit(db);
		append(audit, 12);
		db.exec('DROP TRIGGER audit_keeps_values');
		const text = fc.string({ unit: 'grapheme', maxLength: 20 });
		const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
		const edit = fc.oneof(
			fc.tuple(fc.constantFrom('actor', 'event', 'subject', 'reason', 'detail'), text),
			fc.tuple(fc.constantFrom('prev_hash', 'hash'), hex),
			fc.tuple(fc.constant('timestamp'), fc.maxSafeNat()),
			fc.tuple(fc.constant('detail'), fc.json()),
		);
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 12 }), edit, (seq, [column, value]) => {
				db.exec('SAVEPOINT before_edit');
				try {
					const before: unknown = db.prepare(`SELECT ${column} FROM audit WHERE seq = ?`).pluck().get(seq);
					fc.pre(before !== value);
					db.prepare(`UPDATE audit SET ${column} = ? WHERE seq = ?`).run(value, seq);
					const verdict = audit.verify();
					assert.equal(verdict.valid, false);
					assert.equal(verdict.broken_at, seq);
				} finally {
					db.exec('ROLLBACK TO before_edit; RELEASE before_edit');
				}
			}),
			{ numRuns: 500 },
		);
		assert.equal(audit.verify().valid, true);
	});

	it('breaks where rows are missing: in the midst, at the start, and at the end', () => {
		for (const [gone, brokenAt] of [
			['seq = 3', 3],
			['seq <= 2', 1],
			['seq >= 5', 5],
			['seq > 0', 1],
		] as const) {
			const audit = createAudit(db);
			db.exec('SAVEPOINT before_cut');
			append(audit, 6);
			db.exec(`DROP TRIGGER audit_keeps_rows; DELETE FROM audit WHERE ${gone}`);
			assert.deepEqual([audit.verify().valid, audit.verify().broken_at], [false, brokenAt], gone);
			db.exec('ROLLBACK TO before_cut; RELEASE before_cut');
		}
	});
});
