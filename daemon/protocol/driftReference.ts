/** What a drift report may be held against, as perch.yaml and the command line name it. */
import * as z from 'zod/mini';
import { PerchError } from './errors.ts';
import { duration } from './project/units.ts';
import './schema.ts';

/** References that are chosen by the time of the current rows. */
export const seasons = ['same_month_last_year', 'same_hours'] as const;
export type SeasonKind = (typeof seasons)[number];

export type NamedReference =
	/** The rows that a model version was trained on, or the data that a project trains on. */
	| { kind: 'training' }
	/** Logged traffic of so many seconds. */
	| { kind: 'production'; seconds: number }
	| { kind: SeasonKind }
	| { kind: 'file'; path: string };

const window = /^production:(.*)$/s;

/** Reads `training`, `production:7d`, `same_month_last_year`, `same_hours` or a path; null for a window that is none. */
export function parseReference(text: string): NamedReference | null {
	if (text === 'training') return { kind: 'training' };
	const season = seasons.find((kind) => kind === text);
	if (season !== undefined) return { kind: season };
	const length = window.exec(text)?.[1];
	if (length === undefined) return { kind: 'file', path: text };
	const { success, data } = z.safeParse(duration, length);
	return success && data > 0 ? { kind: 'production', seconds: data } : null;
}

/** The same; `invalid_arguments` naming the field for a window that is none. */
export function readReference(text: string, field: string): NamedReference {
	const found = parseReference(text);
	if (found !== null) return found;
	throw new PerchError('invalid_arguments', `${field}: ${text} names no stretch of traffic.`, {
		field,
		hint: 'Say production:7d; a file of that name is ./production:...',
	});
}

/** Whether a reference is the path of a file, which is relative to where it was named. */
export function isFileReference(text: string): boolean {
	return parseReference(text)?.kind === 'file';
}
