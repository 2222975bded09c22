/** As much of a perch.yaml as lenses and menus need; whether it is valid is for the daemon to say. */
import { basename, dirname, resolve } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';

/** A data file that a perch.yaml names. */
export interface NamedFile {
	/** Absolute path. */
	readonly path: string;
	readonly role: 'source' | 'test' | 'current' | 'reference';
}

export interface ProjectOutline {
	/** Absolute path of the perch.yaml. */
	readonly file: string;
	readonly name: string;
	/** The name that its model is registered under, when it says one. */
	readonly model: string | null;
	readonly files: readonly NamedFile[];
	/** How its text files are read, where it says so. */
	readonly encoding: string | null;
	/** What a person calls the reference of its drift reports. */
	readonly reference: string;
	/** 0-based lines of the first key and of each top-level key. */
	readonly firstLine: number;
	readonly lines: Readonly<Record<string, number>>;
}

/** Reads what can be read; text that is not a mapping gives an outline without keys. */
export function readProject(file: string, text: string): ProjectOutline {
	const counter = new LineCounter();
	const document = parseDocument(text, { lineCounter: counter, logLevel: 'silent' });
	const lines: Record<string, number> = {};
	for (const { key } of isMap(document.contents) ? document.contents.items : []) {
		if (isScalar(key) && key.range) lines[String(key.value)] = counter.linePos(key.range[0]).line - 1;
	}
	const textAt = (...path: string[]): string | null => {
		const value: unknown = document.getIn(path);
		return typeof value === 'string' && value !== '' ? value : null;
	};
	const folder = dirname(file);
	const named = (role: NamedFile['role'], path: string | null): NamedFile[] =>
		path === null || path === 'training' ? [] : [{ role, path: resolve(folder, path) }];
	const source = textAt('data', 'source');
	const reference = textAt('drift', 'reference');
	return {
		file,
		name: textAt('name') ?? basename(folder),
		model: textAt('register', 'as'),
		files: [
			...named('current', textAt('data', 'current')),
			...named('test', textAt('data', 'test')),
			...named('source', source),
			...named('reference', reference),
		],
		encoding: textAt('data', 'encoding'),
		reference: basename((reference === 'training' ? null : reference) ?? source ?? 'training data'),
		firstLine: Math.min(...Object.values(lines), Number.MAX_SAFE_INTEGER) % Number.MAX_SAFE_INTEGER,
		lines,
	};
}
