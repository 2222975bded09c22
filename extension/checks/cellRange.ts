/** Where a cell stands in the text of a data file: quotes and the line ends inside them are honoured. */
import { isMap, isScalar, parseDocument } from 'yaml';

/** 0-based, as the editor counts. */
export interface Place {
	readonly line: number;
	readonly character: number;
}
export interface Span {
	readonly start: Place;
	/** Behind the last character. */
	readonly end: Place;
}

/** The lines of a document, without their ends. */
export interface Lines {
	readonly count: number;
	at(line: number): string;
}

export interface CsvText {
	readonly kind: 'csv';
	readonly delimiter: string;
	/** Names as they stand in the header. */
	readonly names: readonly string[];
	/** The line of the header. */
	readonly header: number;
}
export type DataText = CsvText | { readonly kind: 'json' };

/** How a file is written, by its name and its header; null for a file without one, or of another kind. */
export function dataText(path: string, lines: Lines): DataText | null {
	if (/\.(jsonl?|ndjson)$/i.test(path)) return { kind: 'json' };
	if (!/\.(csv|tsv|txt)$/i.test(path)) return null;
	let header = 0;
	while (header < lines.count && lines.at(header) === '') header += 1;
	if (header === lines.count) return null;
	const candidates = /\.tsv$/i.test(path) ? ['\t'] : [',', ';', '\t', '|'];
	const read = candidates.map((delimiter) => ({ delimiter, fields: recordAt(lines, header, delimiter).fields }));
	const widest = read.reduce((best, one) => (one.fields.length > best.fields.length ? one : best));
	return { kind: 'csv', delimiter: widest.delimiter, header, names: widest.fields.map(({ value }) => value) };
}

interface Field extends Span {
	/** Without its quotes. */
	readonly value: string;
}

/** The record that begins at a line, and the line behind its last. */
export function recordAt(lines: Lines, first: number, delimiter: string): { fields: Field[]; next: number } {
	const fields: Field[] = [];
	let line = first;
	let text = lines.at(line);
	let at = 0;
	for (;;) {
		const start = { line, character: at };
		let value = '';
		if (text[at] === '"') {
			at += 1;
			for (;;) {
				const quote = text.indexOf('"', at);
				if (quote < 0 && line + 1 < lines.count) {
					value += `${text.slice(at)}\n`;
					line += 1;
					text = lines.at(line);
					at = 0;
				} else if (quote >= 0 && text[quote + 1] === '"') {
					value += text.slice(at, quote + 1);
					at = quote + 2;
				} else {
					value += text.slice(at, quote < 0 ? text.length : quote);
					at = quote < 0 ? text.length : quote + 1;
					break;
				}
			}
		}
		const end = text.indexOf(delimiter, at);
		value += text.slice(at, end < 0 ? text.length : end);
		at = end < 0 ? text.length : end;
		fields.push({ start, end: { line, character: at }, value });
		if (end < 0) return { fields, next: line + 1 };
		at += delimiter.length;
	}
}

/** The place of a column among the names of a header, by the name that the daemon gives it; −1 where there is none. */
export function columnIndex(names: readonly string[], column: string): number {
	const exact = names.indexOf(column);
	if (exact >= 0) return exact;
	const unnamed = Number(/^column(\d+)$/.exec(column)?.[1] ?? -1);
	if (names[unnamed] === '') return unnamed;
	const [, name, nth] = /^(.*)_(\d+)$/.exec(column) ?? [];
	const alike = names.flatMap((one, index) => (one === name ? [index] : []));
	return alike[Number(nth)] ?? -1;
}

/**
 * The cell of a column in the row that begins at a line; the whole row where the cell cannot be told, null where the
 * document has no such line. `value` tells rows apart that share a line.
 */
export function cellSpan(text: DataText, lines: Lines, line: number, column: string, value: unknown): Span | null {
	if (line < 0 || line >= lines.count) return null;
	if (text.kind === 'json') return jsonSpan(lines, line, column, value);
	const { fields } = recordAt(lines, line, text.delimiter);
	return fields[columnIndex(text.names, column)] ?? wholeLine(lines, line);
}

/** The lines of a row: from its first to before `next`. */
export function rowLines(text: DataText, lines: Lines, line: number): { first: number; next: number } {
	return { first: line, next: text.kind === 'csv' ? recordAt(lines, line, text.delimiter).next : line + 1 };
}

function wholeLine(lines: Lines, line: number): Span {
	return { start: { line, character: 0 }, end: { line, character: lines.at(line).length } };
}

/** Lines of JSON that are looked at for the end of an object. */
const longestObject = 200;

function jsonSpan(lines: Lines, line: number, column: string, value: unknown): Span | null {
	let text = '';
	for (let next = line; next < Math.min(lines.count, line + longestObject); next++) {
		text += `${lines.at(next)}\n`;
		for (let from = text.indexOf('{'); from >= 0; ) {
			const to = objectEnd(text, from);
			if (to < 0) break;
			const found = valueRange(text.slice(from, to), column, value);
			if (found !== null)
				return { start: placeIn(text, from + found[0], line), end: placeIn(text, from + found[1], line) };
			from = text.indexOf('{', to);
			if (from < 0 || text.slice(0, from).includes('\n')) return wholeLine(lines, line);
		}
	}
	return wholeLine(lines, line);
}

/** Behind the bracket that closes the object at `from`; −1 where it stays open. */
function objectEnd(text: string, from: number): number {
	let [depth, quoted] = [0, false];
	for (let at = from; at < text.length; at++) {
		const letter = text[at];
		if (quoted) {
			if (letter === '\\') at += 1;
			else if (letter === '"') quoted = false;
		} else if (letter === '"') quoted = true;
		else if (letter === '{') depth += 1;
		else if (letter === '}') {
			depth -= 1;
			if (depth === 0) return at + 1;
		}
	}
	return -1;
}

/** JSON is YAML, whose parser knows where each value stands. */
function valueRange(object: string, column: string, value: unknown): [number, number] | null {
	const { contents } = parseDocument(object, { logLevel: 'silent' });
	for (const { key, value: node } of isMap(contents) ? contents.items : []) {
		if (!isScalar(key) || key.value !== column) continue;
		const range = (node as { range?: [number, number, number] } | null)?.range;
		const same = !isScalar(node) || value === null || String(node.value) === String(value);
		if (range !== undefined && same) return [range[0], range[1]];
	}
	return null;
}

function placeIn(text: string, offset: number, first: number): Place {
	const before = text.slice(0, offset).split('\n');
	return { line: first + before.length - 1, character: before.at(-1)?.length ?? 0 };
}
