/** Keys of a perch.yaml that are added and taken out, while every comment, blank and order of the others stays. */
import { isMap, isScalar, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { TextChange } from './editProject.ts';

/**
 * Writes a key that is not there, with its value as flow YAML, at the beginning of the section that it belongs to;
 * null where something else stands in the place of that section.
 */
export function addKey(text: string, path: readonly string[], value: string): TextChange | null {
	const document = parseDocument(text, { logLevel: 'silent' });
	let map: unknown = document.contents;
	for (const [depth, key] of path.entries()) {
		if (!isMap(map) || !map.range) return null;
		const next: unknown = map.get(key, true);
		const rest = path.slice(depth + 1).reduceRight((inner, part) => `{${part}: ${inner}}`, value);
		if (next === undefined || (isScalar(next) && next.value === null && depth < path.length - 1)) {
			return next === undefined ? inserted(text, map as YAMLMap, `${key}: ${rest}`) : null;
		}
		map = next;
	}
	return null;
}

function inserted(text: string, map: YAMLMap, entry: string): TextChange | null {
	if (!map.range) return null;
	const [first] = map.range;
	if (map.flow === true) {
		const more = map.items.length > 0 ? ', ' : '';
		return { from: first + 1, to: first + 1, text: `${entry}${more}` };
	}
	const indent = ' '.repeat(first - (text.lastIndexOf('\n', first - 1) + 1));
	return { from: first, to: first, text: `${entry}\n${indent}` };
}

/** Takes a key out with what it says; null where it is not there. */
export function removeKey(text: string, path: readonly string[]): TextChange | null {
	const document = parseDocument(text, { logLevel: 'silent' });
	const map: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
	if (!isMap(map)) return null;
	const pair = map.items.find(({ key }) => isScalar(key) && key.value === path.at(-1)) as Pair<Node, Node> | undefined;
	const from = pair?.key.range?.[0];
	if (pair === undefined || from === undefined) return null;
	const to = pair.value?.range?.[1] ?? pair.key.range?.[1] ?? from;
	if (map.flow !== true) {
		const end = text.charAt(to - 1) === '\n' ? to : text.indexOf('\n', to) + 1 || text.length;
		return { from: text.lastIndexOf('\n', from - 1) + 1, to: end, text: '' };
	}
	const [behind = ''] = /^\s*,\s*/.exec(text.slice(to)) ?? [];
	const [before = ''] = behind === '' ? (/,\s*$/.exec(text.slice(0, from)) ?? []) : [];
	return { from: from - before.length, to: to + behind.length, text: '' };
}
