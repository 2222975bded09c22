import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import * as z from 'zod/mini';
import { isFileReference } from '../protocol/driftReference.ts';
import { type ErrorDetail, PerchError } from '../protocol/errors.ts';
import { type Complaint, complaints, fieldPath } from '../protocol/parse.ts';
import { madeOf } from '../protocol/project/parse.ts';
import { type ProjectFile, projectSchema } from '../protocol/project/project.ts';
import { knownKeys } from '../protocol/project/shapes.ts';
import '../protocol/schema.ts';
import { applyOverrides } from './overrides.ts';
import { lineOf } from './positions.ts';

/** A perch.yaml that was found good, with its paths made absolute. */
export interface Project extends ProjectFile {
	/** Absolute path of the perch.yaml. */
	readonly file: string;
	/** Where a field stands in the file, for errors about it that only its use shows. */
	where(...path: (string | number)[]): ErrorDetail;
}

/**
 * Reads a perch.yaml, applies overrides, and checks it against the schema.
 * @throws PerchError `file_not_found` or `invalid_config`, naming file, line, field, what was found and what would be right.
 */
export function loadProject(file: string, overrides: readonly string[] = []): Project {
	const { document, lines } = readDocument(file);
	applyOverrides(document, overrides);
	const content: unknown = document.toJS();
	const [first, ...rest] = complaints(projectSchema, content, knownKeys);
	if (first !== undefined) throw refusal(file, document, lines, first, rest.length);
	const sections = z.parse(projectSchema, content);
	const where = (...path: (string | number)[]): ErrorDetail => ({
		file,
		line: lineOf(document, lines, path),
		field: fieldPath(path),
	});
	checkTogether(sections, where);
	return { ...withAbsolutePaths(sections, dirname(file)), file, where };
}

function readDocument(file: string): { document: Document; lines: LineCounter } {
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch (cause) {
		throw new PerchError('file_not_found', `${file} cannot be read.`, {
			file,
			hint: 'Give the path of a perch.yaml with --config, or write one with perch init DATA.',
			cause,
		});
	}
	const lines = new LineCounter();
	const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
	const [error] = document.errors;
	if (error !== undefined) {
		throw new PerchError('invalid_config', `${file} is not valid YAML: ${error.message}.`, {
			file,
			line: lines.linePos(error.pos[0]).line,
		});
	}
	return { document, lines };
}

function refusal(file: string, document: Document, lines: LineCounter, first: Complaint, others: number): PerchError {
	const field = fieldPath(first.path);
	const line = lineOf(document, lines, first.path);
	const more = others > 0 ? ` (and ${others} more)` : '';
	return new PerchError(
		'invalid_config',
		`${file}:${line}: ${field === '' ? 'the file' : field}: ${first.message}${more}.`,
		{
			file,
			line,
			field,
			...(first.hint !== undefined && { hint: first.hint }),
		},
	);
}

/** What one section asks of another. */
function checkTogether(project: ProjectFile, where: Project['where']): void {
	const refuse = (path: (string | number)[], message: string, hint: string): never => {
		const detail = where(...path);
		throw new PerchError('invalid_config', `${detail.file}:${detail.line}: ${detail.field}: ${message}.`, {
			...detail,
			hint,
		});
	};
	if (project.register !== undefined && project.model === undefined) {
		refuse(['register'], 'needs a model', 'Add model: {type: isolation_forest}.');
	}
	if (project.serve !== undefined && project.register === undefined) {
		refuse(['serve'], 'needs a registered model', 'Add register: {as: NAME}.');
	}
	if (project.canary !== undefined && project.serve === undefined) {
		refuse(['canary'], 'needs a deployment', 'Add serve: {}.');
	}
	const { source, months } = project.data;
	const monthly = typeof source === 'string' && source.includes('{month}');
	if (monthly && months === undefined) {
		refuse(['data', 'source'], 'does not say which months', 'Add months: 2021-01..2021-03.');
	}
	if (months !== undefined && !monthly) {
		refuse(['data', 'months'], 'needs {month} in the source', 'Say source: trips_{month}.parquet.');
	}
	const made = new Map<string, ReturnType<typeof madeOf>>();
	project.prepare.forEach((step, index) => {
		if (!('parse' in step)) return;
		const { column } = step.parse;
		const [kind, before] = [madeOf(step.parse), made.get(column)];
		if (before !== undefined && (kind !== before || kind !== 'numbers')) {
			refuse(
				['prepare', index, 'parse'],
				`${column} is parsed already`,
				'Only steps that make numbers follow one another.',
			);
		}
		made.set(column, kind);
	});
	const guards = project.canary?.guard ?? [];
	const relative = guards.findIndex((guard) => 'metric' in guard && guard.not_worse_than !== undefined);
	if (relative >= 0) {
		refuse(['canary', 'guard', relative], 'a guard has fixed bounds', 'Say min or max instead of not_worse_than.');
	}
}

function withAbsolutePaths(project: ProjectFile, folder: string): ProjectFile {
	const { data, drift, model } = project;
	const absolute = (path: string) => resolve(folder, path);
	return {
		...project,
		data: {
			...data,
			source:
				typeof data.source === 'string' ? absolute(data.source.replace('{month}', `{${data.months}}`)) : data.source,
			...(data.test !== undefined && { test: absolute(data.test) }),
			...(data.current !== undefined && { current: absolute(data.current) }),
		},
		...(model?.type === 'command' && { model: { ...model, folder: absolute(model.folder ?? '.') } }),
		...(drift !== undefined && {
			drift: { ...drift, reference: isFileReference(drift.reference) ? absolute(drift.reference) : drift.reference },
		}),
	};
}
