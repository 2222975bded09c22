/** Everything that is wrong with the text of a perch.yaml while it is written, each with its place and what would mend it. */
import type { ColumnSchema } from '../../daemon/protocol/datasets.ts';
import { type Complaint, complaints, fieldPath } from '../../daemon/protocol/parse.ts';
import { modelTypeOf } from '../../daemon/protocol/project/modelTypes.ts';
import { projectSchema } from '../../daemon/protocol/project/project.ts';
import { childOf, columnNames, knownKeys, type Path, shapesAt } from '../../daemon/protocol/project/shapes.ts';
import { addKey, removeKey } from '../projects/editKeys.ts';
import type { TextChange } from '../projects/editProject.ts';
import { askProject, type Impossible } from './asked.ts';
import { dataRules } from './dataRules.ts';
import { modelRules } from './modelRules.ts';
import { parseText, rangeOfPath } from './place.ts';
import { plain } from './suggest.ts';

export interface Fault {
	readonly from: number;
	readonly to: number;
	readonly message: string;
	/** What may take the place of the text from `from` to `to`. */
	readonly instead: readonly string[];
	/** Changes elsewhere that mend it too. */
	readonly fixes: readonly Fix[];
}

export interface Fix {
	readonly title: string;
	readonly change: TextChange;
}

/** `columns` of the data; null where they are not known, so that no name is called unknown. */
export function examineText(text: string, columns: readonly ColumnSchema[] | null): Fault[] {
	const document = parseText(text);
	if (document.errors.length > 0) {
		return document.errors.map(({ pos, message }) => ({ from: pos[0], to: pos[1], message, instead: [], fixes: [] }));
	}
	const content: unknown = document.toJS();
	const fault: MakeFault = (path, part, message, instead = [], fixes = []) => {
		const [from, to] = rangeOfPath(document, path, part);
		return { from, to, message, instead, fixes };
	};
	const removal = (path: readonly PropertyKey[]): Fix[] =>
		fixOf(`Remove ${String(path.at(-1))}`, removeKey(text, path.map(String)));
	const told = [...complaints(projectSchema, content, knownKeys), ...paramComplaints(content)];
	return [
		...told.map(({ path, message, hint }) => {
			const said = `${fieldPath(path) || 'The file'}: ${message}.${hint === undefined ? '' : ` ${hint}`}`;
			const name = String(path.at(-1));
			if (message.startsWith('unknown key')) {
				return fault(path, 'key', said, nearest(name, keysAt(path.slice(0, -1), content)), removal(path));
			}
			return fault(path, 'value', said, likelyValues(path, content));
		}),
		...findImpossible(content, columns).map(({ path, part = 'value', message, instead = [], add = [], remove }) =>
			fault(path, part, message, instead, [
				...add.flatMap(({ path: key, value }) => fixOf(`Add ${key.join('.')}: ${value}`, addKey(text, key, value))),
				...(remove === true ? removal(path) : []),
			]),
		),
		...(columns === null ? [] : unknownColumns(content, columns, fault)),
	];
}

function findImpossible(content: unknown, columns: readonly ColumnSchema[] | null): Impossible[] {
	const asked = askProject(content, columns);
	return asked === null
		? []
		: [...modelRules, ...dataRules].flatMap((rule) => rule(asked)).filter((one) => one !== false);
}

function fixOf(title: string, change: TextChange | null): Fix[] {
	return change === null ? [] : [{ title, change }];
}

function pathIn(path: readonly PropertyKey[]): Path {
	return path.map((part) => (typeof part === 'number' ? part : String(part)));
}

function keysAt(path: readonly PropertyKey[], content: unknown): string[] {
	return shapesAt(pathIn(path), content).flatMap(({ properties = {} }) => Object.keys(properties));
}

/** Values of a place that has few: those like what is written there, else all. */
function likelyValues(path: readonly PropertyKey[], content: unknown): string[] {
	const found = path.reduce<unknown>((value, part) => childOf(value, part as string | number), content);
	const known = shapesAt(pathIn(path), content).flatMap(({ enum: some = [], const: only }) => [
		...some,
		...(only === undefined ? [] : [only]),
	]);
	const names = [...new Set(known.map(String))];
	if (typeof found !== 'string' || names.length === 0) return [];
	const near = nearest(found, names);
	return near.length > 0 ? near : names.slice(0, 8);
}

/** The schema of the file knows params by name alone: each type of model has its own. */
function paramComplaints(content: unknown): Complaint[] {
	const model = childOf(content, 'model');
	const members = childOf(model, 'models');
	return [
		...paramsOf(['model'], model),
		...(Array.isArray(members) ? members : []).flatMap((member, at) => paramsOf(['model', 'models', at], member)),
		...spaceComplaints(model),
	];
}

function paramsOf(owner: Path, model: unknown): Complaint[] {
	const [known, params] = [modelTypeOf(childOf(model, 'type')), childOf(model, 'params')];
	if (known === null || params === null || typeof params !== 'object') return [];
	return complaints(known.params, params, () => Object.keys(known.params.shape)).map((one) => ({
		...one,
		path: [...owner, 'params', ...one.path],
	}));
}

/** What `model.tune.space` says of a param must be values of it. */
function spaceComplaints(model: unknown): Complaint[] {
	const known = modelTypeOf(childOf(model, 'type'));
	const space = childOf(childOf(model, 'tune'), 'space');
	if (known === null || space === null || typeof space !== 'object') return [];
	const check = (path: Path, params: Record<string, unknown>) =>
		complaints(known.params, params, () => Object.keys(known.params.shape)).map(({ message, hint }) => ({
			...{ path: ['model', 'tune', 'space', ...path], message },
			...(hint !== undefined && { hint }),
		}));
	return Object.entries(space).flatMap(([name, said]) =>
		Object.hasOwn(known.params.shape, name)
			? triedValues(said).flatMap(({ path, value }) => check([name, ...path], { [name]: value }))
			: check([name], { [name]: 0 }),
	);
}

/** The ends of a range, or the choices, each with its place. */
function triedValues(said: unknown): { path: Path; value: unknown }[] {
	const listed = (values: unknown, ...path: string[]) =>
		(Array.isArray(values) ? values : []).map((value: unknown, at) => ({ path: [...path, at], value }));
	if (Array.isArray(said)) return listed(said);
	const ends = ['min', 'max'].flatMap((end) => {
		const value = childOf(said, end);
		return value === undefined ? [] : [{ path: [end], value }];
	});
	return [...ends, ...listed(childOf(said, 'choices'), 'choices')];
}

type MakeFault = (
	path: readonly PropertyKey[],
	part: 'key' | 'value',
	message: string,
	instead?: readonly string[],
	fixes?: readonly Fix[],
) => Fault;

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
