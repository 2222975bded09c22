/** Small changes to the text of a perch.yaml: one place is written, and every comment, blank and order stays. */
import { basename, dirname, relative } from 'node:path';
import { type Document, isMap, isSeq, parseDocument, type YAMLSeq } from 'yaml';

/** What takes the place of the characters from `from` to before `to`. */
export interface TextChange {
	readonly from: number;
	readonly to: number;
	readonly text: string;
}

/** Adds a value to the allowed ones of a check of a column; null where the text has no such check any more. */
export function addAllowed(
	text: string,
	index: number,
	column: string,
	value: string | number | boolean,
): TextChange | null {
	const document = parse(text);
	if (document.getIn(['checks', index, 'column']) !== column) return null;
	const allowed: unknown = document.getIn(['checks', index, 'allowed'], true);
	if (!isSeq(allowed) || allowed.range === null || allowed.range === undefined) return null;
	const numeric = allowed.items.every((item) => typeof (item as { value?: unknown }).value === 'number');
	const fits = numeric && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
	return appended(text, allowed, inFlow(fits ? Number(value) : value));
}

/** Names a file as the reference of drift reports, relative to the perch.yaml; null where `drift` is no mapping. */
export function setReference(text: string, project: string, file: string): TextChange | null {
	const way = relative(dirname(project), file).replaceAll('\\', '/') || basename(file);
	const value = inFlow(way);
	const document = parse(text);
	const present = document.getIn(['drift', 'reference'], true) as { range?: [number, number, number] } | undefined;
	if (present?.range !== undefined) return { from: present.range[0], to: present.range[1], text: value };
	const drift: unknown = document.get('drift', true);
	if (isMap(drift) && drift.range && drift.items.length > 0) {
		const first = drift.range[0];
		if (drift.flow === true) return { from: first + 1, to: first + 1, text: `reference: ${value}, ` };
		const indent = ' '.repeat(first - (text.lastIndexOf('\n', first - 1) + 1));
		return { from: first, to: first, text: `reference: ${value}\n${indent}` };
	}
	if (document.has('drift')) return null;
	const end = text.length;
	const gap = text === '' || text.endsWith('\n') ? '' : '\n';
	return { from: end, to: end, text: `${gap}drift: {reference: ${value}}\n` };
}

function parse(text: string): Document {
	return parseDocument(text, { logLevel: 'silent' });
}

function appended(text: string, list: YAMLSeq, value: string): TextChange | null {
	const last = list.items.at(-1) as { range?: [number, number, number] } | undefined;
	if (last?.range === undefined) return null;
	const [start, end] = last.range;
	if (list.flow === true) return { from: end, to: end, text: `, ${value}` };
	const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
	return { from: end, to: end, text: `\n${line.slice(0, line.indexOf('-'))}- ${value}` };
}

/** A value that means the same inside `[…]` and `{…}`. */
function inFlow(value: string | number | boolean): string {
	const plain = /^[a-z_./][\w./-]*$/i.test(String(value)) && !/^(null|true|false|yes|no|on|off)$/i.test(String(value));
	return typeof value === 'string' && plain ? value : JSON.stringify(value);
}
