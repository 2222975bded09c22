/** The profile panel: what a data file holds, column by column. */

import * as z from 'zod/mini';
import { profileReport } from '../../daemon/protocol/profile.ts';
import '../../daemon/protocol/schema.ts';
import { notification, shown } from './message.ts';

/** Extension to webview. */
export const show = notification('show', z.object({ ...shown, report: profileReport }));
export type ProfileView = z.infer<typeof show.params>;

/** What the page keeps over a reload. */
export const profileState = z.object({ version: z.literal(1), root: z.string(), file: z.string() });
export type ProfileState = z.infer<typeof profileState>;
