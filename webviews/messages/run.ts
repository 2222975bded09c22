/** The panel of one run. */

import * as z from 'zod/mini';
import { explanations } from '../../daemon/protocol/explanations.ts';
import { runsLog, runsShow } from '../../daemon/protocol/runs.ts';
import { described } from '../../daemon/protocol/schema.ts';
import { done, notification, request, shown } from './message.ts';

/** Extension to webview: the answers of runs/show, runs/log and runs/explanations. */
export const show = notification(
	'show',
	z.object({
		...shown,
		detail: runsShow.result,
		log: runsLog.result,
		explanations: z.nullable(explanations),
		clonable: described(z.boolean(), 'Whether what started it is still there.'),
	}),
);
export type RunView = z.infer<typeof show.params>;

/** What the page asks for, each ended once it is done or was left. */
const act = (name: string) => request(name, z.object({}), done);
/** Ends the training. */
export const cancel = act('cancel');
/** Opens the perch.yaml with the params of this run, or one for its data file, to be changed and trained. */
export const cloneAndEdit = act('cloneAndEdit');
/** Asks for a name, and makes a version of the model that it left. */
export const register = act('register');
/** Opens the card of the version that it made. */
export const openCard = act('openCard');
/** Opens its trials. */
export const openTuning = act('openTuning');
/** Opens the tuning that it is a trial of. */
export const openParent = act('openParent');
/** Opens the model that it registered. */
export const openModel = act('openModel');
/** Opens the run as JSON. */
export const openJson = act('openJson');
/** Opens the file of a dataset, by its place in runs/show. */
export const openData = request('openData', z.object({ index: z.int() }), done);

/** What the page keeps over a reload. */
export const runState = z.object({ version: z.literal(1), root: z.string(), id: z.string(), name: z.string() });
export type RunState = z.infer<typeof runState>;
