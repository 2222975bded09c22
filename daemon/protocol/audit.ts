/** The append-only, hash-chained trail of every change. */

import * as z from 'zod/mini';
import { method } from './method.ts';
import { described } from './schema.ts';

export const auditEvent = z.object({
	seq: z.number(),
	timestamp: described(z.number(), 'Milliseconds since 1970.'),
	actor: described(z.string(), 'user, guard, daemon, or the name of the client.'),
	event: described(z.string(), 'Such as run.created, version.created, alias.set, canary.rolled_back.'),
	subject: described(z.string(), 'What it happened to, such as vitalwatch/2 or a run id.'),
	reason: z.string(),
	detail: z.record(z.string(), z.unknown()),
	prev_hash: z.string(),
	hash: described(z.string(), 'SHA-256 over prev_hash and the canonical JSON of the other fields.'),
});
export type AuditEvent = z.infer<typeof auditEvent>;

export const auditShow = method(
	'Lists audit events, newest first.',
	z.object({
		subject: z.optional(z.string()),
		limit: z._default(z.int().check(z.minimum(1), z.maximum(100_000)), 100),
	}),
	z.object({ events: z.array(auditEvent) }),
	{ readOnly: true },
);

export const auditVerify = method(
	'Recomputes the whole chain and names the first row that does not fit.',
	z.object({}),
	z.object({ valid: z.boolean(), events: z.number(), head: z.string(), broken_at: z.nullable(z.number()) }),
	{ readOnly: true },
);

export const auditMethods = { 'audit/show': auditShow, 'audit/verify': auditVerify };
