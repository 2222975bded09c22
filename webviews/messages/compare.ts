/** The comparison panel: two or more runs side by side. */

import * as z from 'zod/mini';
import { runsCompare } from '../../daemon/protocol/runs.ts';
import '../../daemon/protocol/schema.ts';
import { done, notification, request, shown } from './message.ts';

export const runComparison = runsCompare.result;
export type RunComparison = z.infer<typeof runComparison>;

/** Extension to webview: the answer of runs/compare, and whether it was asked for `all`. */
export const show = notification('show', z.object({ ...shown, all: z.boolean(), comparison: runComparison }));
export type CompareView = z.infer<typeof show.params>;

/** Webview to extension: puts the table on the clipboard. */
export const copy = request('copy', z.object({ format: z.enum(['markdown', 'csv']) }), done);

/** Webview to extension: asks for the lines on which all runs agree as well; a new `show` comes before the result. */
export const showAll = request('showAll', z.object({ all: z.boolean() }), done);

/** Webview to extension: opens a run. */
export const openRun = request('openRun', z.object({ id: z.string() }), done);

/** What the page keeps over a reload. */
export const compareState = z.object({
	version: z.literal(1),
	root: z.string(),
	ids: z.array(z.string()),
	all: z.boolean(),
});
export type CompareState = z.infer<typeof compareState>;
