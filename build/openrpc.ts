/** Writes docs/openrpc.json, docs/driftReport.schema.json and docs/perchYaml.md from the protocol; with `--check` only tells, by its exit code, whether one is stale. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { protocolVersion } from '../daemon/protocol/core.ts';
import { driftReport } from '../daemon/protocol/drift.ts';
import { type ErrorCode, errorBody, errorCodes } from '../daemon/protocol/errors.ts';
import type { Method } from '../daemon/protocol/method.ts';
import { methods } from '../daemon/protocol/methods.ts';
import { notifications } from '../daemon/protocol/notifications.ts';
import '../daemon/protocol/schema.ts';
import { version } from '../daemon/protocol/version.ts';
import { perchYamlPage } from './perchYaml.ts';

interface JsonSchema {
	[key: string]: unknown;
	properties?: Record<string, JsonSchema>;
	required?: string[];
	description?: string;
}

const root = join(import.meta.dirname, '..');

/** What is generated into docs/: the file and its text. */
const documents: readonly [file: string, text: () => string][] = [
	['docs/openrpc.json', openRpc],
	['docs/driftReport.schema.json', driftSchema],
	['docs/perchYaml.md', perchYamlPage],
];

/** The whole document, with a line break at its end. */
export function openRpc(): string {
	const document = {
		openrpc: '1.3.2',
		info: {
			title: 'perchd',
			version,
			description:
				'JSON-RPC 2.0 in Content-Length frames, over the socket that .perch/daemon.json names or over `perchd --stdio`. ' +
				'initialize comes first. Params are objects. A request is cancelled by the notification $/cancelRequest {id}.',
			license: { name: 'MIT' },
		},
		methods: Object.entries(methods).map(([name, method]) => describeMethod(name, method)),
		'x-protocol-version': protocolVersion,
		'x-notifications': Object.entries(notifications).map(([name, { summary, params }]) => ({
			name,
			summary,
			paramStructure: 'by-name',
			params: describeParams(params),
		})),
		components: {
			schemas: { ErrorBody: jsonSchema(errorBody, 'output') },
			errors: Object.fromEntries(
				Object.entries(errorCodes).map(([name, { number }]) => [
					name,
					{ code: number, message: name, data: { $ref: '#/components/schemas/ErrorBody' } },
				]),
			),
		},
	};
	return `${JSON.stringify(document, null, '\t')}\n`;
}

function describeMethod(name: string, { summary, params, result, long, readOnly }: Method) {
	const errors: ErrorCode[] = ['internal', 'invalid_arguments'];
	if (name !== 'initialize') errors.push('not_initialized');
	if (!readOnly) errors.push('read_only');
	if (long) errors.push('cancelled');
	return {
		name,
		summary,
		paramStructure: 'by-name',
		params: describeParams(params),
		result: { name: 'result', schema: jsonSchema(result, 'output') },
		errors: errors.map((code) => ({ $ref: `#/components/errors/${code}` })),
		'x-long': long,
		'x-read-only': readOnly,
	};
}

/** The fields of an object of params, each as OpenRPC describes one. */
function describeParams(params: z.core.$ZodType) {
	const { properties = {}, required = [] } = jsonSchema(params, 'input');
	return Object.entries(properties).map(([name, { description, ...schema }]) => ({
		name,
		...(description !== undefined && { description }),
		required: required.includes(name),
		schema,
	}));
}

function jsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): JsonSchema {
	const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema;
	return rest;
}

/** The JSON of a drift report as JSON Schema. Fields may be added, so it forbids none. */
export function driftSchema(): string {
	const whole = z.object({ ...driftReport.shape, html: z.optional(z.nullable(z.string())) });
	const schema = z.toJSONSchema(whole, { io: 'output', unrepresentable: 'any' });
	const document = {
		$schema: schema.$schema,
		title: 'Drift report',
		description: 'What `perch drift --json` prints; html is the path of the page, which the kept JSON lacks.',
		...schema,
	};
	const open = (key: string, value: unknown) => (key === 'additionalProperties' && value === false ? undefined : value);
	return `${JSON.stringify(document, open, '\t')}\n`;
}

/** The generated files in docs/ that do not say what the protocol says. */
export function staleDocuments(): string[] {
	return documents.flatMap(([file, text]) => {
		try {
			return readFileSync(join(root, file), 'utf8') === text() ? [] : file;
		} catch {
			return file;
		}
	});
}

if (import.meta.main) {
	if (!process.argv.includes('--check')) {
		mkdirSync(join(root, 'docs'), { recursive: true });
		for (const [file, text] of documents) writeFileSync(join(root, file), text());
	} else {
		for (const file of staleDocuments()) {
			console.error(`${file} is stale: run \`npm run generate\`.`);
			process.exitCode = 1;
		}
	}
}
