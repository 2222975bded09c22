/** The panel of a tuning. */
import * as z from 'zod/mini';
import { runsTuning } from '../../daemon/protocol/tuning.ts';
import '../../daemon/protocol/schema.ts';
import { done, notification, request, shown } from './message.ts';

export const tuning = runsTuning.result;
export type Tuning = z.infer<typeof tuning>;

/** Extension to webview: the answer of runs/tuning, again whenever a trial begins, is measured or ends. */
export const show = notification('show', z.object({ ...shown, tuning }));
export type TuningView = z.infer<typeof show.params>;

/** Webview to extension: ends the tuning and all of its processes. */
export const cancel = request('cancel', z.object({}), done);

/** Webview to extension: opens the run of the tuning, or of a trial. */
export const openRun = request('openRun', z.object({ id: z.string() }), done);

/** What the page keeps over a reload. */
export const tuningState = z.object({
	version: z.literal(1),
	root: z.string(),
	id: z.string(),
	name: z.string(),
	sort: z.optional(z.object({ column: z.string(), descending: z.boolean() })),
});
export type TuningState = z.infer<typeof tuningState>;
