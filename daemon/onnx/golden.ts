/**
 * A few raw rows with what the model says of them. They travel in the metadata of its ONNX file beside the description, so
 * that they are where the file is, after an export and an import too.
 */
import * as z from 'zod/mini';
import { type ErrorDetail, PerchError } from '../protocol/errors.ts';
import { parse } from '../protocol/parse.ts';
import { described } from '../protocol/schema.ts';
import type { CheckedFile } from './checkFile.ts';
import { withMetadata } from './metadata.ts';

/** The metadata key that the golden set stands under. */
const goldenKey = 'perch.golden';

const number = z.nullable(z.number());
const answer = z.nullable(
	z.union([
		z.number(),
		z.string(),
		z.object({ label: z.number(), score: number, anomaly_score: number }),
		z.object({ label: z.union([z.number(), z.string()]), proba: z.record(z.string(), z.number()) }),
		z.object({ forecast: z.record(z.string(), number) }),
	]),
);
/** What a model says of one row, as callers get it. */
export type GoldenAnswer = z.output<typeof answer>;

const goldenSet = z.object({
	rows: described(
		z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))),
		'Rows as callers send them.',
	),
	answers: described(z.array(answer), 'One a row; null where there is none, as before the first full window.'),
});
export type GoldenSet = z.output<typeof goldenSet>;

/** The golden set of a checked file; null where it has none, as files have that were made elsewhere. */
export function goldenOf(checked: CheckedFile, where: ErrorDetail): GoldenSet | null {
	const entry = checked.model.metadataProps.find(({ key }) => key === goldenKey);
	if (entry === undefined) return null;
	let written: unknown;
	try {
		written = JSON.parse(entry.value ?? '');
	} catch (cause) {
		throw unfit('is no JSON', where, cause);
	}
	const golden = parse(goldenSet, written, 'invalid_model', where);
	if (golden.rows.length === golden.answers.length) return golden;
	throw unfit(`has ${golden.rows.length} rows and ${golden.answers.length} answers to them`, where);
}

/** The file with a golden set. */
export function withGolden(file: Uint8Array, golden: GoldenSet): Uint8Array {
	return withMetadata(file, goldenKey, golden);
}

function unfit(what: string, where: ErrorDetail, cause?: unknown): PerchError {
	return new PerchError('invalid_model', `The golden set of the model ${what}.`, {
		...where,
		hint: `The metadata entry ${goldenKey} was changed by hand, or is cut off.`,
		cause,
	});
}
