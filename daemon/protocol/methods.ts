/** The one table of the protocol: every method by its name. `docs/openrpc.json` is generated from it. */

import type * as z from 'zod/mini';
import { auditMethods } from './audit.ts';
import { canaryMethods } from './canary.ts';
import { checkMethods } from './checks.ts';
import { coreMethods } from './core.ts';
import { datasetMethods } from './datasets.ts';
import { driftMethods } from './drift.ts';
import { modelMethods } from './models.ts';
import { profileMethods } from './profile.ts';
import { runMethods } from './runs.ts';
import { servingMethods } from './serving.ts';
import { simulateMethods } from './simulate.ts';
import { trainingMethods } from './training.ts';

export const methods = {
	...coreMethods,
	...trainingMethods,
	...runMethods,
	...modelMethods,
	...datasetMethods,
	...profileMethods,
	...checkMethods,
	...driftMethods,
	...servingMethods,
	...canaryMethods,
	...simulateMethods,
	...auditMethods,
} as const;

export type MethodName = keyof typeof methods;
/** What a caller passes: fields with defaults may be left out. */
export type Params<M extends MethodName> = z.input<(typeof methods)[M]['params']>;
/** What a handler receives: defaults filled in. */
export type ParsedParams<M extends MethodName> = z.output<(typeof methods)[M]['params']>;
export type Result<M extends MethodName> = z.output<(typeof methods)[M]['result']>;
