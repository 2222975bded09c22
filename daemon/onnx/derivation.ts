/**
 * The expressions by which columns that a model learned from were computed of raw ones. They travel in the metadata of its
 * ONNX file: scoring a file of raw rows computes them again. The graph, and so the gateway, takes the columns themselves.
 */
import * as z from 'zod/mini';
import { type ErrorDetail, PerchError } from '../protocol/errors.ts';
import { parse } from '../protocol/parse.ts';
import type { CheckedFile } from './checkFile.ts';
import { withMetadata } from './metadata.ts';

/** The metadata key that the expressions stand under. */
const derivationKey = 'perch.derive';

/** Expressions of DuckDB by the name of the column that each makes; a later one may use an earlier one. */
const expressions = z.record(z.string(), z.string());
export type Expressions = z.output<typeof expressions>;

/** What a checked file says of derived columns; nothing in most. */
export function derivationOf({ model }: CheckedFile, where: ErrorDetail): Expressions {
	const entry = model.metadataProps.find(({ key }) => key === derivationKey);
	if (entry === undefined) return {};
	try {
		return parse(expressions, JSON.parse(entry.value ?? ''), 'invalid_model', where);
	} catch (cause) {
		throw new PerchError('invalid_model', 'The derived columns of the model cannot be read.', {
			...where,
			hint: `The metadata entry ${derivationKey} was changed by hand, or is cut off.`,
			cause,
		});
	}
}

/** The file with expressions. */
export function withDerivation(file: Uint8Array, derive: Expressions): Uint8Array {
	return Object.keys(derive).length === 0 ? file : withMetadata(file, derivationKey, derive);
}
