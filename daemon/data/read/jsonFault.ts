/** Where a JSON file that DuckDB refused is broken. */
import { PerchError } from '../../protocol/errors.ts';
import { firstSentence } from '../duckdb.ts';
import { badBytes } from '../encoding/badBytes.ts';
import { bytesOf, linesOf, rawBytes, type TextFile } from '../encoding/textBytes.ts';

/** A file that could not be read, in DuckDB's words. */
export function unreadable(path: string, error: unknown): PerchError {
	return new PerchError('invalid_data', `${path} cannot be read: ${firstSentence(error)}`, {
		file: path,
		hint: 'Check that the file is whole and of the kind that its name says.',
		cause: error,
	});
}

const largestParsed = 100_000_000;

/** DuckDB names lines of its own counting, and of a JSON list only records: the line is looked for here. */
export async function jsonFault(file: TextFile, error: unknown): Promise<PerchError> {
	const { path, encoding } = file;
	const bad = await badBytes(path, encoding, rawBytes(path));
	if (bad !== null) return bad;
	const line = /\.json(\.(gz|zst))?$/i.test(path) ? await lineInList(file) : await lineInLines(file);
	if (Number.isNaN(line)) return unreadable(path, error);
	return new PerchError('invalid_data', `${path}, line ${line} is not sound JSON: ${reasonOf(error)}`, {
		file: path,
		line,
		hint: 'Correct the line, or write the file again.',
		cause: error,
	});
}

/** What DuckDB says of it, without the place that it gives. */
function reasonOf(error: unknown): string {
	return firstSentence(error).replace(/^Malformed JSON in file ".*", at byte \d+ in [a-z/]+ \d+: /, '');
}

/** The first line that is no JSON by itself. */
async function lineInLines(file: TextFile): Promise<number> {
	let line = 0;
	for await (const bytes of linesOf(file)) {
		const text = bytes.toString();
		line += 1;
		if (text.trim() !== '' && !isJson(text)) return line;
	}
	return Number.NaN;
}

async function lineInList(file: TextFile): Promise<number> {
	const parts: Buffer[] = [];
	let size = 0;
	for await (const part of bytesOf(file)) {
		parts.push(part);
		size += part.length;
		if (size > largestParsed) return Number.NaN;
	}
	return lineOfFault(Buffer.concat(parts).toString());
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
