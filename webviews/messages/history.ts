/** The panel of drift over reports. */

import * as z from 'zod/mini';
import { driftHistory } from '../../daemon/protocol/driftHistory.ts';
import { described } from '../../daemon/protocol/schema.ts';
import { done, notification, request, shown } from './message.ts';

/** Which reports are followed: those on a file, of a project, or of a deployment's live traffic. */
const about = {
	name: described(z.string(), 'What a person calls it.'),
	current: z.optional(z.string()),
	project: z.optional(z.string()),
	deployment: z.optional(z.string()),
	config: described(z.nullable(z.string()), 'The perch.yaml that a new report would be made by; null for none.'),
	file: described(z.nullable(z.string()), 'The file that it would be about.'),
};
export const historyAbout = z.object(about);
export type HistoryAbout = z.infer<typeof historyAbout>;

/** Extension to webview: the answer of drift/history. */
export const show = notification('show', z.object({ ...shown, ...about, history: driftHistory.result }));
export type HistoryView = z.infer<typeof show.params>;

/** Webview to extension: opens a report. */
export const openReport = request('openReport', z.object({ id: z.string() }), done);

/** Webview to extension: makes another report. */
export const check = request('check', z.object({}), done);

/** What the page keeps over a reload. */
export const historyState = z.object({
	version: z.literal(1),
	root: z.string(),
	...about,
	/** What the user typed into the filter. */
	text: z.optional(z.string()),
	sort: z.optional(z.object({ column: z.string(), descending: z.boolean() })),
});
export type HistoryState = z.infer<typeof historyState>;
