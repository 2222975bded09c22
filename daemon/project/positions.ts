import { type Document, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';

/** The 1-based line on which the value of a path stands (its key, where it has one); of the nearest parent where the path leads nowhere. */
export function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
	let node: unknown = document.contents;
	let offset = (document.contents as Node | null)?.range?.[0] ?? 0;
	for (const part of path) {
		if (isMap(node)) {
			const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : String(key)) === String(part));
			if (pair === undefined) break;
			offset = (pair.key as Node | null)?.range?.[0] ?? offset;
			node = pair.value;
		} else if (isSeq(node) && typeof part === 'number') {
			node = node.items[part];
			if (node === undefined) break;
			offset = (node as Node).range?.[0] ?? offset;
		} else {
			break;
		}
	}
	return lines.linePos(offset).line;
}
