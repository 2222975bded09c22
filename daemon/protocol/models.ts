/** The registry: models, versions and aliases, named as in MLflow. */

import * as z from 'zod/mini';
import { auditEvent } from './audit.ts';
import { longParams } from './core.ts';
import { method } from './method.ts';
import { datasetRef } from './runs.ts';
import { described } from './schema.ts';

export const modelVersion = z.object({
	name: z.string(),
	version: z.number(),
	aliases: z.array(z.string()),
	status: z.enum(['ready', 'archived', 'failed']),
	created_at: z.number(),
	run_id: z.nullable(z.string()),
	dataset: z.nullable(datasetRef),
	metrics: z.record(z.string(), z.nullable(z.number())),
	main_metric: described(z.nullable(z.string()), 'The metric that lists show beside the version.'),
	source: z.enum(['training', 'import']),
	sha256: z.string(),
	size: z.number(),
	task: z.string(),
	description: z.string(),
});
export type ModelVersion = z.infer<typeof modelVersion>;

export const registeredModel = z.object({
	name: z.string(),
	created_at: z.number(),
	versions: described(z.array(modelVersion), 'Newest first.'),
});

/** A name in the registry: letters, digits, `_`, `-`, `.` and blanks inside, as MLflow allows in practice. */
export const modelName = z
	.string()
	.check(
		z.regex(
			/^[\p{L}\p{N}_][\p{L}\p{N}_\-. ]*$/u,
			'must start with a letter, digit or _ and hold only letters, digits, _, -, . and blanks',
		),
		z.maxLength(256),
	);

/** An alias as MLflow defines it: not `latest`, not `v` and digits. */
export const aliasName = z
	.string()
	.check(
		z.regex(
			/^(?!latest$)(?!v\d+$)[\w-]{1,255}$/,
			'must hold only letters, digits, _ and -, and be neither latest nor v and digits',
		),
	);

const target = {
	name: modelName,
	version: z.optional(described(z.int(), 'Defaults to the version behind `candidate`, else the newest.')),
};
const reason = z.optional(z.string().check(z.maxLength(5000)));

export const modelsList = method(
	'Lists registered models with their versions.',
	z.object({}),
	z.object({ models: z.array(registeredModel) }),
	{
		readOnly: true,
	},
);

export const modelsShow = method(
	'Shows a model: versions, aliases, metrics, data, runs and the history of its changes.',
	z.object({ name: modelName }),
	z.object({ model: registeredModel, history: z.array(auditEvent) }),
	{ readOnly: true },
);

export const modelsPromote = method(
	'Moves an alias (production unless told) to a version; a running deployment takes it over without losing a request.',
	z.object({ ...target, alias: z._default(aliasName, 'production'), reason }),
	z.object({ version: modelVersion, previous: z.nullable(z.number()) }),
);

export const modelsRollback = method(
	'Ends a candidate (its share goes to 0 and the version is archived) or, where there is none, gives production back to the version before.',
	z.object({ name: modelName, reason }),
	z.object({ version: modelVersion, archived: z.nullable(z.number()) }),
);

export const modelsArchive = method(
	'Archives a version: its aliases go, its files stay, and it is not served until restored.',
	z.object({ name: modelName, version: z.int(), reason }),
	z.object({ version: modelVersion }),
);

export const modelsRestore = method(
	'Makes an archived version ready again, without an alias.',
	z.object({ name: modelName, version: z.int(), reason }),
	z.object({ version: modelVersion }),
);

export const modelsExport = method(
	'Writes the .onnx file of a version to a path.',
	z.object({ model: described(z.string(), 'name@alias, name@latest or name/version.'), output: z.string() }),
	z.object({ output: z.string(), sha256: z.string(), size: z.number() }),
);

export const modelsCard = method(
	'Writes the card of a version: data, signature, metrics, explanations, warnings and how it was made.',
	z.object({
		model: described(
			z.string(),
			'name@alias, name@latest or name/version; a name alone means production, else the newest.',
		),
		html: z.optional(described(z.string(), 'Where to write it as one HTML file.')),
		...longParams,
	}),
	z.object({ model: z.string(), markdown: z.string(), html: z.nullable(z.string()) }),
	{ long: true },
);

export const modelsImport = method(
	'Registers an ONNX file that was made elsewhere, after its checks; one that cannot be served is kept as failed, without an alias.',
	z.object({
		name: modelName,
		file: z.string(),
		alias: z.optional(aliasName),
		description: z._default(z.string(), ''),
	}),
	z.object({
		version: modelVersion,
		unservable: described(z.nullable(z.string()), 'Why it cannot be served; null for one that can.'),
	}),
);

export const modelsRegister = method(
	'Registers the model that a run left as a version, after it was tried; one whose validation did not hold is kept as failed.',
	z.object({
		run: described(z.string(), 'A run id, a unique prefix of one, or a unique run name.'),
		name: modelName,
		alias: z.optional(described(aliasName, 'production where nothing is, unless told.')),
		description: z._default(z.string(), ''),
	}),
	z.object({ version: modelVersion }),
);

export const modelMethods = {
	'models/list': modelsList,
	'models/show': modelsShow,
	'models/promote': modelsPromote,
	'models/rollback': modelsRollback,
	'models/archive': modelsArchive,
	'models/restore': modelsRestore,
	'models/export': modelsExport,
	'models/card': modelsCard,
	'models/import': modelsImport,
	'models/register': modelsRegister,
};
