/** The one table of the protocol: every method by its name. `docs/openrpc.json` is generated from it. */

import type * as z from 'zod/mini';
import { auditMethods } from './audit.ts';
import { canaryMethods } from './canary.ts';
import { checkMethods } from './checks.ts';
import { coreMethods } from './core.ts';
import { datasetMethods } from './datasets.ts';
import { driftMethods } from './drift.ts';
import { PerchError } from './errors.ts';
import { explanationMethods } from './explanations.ts';
import { modelMethods } from './models.ts';
import { profileMethods } from './profile.ts';
import { runMethods } from './runs.ts';
import { servingMethods } from './serving.ts';
import { simulateMethods } from './simulate.ts';
import { tableMethods } from './table.ts';
import { trainingMethods } from './training.ts';
import { tuningMethods } from './tuning.ts';

export const methods = {
	...coreMethods,
	...trainingMethods,
	...runMethods,
	...tuningMethods,
	...explanationMethods,
	...modelMethods,
	...datasetMethods,
	...profileMethods,
	...tableMethods,
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

/** The name of a method of the protocol; others are `not_found`, under JSON-RPC's own number. */
export function methodNamed(method: string): MethodName {
	if (Object.hasOwn(methods, method)) return method as MethodName;
	const alike = Object.keys(methods).filter((name) => name.split('/')[0] === method.split('/')[0]);
	throw new PerchError('not_found', `There is no method ${method.slice(0, 100)}.`, {
		field: 'method',
		hint: alike.length > 0 ? `There is ${alike.join(', ')}.` : 'docs/openrpc.json lists the methods.',
	});
}
