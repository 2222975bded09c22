/** Text that stands for numbers or dates, for columns that are text on one side only. */

import type { StringColumn } from '../data/table.ts';
import { numbersFrom } from '../stats/gather.ts';

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const date = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** A plain decimal number; NaN for anything else. */
export function numberOf(text: string): number {
	const trimmed = text.trim();
	return number.test(trimmed) ? Number(trimmed) : Number.NaN;
}

/** An ISO date or time in milliseconds since 1970, UTC where it names no zone; NaN for anything else. */
export function timeOf(text: string): number {
	const trimmed = text.trim();
	if (!date.test(trimmed)) return Number.NaN;
	const iso = trimmed.replace(' ', 'T');
	return Date.parse(/T/.test(iso) && !/(Z|[+-]\d{2}:?\d{2})$/.test(iso) ? `${iso}Z` : iso);
}

/** A text column read as values. */
export interface ReadText {
	/** NaN where the text is null or no value. */
	values: Float64Array;
	/** Cells that are not null and no value. */
	unread: number;
	/** One of them. */
	example: string | null;
}

export function readText(column: StringColumn, read: (text: string) => number): ReadText {
	const words = Float64Array.from(column.dictionary, read);
	let unread = 0;
	let example: string | null = null;
	const values = numbersFrom(column.codes, (code) => {
		if (code < 0) return Number.NaN;
		const value = words[code] as number;
		if (Number.isNaN(value)) {
			unread += 1;
			example ??= column.dictionary[code] as string;
		}
		return value;
	});
	return { values, unread, example };
}
