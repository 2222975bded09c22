/** The reference of perch.yaml as Markdown, from its schema: every key with its type, its default and its sentence. */
import { modelTypes } from '../daemon/protocol/project/modelTypes.ts';
import { projectSchema } from '../daemon/protocol/project/project.ts';
import { type Shape, shapeOf } from '../daemon/protocol/project/shapes.ts';

/** The whole page, with a line break at its end. */
export function perchYamlPage(): string {
	const root = shapeOf(projectSchema);
	const sections = Object.entries(root.properties ?? {}).map(([name, shape]) => sectionText(name, shape));
	const types = Object.entries(modelTypes).map(([name, { tasks, params }]) =>
		[`### \`${name}\``, `Tasks: ${tasks.join(', ')}.`, table(rowsOf(shapeOf(params), ''))].join('\n\n'),
	);
	return `${[
		'# perch.yaml',
		'One file a project, in YAML 1.2. Relative paths are relative to the file. The editor completes and explains the same keys while you type; `--set path.to.key=value` on any command overrides a value for that call. This page is generated from the schema.',
		...sections,
		'## Params of each type of model',
		'`model.params` takes these, by `model.type`.',
		...types,
	].join('\n\n')}\n`;
}

function sectionText(name: string, shape: Shape): string {
	const rows = rowsOf(shape, '');
	const type = typeText(shape);
	const about = [shape.description, rows.length > 0 ? '' : `${type.charAt(0).toUpperCase()}${type.slice(1)}.`];
	return [`## \`${name}\``, ...about.filter((text) => text), ...(rows.length > 0 ? [table(rows)] : [])].join('\n\n');
}

interface Row {
	readonly key: string;
	readonly type: string;
	readonly fallback: string;
	readonly description: string;
}

/** The keys inside a shape, each below the one that holds it, written as `outer.inner`, and `[]` for an item of a list. */
function rowsOf(shape: Shape, prefix: string): Row[] {
	const found = new Map<string, Row>();
	for (const member of members(shape)) {
		for (const [key, inner] of Object.entries(member.properties ?? {})) {
			const path = `${prefix}${key}`;
			const row = rowOf(path, inner, member.required?.includes(key) === true);
			const known = found.get(row.key);
			// Alternatives of one key stand in one line.
			const words = [known?.type, row.type].flatMap((type) => type?.split(' or ') ?? []);
			found.set(row.key, { ...row, ...known, type: [...new Set(words)].join(' or ') });
			for (const one of rowsOf(inner, `${path}.`)) if (!found.has(one.key)) found.set(one.key, one);
		}
		if (typeof member.additionalProperties === 'object') {
			for (const row of rowsOf(member.additionalProperties, `${prefix}*.`)) found.set(row.key, row);
		}
		if (member.items !== undefined) {
			const list = prefix === '' ? '[].' : `${prefix.slice(0, -1)}[].`;
			for (const row of rowsOf(member.items, list)) if (!found.has(row.key)) found.set(row.key, row);
		}
	}
	return [...found.values()];
}

function members(shape: Shape): Shape[] {
	const inner = shape.anyOf ?? shape.oneOf;
	return inner === undefined ? [shape] : inner.flatMap(members);
}

function rowOf(key: string, shape: Shape, required: boolean): Row {
	const fallback = shape.default === undefined ? (required ? 'required' : '') : code(JSON.stringify(shape.default));
	const own = shape.description ?? members(shape).find(({ description }) => description !== undefined)?.description;
	return { key: code(key), type: typeText(shape), fallback, description: own ?? '' };
}

/** What a value is, in words: `integer, 1 to 60`, `` `a` or `b` ``, `list of columns`. */
export function typeText(shape: Shape): string {
	return [...new Set(members(shape).flatMap((member) => memberText(member).split(' or ')))].join(' or ');
}

function memberText(shape: Shape): string {
	const { type, enum: choices, const: only, items, prefixItems, additionalProperties } = shape;
	if (only !== undefined) return code(String(only));
	if (choices !== undefined) return choices.map((choice) => code(String(choice))).join(' or ');
	if (shape['x-names'] === 'column') return 'column';
	if (prefixItems !== undefined) return `[${prefixItems.map(typeText).join(', ')}]`;
	if (type === 'array') return items === undefined ? 'list' : `list of ${typeText(items)}`;
	if (type === 'object') return typeof additionalProperties === 'object' ? 'map' : 'keys';
	if (type === 'string') return shape.pattern?.endsWith('%$') === true ? 'percentage' : 'text';
	const word = Array.isArray(type) ? type.join(' or ') : String(type ?? 'anything');
	return `${word}${rangeText(shape)}`;
}

/** The safe integers are no bounds that a person needs to know. */
function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Shape): string {
	const shown = (bound: number | undefined) => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
	const parts = [
		...(exclusiveMinimum !== undefined ? [`over ${exclusiveMinimum}`] : []),
		...(shown(minimum) ? [shown(maximum) ? `${minimum}` : `from ${minimum}`] : []),
		...(shown(maximum) ? [shown(minimum) ? `to ${maximum}` : `at most ${maximum}`] : []),
		...(exclusiveMaximum !== undefined ? [`below ${exclusiveMaximum}`] : []),
	];
	return parts.length === 0 ? '' : `, ${parts.join(' ')}`;
}

function table(rows: readonly Row[]): string {
	const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
	return [
		line(['key', 'value', 'unless told', 'meaning']),
		'| --- | --- | --- | --- |',
		...rows.map(({ key, type, fallback, description }) => line([key, type, fallback, description])),
	].join('\n');
}

function code(text: string): string {
	return `\`${text}\``;
}
