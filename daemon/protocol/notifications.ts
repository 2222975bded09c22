/** What the daemon tells every client without being asked. */

import * as z from 'zod/mini';
import { progressToken, progressValue } from './core.ts';
import './schema.ts';

const change = z.object({ subject: z.string(), event: z.string() });

export const notifications = {
	'$/progress': {
		summary: 'How far a long request has come; sent to the client that asked.',
		params: z.object({ token: progressToken, value: progressValue }),
	},
	'runs/changed': { summary: 'A run was created, changed or deleted.', params: change },
	'runs/progress': {
		summary: 'How far a run at work has come; told a few times a second at most.',
		params: z.object({ id: z.string(), ...progressValue.shape }),
	},
	'models/changed': { summary: 'A model, version or alias changed.', params: change },
	'datasets/changed': { summary: 'A dataset was recorded, or a data file profiled.', params: change },
	'deployments/changed': {
		summary: 'A deployment started, stopped, or changed its versions, shares or figures.',
		params: change,
	},
	'drift/changed': { summary: 'A drift report was kept.', params: change },
	'jobs/changed': { summary: 'Long work started or ended.', params: change },
	'log/message': {
		summary: 'Something that a person may want to know.',
		params: z.object({ level: z.enum(['debug', 'info', 'warning', 'error']), message: z.string() }),
	},
} as const;

export type NotificationName = keyof typeof notifications;
export type NotificationParams<N extends NotificationName> = z.infer<(typeof notifications)[N]['params']>;
