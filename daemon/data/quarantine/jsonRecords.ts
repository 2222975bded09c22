/** Lines of JSON that are no rows, set aside, and a copy of the others. */
import { isUtf8 } from 'node:buffer';
import { linesOf, type TextFile } from '../encoding/textBytes.ts';
import { type BadRow, writeSound } from './setAside.ts';

/** A line of a file: the record in it, which is empty where there is none. */
type ReadLine = (bytes: Buffer) => { record: string; fault: string | null };

/**
 * Copies the lines that are JSON, as JSON lines, and returns the others. A list is taken so too where it holds a record
 * a line; null where its records cannot be told apart by lines, or where it never ends.
 */
export async function setAsideLines(file: TextFile, copy: string): Promise<BadRow[] | null> {
	const bad: BadRow[] = [];
	const seen = { records: 0, first: '', last: '' };
	await writeSound(
		soundLines(file, seen, (row) => bad.push(row)),
		copy,
	);
	const isList = seen.first.startsWith('[');
	const isWhole = isList ? seen.last.endsWith(']') : !isListFile(file.path) || seen.first.startsWith('{');
	return isWhole && (!isList || seen.records > bad.length) ? bad : null;
}

async function* soundLines(
	file: TextFile,
	seen: { records: number; first: string; last: string },
	setAside: (row: BadRow) => void,
): AsyncGenerator<string> {
	const read = lineReader(file);
	let [line, row] = [0, 0];
	for await (const bytes of linesOf(file)) {
		line += 1;
		const text = bytes.toString();
		const trimmed = text.replace(/^\ufeff/, '').trim();
		if (trimmed === '') continue;
		seen.first ||= trimmed;
		seen.last = trimmed;
		const { record, fault } = read(bytes);
		if (record === '') continue;
		row += 1;
		if (fault === null) {
			seen.records += 1;
			yield `${record}\n`;
		} else setAside({ line, row, column: null, reason: fault, text });
	}
}

/** How the lines of a file are read, as `setAsideLines` does. */
export function lineReader({ path, encoding }: TextFile): ReadLine {
	const lost = `its bytes are not ${encoding === 'utf-8' ? 'UTF-8' : encoding}`;
	const inList = isListFile(path);
	return (bytes) => {
		const text = bytes.toString().replace(/^\ufeff/, '');
		const record = (inList ? text.replace(/^[\s,[]+/, '').replace(/[\s,\]]+$/, '') : text).trim();
		if (record === '') return { record, fault: null };
		const broken = encoding === 'utf-8' ? !isUtf8(bytes) : text.includes('\ufffd');
		return { record, fault: broken ? lost : isRecord(record, inList) ? null : 'it is not sound JSON' };
	};
}

function isListFile(path: string): boolean {
	return /\.json(\.(gz|zst))?$/i.test(path);
}

/** A list holds objects; a line that opens or closes one is part of a record over several lines. */
function isRecord(text: string, inList: boolean): boolean {
	try {
		const value: unknown = JSON.parse(text);
		return !inList || (typeof value === 'object' && value !== null);
	} catch {
		return false;
	}
}
