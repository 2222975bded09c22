/** The drift report panel. */

import * as z from 'zod/mini';
import { driftReport } from '../../daemon/protocol/drift.ts';
import '../../daemon/protocol/schema.ts';
import { notification, shown } from './message.ts';

/** Extension to webview. */
export const show = notification('show', z.object({ ...shown, report: driftReport }));

/** What the page keeps over a reload. */
export const driftState = z.object({
	version: z.literal(1),
	root: z.string(),
	id: z.string(),
	sort: z.optional(z.object({ column: z.string(), descending: z.boolean() })),
	/** What the user typed into the filter. */
	text: z.optional(z.string()),
	/** Only columns with this verdict. */
	verdict: z.optional(z.enum(['drift', 'stable', 'few', 'unknown'])),
	/** Names of the columns whose details are open. */
	open: z.optional(z.array(z.string())),
});
export type DriftView = z.infer<typeof show.params>;
export type DriftState = z.infer<typeof driftState>;
