/** Where a JSON file that DuckDB refused is broken. */
import { readFile, stat } from 'node:fs/promises';
import { PerchError } from '../protocol/errors.ts';
import { firstSentence } from './duckdb.ts';

/** A file that could not be read, in DuckDB's words. */
export function unreadable(path: string, error: unknown): PerchError {
	return new PerchError('invalid_data', `${path} cannot be read: ${firstSentence(error)}`, {
		file: path,
		hint: 'Check that the file is whole and of the kind that its name says.',
		cause: error,
	});
}

const largestParsed = 100_000_000;

/** DuckDB counts the lines of JSON lines, and only the records of a JSON list; JSON.parse knows the line there. */
export async function jsonFault(path: string, error: unknown): Promise<PerchError> {
	const message = firstSentence(error);
	let line = Number(/in line (\d+)/.exec(message)?.[1] ?? Number.NaN);
	if (Number.isNaN(line) && path.endsWith('.json') && (await stat(path)).size < largestParsed) {
		line = lineOfFault(await readFile(path, 'utf8'));
	}
	if (Number.isNaN(line)) return unreadable(path, error);
	return new PerchError('invalid_data', `${path}, line ${line} is not sound JSON: ${message}`, {
		file: path,
		line,
		hint: 'Correct the line, or write the file again.',
		cause: error,
	});
}

/** The first line with which the text can no longer become JSON, 1-based; NaN where nothing is wrong. */
function lineOfFault(text: string): number {
	const lines = text.split('\n');
	let [sound, broken] = [0, lines.length + 1];
	while (broken - sound > 1) {
		const middle = (sound + broken) >> 1;
		if (isBroken(lines.slice(0, middle).join('\n'))) broken = middle;
		else sound = middle;
	}
	return broken > lines.length ? (isJson(text) ? Number.NaN : lines.length) : broken;
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

/** Whether the start of a JSON text is wrong by itself, and not merely unfinished. */
function isBroken(start: string): boolean {
	try {
		JSON.parse(start);
		return false;
	} catch (error) {
		const message = String(error);
		const position = /at position (\d+)/.exec(message)?.[1];
		return (
			!/end of JSON|Unterminated/.test(message) && (position === undefined || Number(position) < start.trimEnd().length)
		);
	}
}
