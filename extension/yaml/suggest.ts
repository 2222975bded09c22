/** What may be written at a place of a perch.yaml, from its schema and from the columns of its data. */
import type { ColumnSchema } from '../../daemon/protocol/datasets.ts';
import { childOf, type Shape, shapesAt } from '../../daemon/protocol/project/shapes.ts';
import { keyAt, placeAt, placeholder } from './place.ts';

export interface Suggestion {
	readonly label: string;
	readonly insert: string;
	readonly kind: 'key' | 'value' | 'column';
	readonly detail: string;
	readonly about: string;
}

export interface Suggestions {
	readonly from: number;
	readonly to: number;
	readonly items: readonly Suggestion[];
}

export function suggestAt(text: string, offset: number, columns: readonly ColumnSchema[]): Suggestions | null {
	const place = placeAt(text, offset);
	if (place === null) return null;
	const { path, role, content, from, to } = place;
	const shapes = shapesAt(path, content);
	const named = columns.map(({ name, type }) => ({ name, type }));
	const columnItems = (ending: string) =>
		named.map(
			({ name, type }): Suggestion => ({
				...{ label: name, insert: `${plain(name)}${ending}`, kind: 'column', detail: type, about: '' },
			}),
		);
	const here = path.reduce<unknown>(childOf, content);
	const present = new Set(here !== null && typeof here === 'object' ? Object.keys(here) : []);
	present.delete(placeholder);
	const keys = shapes.flatMap((shape) =>
		Object.entries(shape.properties ?? {})
			.filter(([key]) => !present.has(key))
			.map(
				([key, inner]): Suggestion => ({
					...{ label: key, insert: `${key}: `, kind: 'key', detail: typeOf(inner), about: aboutOf(inner) },
				}),
			),
	);
	const keyColumns = shapes.some((shape) => shape.propertyNames?.['x-names'] === 'column') ? columnItems(': ') : [];
	const values = role === 'key' ? [] : shapes.flatMap((shape) => valuesOf(shape, columnItems));
	return { from, to, items: unique([...values, ...keys, ...keyColumns]) };
}

function valuesOf(shape: Shape, columns: (ending: string) => Suggestion[]): Suggestion[] {
	if (shape['x-names'] === 'column') return columns('');
	const choices = shape.enum ?? (shape.const === undefined ? [] : [shape.const]);
	const all = shape.type === 'boolean' && choices.length === 0 ? [true, false] : choices;
	return all.map((value) => ({
		...{ label: String(value), insert: String(value), kind: 'value', about: shape.description ?? '' },
		detail: value === shape.default ? 'unless told' : '',
	}));
}

function unique(items: readonly Suggestion[]): Suggestion[] {
	return [...new Map(items.map((item) => [item.label, item])).values()];
}

/** A name as it may stand in YAML, quoted where it must be. */
export function plain(name: string): string {
	return /^[a-z_][\w.-]*$/i.test(name) && !/^(null|true|false|yes|no|on|off|y|n)$/i.test(name)
		? name
		: JSON.stringify(name);
}

function membersOf(shape: Shape): readonly Shape[] {
	return shape.anyOf ?? shape.oneOf ?? [shape];
}

function typeOf(shape: Shape): string {
	const words = membersOf(shape).flatMap(({ type, const: only, enum: choices }) => {
		if (only !== undefined) return [String(only)];
		return choices?.map(String) ?? [String(type ?? '')];
	});
	const text = [...new Set(words)].filter((word) => word !== '').join(' | ');
	return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function aboutOf(shape: Shape): string {
	return shape.description ?? membersOf(shape).find(({ description }) => description !== undefined)?.description ?? '';
}

/** What the schema says of the key under an offset, as plain text parts; null beside keys. */
export function explainAt(
	text: string,
	offset: number,
	content: unknown,
): { from: number; to: number; name: string; type: string; about: string; fallback: unknown } | null {
	const found = keyAt(text, offset);
	if (found === null) return null;
	const name = String(found.path.at(-1));
	const owners = shapesAt(found.path.slice(0, -1), content);
	const shape = owners.flatMap(({ properties = {} }) =>
		Object.hasOwn(properties, name) ? [properties[name] as Shape] : [],
	)[0];
	if (shape === undefined) return null;
	return { from: found.from, to: found.to, name, type: typeOf(shape), about: aboutOf(shape), fallback: shape.default };
}
