/** The registry panel: one model with its versions and the history of its changes. */

import * as z from 'zod/mini';
import { auditEvent } from '../../daemon/protocol/audit.ts';
import { modelVersion, registeredModel } from '../../daemon/protocol/models.ts';
import '../../daemon/protocol/schema.ts';
import { done, notification, request, shown } from './message.ts';

/** Extension to webview: the answer of models/show, and the names of all models to choose from. */
export const show = notification(
	'show',
	z.object({ ...shown, names: z.array(z.string()), model: registeredModel, history: z.array(auditEvent) }),
);
export type RegistryView = z.infer<typeof show.params>;

const reason = z.string().check(z.minLength(1), z.maxLength(5000));
const change = z.object({ model: z.string(), version: z.int(), reason });

/**
 * Webview to extension. Each change ends with a new `show` before its result, so that the page has the new picture
 * when it moves the focus.
 */
export const promote = request(
	'promote',
	change,
	z.object({ version: modelVersion, previous: z.nullable(z.number()) }),
);
export const rollback = request(
	'rollback',
	z.object({ model: z.string(), reason }),
	z.object({ version: modelVersion, archived: z.nullable(z.number()) }),
);
export const archive = request('archive', change, z.object({ version: modelVersion }));
export const restore = request('restore', change, z.object({ version: modelVersion }));

/** Webview to extension: shows another model in this panel. */
export const select = request('select', z.object({ name: z.string() }), done);

/** Webview to extension: opens a run. */
export const openRun = request('openRun', z.object({ id: z.string() }), done);

/** What the page keeps over a reload. */
export const registryState = z.object({
	version: z.literal(1),
	root: z.string(),
	model: z.string(),
	sort: z.optional(z.object({ column: z.string(), descending: z.boolean() })),
});
export type RegistryState = z.infer<typeof registryState>;
