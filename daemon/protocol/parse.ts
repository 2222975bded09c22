/** The one way from outside text and objects to typed values. */

import * as z from 'zod/mini';
import { type ErrorCode, type ErrorDetail, PerchError } from './errors.ts';
import './schema.ts';

/** `['canary', 'guard', 0, 'drift']` as `canary.guard[0].drift`. */
export function fieldPath(path: readonly PropertyKey[]): string {
	return path.reduce<string>(
		(text, part) =>
			typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
		'',
	);
}

function shown(value: unknown): string {
	const text = JSON.stringify(value) ?? String(value);
	return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
	return path.reduce<unknown>(
		(value, key) =>
			value === null || typeof value !== 'object' ? undefined : (value as Record<PropertyKey, unknown>)[key],
		input,
	);
}

/** One thing that is wrong with a value: where, what was found, and what would be right. */
export interface Complaint {
	path: readonly PropertyKey[];
	message: string;
	hint?: string;
}

/** Every complaint that a schema has about a value; empty when it fits. */
export function complaints(
	schema: z.core.$ZodType,
	input: unknown,
	known: (path: readonly PropertyKey[]) => string[] = () => [],
): Complaint[] {
	const parsed = z.safeParse(schema, input);
	if (parsed.success) return [];
	return parsed.error.issues.flatMap((issue) => explain(issue, input, known));
}

function explain(
	issue: z.core.$ZodIssue,
	input: unknown,
	known: (path: readonly PropertyKey[]) => string[],
): Complaint[] {
	if (issue.code === 'unrecognized_keys') {
		return issue.keys.map((key) => {
			const names = known(issue.path);
			return {
				path: [...issue.path, key],
				message: `unknown key ${shown(key)}`,
				...(names.length > 0 && { hint: `Known here: ${names.join(', ')}.` }),
			};
		});
	}
	if (issue.code === 'invalid_union') {
		const nearest = [...issue.errors].sort((a, b) => deepest(b) - deepest(a) || a.length - b.length)[0];
		if (nearest !== undefined && deepest(nearest) > 0) {
			return nearest.flatMap((inner) =>
				explain({ ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue, input, known),
			);
		}
	}
	const found = valueAt(input, issue.path);
	return [
		{ path: issue.path, message: found === undefined ? 'is missing' : `${issue.message}, found ${shown(found)}` },
	];
}

function deepest(issues: readonly z.core.$ZodIssue[]): number {
	return Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)));
}

/** Parses a value or throws a PerchError that names the first field that is wrong. */
export function parse<S extends z.core.$ZodType>(
	schema: S,
	input: unknown,
	code: ErrorCode = 'invalid_arguments',
	detail: ErrorDetail = {},
): z.output<S> {
	const parsed = z.safeParse(schema, input);
	if (parsed.success) return parsed.data;
	const [first, ...rest] = complaints(schema, input);
	const field = fieldPath(first?.path ?? []);
	const more = rest.length > 0 ? ` (and ${rest.length} more)` : '';
	throw new PerchError(code, `${field === '' ? 'The value' : field}: ${first?.message ?? 'does not fit'}${more}.`, {
		...(field !== '' && { field }),
		...(first?.hint !== undefined && { hint: first.hint }),
		...detail,
	});
}
