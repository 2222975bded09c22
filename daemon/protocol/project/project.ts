/** perch.yaml as a whole. The editor's completion and the reference page come from this schema too. */

import * as z from 'zod/mini';
import { modelName } from '../models.ts';
import { described } from '../schema.ts';
import { checksSection } from './checks.ts';
import { dataSection } from './data.ts';
import { driftSection } from './drift.ts';
import { modelSection, registerSection, validateSection } from './model.ts';
import { prepareSection } from './prepare.ts';
import { canarySection, serveSection } from './serve.ts';
import { splitSection } from './split.ts';

export const projectSchema = z.strictObject({
	name: described(modelName, 'Name of the project, of its experiment and of its deployment.'),
	data: dataSection,
	prepare: z._default(prepareSection, []),
	checks: z._default(checksSection, []),
	split: z.optional(splitSection),
	model: z.optional(described(modelSection, 'Without one, the data can be checked, profiled and watched for drift.')),
	validate: z._default(validateSection, []),
	register: z.optional(registerSection),
	serve: z.optional(serveSection),
	canary: z.optional(canarySection),
	drift: z.optional(driftSection),
});
export type ProjectFile = z.output<typeof projectSchema>;
