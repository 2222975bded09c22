/** Everything that is wrong with the text of a perch.yaml while it is written, each with its place and what would mend it. */
import type { ColumnSchema } from '../../daemon/protocol/datasets.ts';
import { complaints, fieldPath } from '../../daemon/protocol/parse.ts';
import { modelTypes } from '../../daemon/protocol/project/modelTypes.ts';
import { projectSchema } from '../../daemon/protocol/project/project.ts';
import { childOf, columnNames, knownKeys } from '../../daemon/protocol/project/shapes.ts';
import { parseText, rangeOfPath } from './place.ts';
import { plain } from './suggest.ts';

export interface Fault {
	readonly from: number;
	readonly to: number;
	readonly message: string;
	/** What may take the place of the text from `from` to `to`. */
	readonly instead: readonly string[];
}

/** `columns` of the data; null where they are not known, so that no name is called unknown. */
export function examineText(text: string, columns: readonly ColumnSchema[] | null): Fault[] {
	const document = parseText(text);
	if (document.errors.length > 0) {
		return document.errors.map(({ pos, message }) => ({ from: pos[0], to: pos[1], message, instead: [] }));
	}
	const content: unknown = document.toJS();
	const fault = (
		path: readonly PropertyKey[],
		part: 'key' | 'value',
		message: string,
		instead: string[] = [],
	): Fault => {
		const [from, to] = rangeOfPath(document, path, part);
		return { from, to, message, instead };
	};
	const told = [...complaints(projectSchema, content, knownKeys), ...paramComplaints(content)];
	return [
		...told.map(({ path, message, hint }) => {
			const isKey = message.startsWith('unknown key');
			const name = String(path.at(-1));
			const near = isKey ? nearest(name, knownKeys(path.slice(0, -1)).concat(paramKeys(content, path))) : [];
			const said = `${fieldPath(path) || 'The file'}: ${message}.${hint === undefined ? '' : ` ${hint}`}`;
			return fault(path, isKey ? 'key' : 'value', said, near);
		}),
		...impossible(content).map(({ path, message, instead }) => fault(path, 'value', message, instead)),
		...(columns === null ? [] : unknownColumns(content, columns, fault)),
	];
}

function typeOf(content: unknown) {
	const type = childOf(childOf(content, 'model'), 'type');
	return Object.entries(modelTypes).find(([name]) => name === type)?.[1];
}

function paramComplaints(content: unknown) {
	const [known, params] = [typeOf(content), childOf(childOf(content, 'model'), 'params')];
	if (known === undefined || params === null || typeof params !== 'object') return [];
	return complaints(known.params, params, () => Object.keys(known.params.shape)).map((one) => ({
		...one,
		path: ['model', 'params', ...one.path],
	}));
}

function paramKeys(content: unknown, path: readonly PropertyKey[]): string[] {
	return path[0] === 'model' && path[1] === 'params' ? Object.keys(typeOf(content)?.params.shape ?? {}) : [];
}

/** What each part allows for, and together cannot be. */
function impossible(content: unknown): { path: string[]; message: string; instead: string[] }[] {
	const at = (...path: string[]) => path.reduce<unknown>(childOf, content);
	const [task, by] = [at('model', 'task'), at('split', 'by')];
	const tasks: readonly string[] = typeOf(content)?.tasks ?? [];
	const missing = (field: string) => at('data', field) === undefined || at('data', field) === null;
	return [
		...(typeof task === 'string' && tasks.length > 0 && !tasks.includes(task)
			? [
					{
						path: ['model', 'task'],
						message: `${String(at('model', 'type'))} does not do ${task}. It does ${tasks.join(' and ')}.`,
						instead: [...tasks],
					},
				]
			: []),
		...(by === 'time' && missing('time')
			? [
					{
						path: ['split', 'by'],
						message: 'A split by time needs data.time, the column of time.',
						instead: ['random'],
					},
				]
			: []),
		...(by === 'group' && missing('key')
			? [
					{
						path: ['split', 'by'],
						message: 'A split by group needs data.key, the column of groups.',
						instead: ['random'],
					},
				]
			: []),
		...(by === 'stratified' && task === 'regression'
			? [{ path: ['split', 'by'], message: 'A number has no classes to stratify by.', instead: ['random'] }]
			: []),
	];
}

type MakeFault = (path: readonly PropertyKey[], part: 'key' | 'value', message: string, instead?: string[]) => Fault;

function unknownColumns(content: unknown, columns: readonly ColumnSchema[], fault: MakeFault): Fault[] {
	const derived = childOf(childOf(content, 'data'), 'derive');
	const names = [
		...columns.map(({ name }) => name),
		...(derived !== null && typeof derived === 'object' ? Object.keys(derived) : []),
	];
	const known = new Set([...names, 'default']);
	// Names of parts of dates are made by a step of prepare.
	const made = (name: string) => names.some((one) => name.startsWith(`${one}_`));
	return columnNames(content)
		.filter(
			({ name, isKey }) => !(known.has(name) && (isKey || name !== 'default')) && !names.includes(name) && !made(name),
		)
		.map(({ path, name, isKey }) =>
			fault(
				path,
				isKey ? 'key' : 'value',
				`The data have no column ${JSON.stringify(name)}.`,
				nearest(name, names).map(plain),
			),
		);
}

/** The names that are most like a word, if any is like it. */
function nearest(word: string, names: readonly string[]): string[] {
	return [...new Set(names)]
		.map((name) => ({ name, distance: editDistance(word.toLowerCase(), name.toLowerCase()) }))
		.filter(({ name, distance }) => distance <= Math.max(1, Math.floor(Math.max(word.length, name.length) / 3)))
		.sort((a, b) => a.distance - b.distance)
		.slice(0, 3)
		.map(({ name }) => name);
}

/** Levenshtein's: letters to add, leave out or change. */
function editDistance(a: string, b: string): number {
	let above = Array.from({ length: b.length + 1 }, (_, at) => at);
	for (let row = 1; row <= a.length; row++) {
		const line = [row];
		for (let at = 1; at <= b.length; at++) {
			const change = (above[at - 1] as number) + Number(a[row - 1] !== b[at - 1]);
			line.push(Math.min(change, (above[at] as number) + 1, (line[at - 1] as number) + 1));
		}
		above = line;
	}
	return above[b.length] as number;
}
