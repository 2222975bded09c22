/** perch.yaml as JSON Schema, and what may stand at a place of it: for completion, hovers, hints and the reference page. */
import * as z from 'zod/mini';
import '../schema.ts';
import { modelTypeOf } from './modelTypes.ts';
import { projectSchema } from './project.ts';
import { dimension } from './tune.ts';
import { tuningMetrics } from './tuneMetrics.ts';

/** As much of JSON Schema as the schema of perch.yaml uses. */
export interface Shape {
	readonly type?: string | readonly string[];
	readonly description?: string;
	readonly default?: unknown;
	readonly enum?: readonly unknown[];
	readonly const?: unknown;
	readonly minimum?: number;
	readonly maximum?: number;
	readonly exclusiveMinimum?: number;
	readonly exclusiveMaximum?: number;
	readonly pattern?: string;
	readonly properties?: Readonly<Record<string, Shape>>;
	readonly required?: readonly string[];
	readonly propertyNames?: Shape;
	readonly additionalProperties?: Shape | boolean;
	readonly items?: Shape;
	readonly prefixItems?: readonly Shape[];
	readonly anyOf?: readonly Shape[];
	readonly oneOf?: readonly Shape[];
	readonly allOf?: readonly Shape[];
	/** What a text is the name of, where the schema says so. */
	readonly 'x-names'?: 'column';
}

export type Path = readonly (string | number)[];

const made = new Map<z.core.$ZodType, Shape>();

/** A schema as JSON Schema, of what a person writes. */
export function shapeOf(schema: z.core.$ZodType): Shape {
	const known = made.get(schema) ?? (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape);
	made.set(schema, known);
	return known;
}

/**
 * Everything that may stand at a path of a perch.yaml, unions taken apart. `content` is the whole file as it is: it
 * tells which alternative of a union is meant, and which type of model params belong to.
 */
export function shapesAt(path: Path, content?: unknown): Shape[] {
	let shapes: Shape[] = [shapeOf(projectSchema)];
	let value = content;
	for (const [depth, part] of path.entries()) {
		const inside = shapes.flatMap((shape) => alternatives(shape, value)).flatMap((shape) => inner(shape, part));
		const own = shapeByType(path.slice(0, depth + 1), content);
		shapes = own === null ? inside : [own];
		value = childOf(value, part);
	}
	return shapes.flatMap((shape) => alternatives(shape, value));
}

/** What stands at a path of the section `model` depends on its type in places; null in all others, and without a type. */
function shapeByType(path: Path, content: unknown): Shape | null {
	if (path[0] !== 'model') return null;
	const owner = path.slice(0, path[1] === 'models' ? 3 : 1);
	const known = modelTypeOf(childOf(owner.reduce<unknown>(childOf, content), 'type'));
	if (known === null) return null;
	const params = shapeOf(known.params);
	switch (path.slice(owner.length).join('.')) {
		case 'params':
			return params;
		case 'task':
			return owner.length === 1 ? { type: 'string', enum: known.tasks } : null;
		case 'tune.space':
			return { type: 'object', properties: tuned(params), additionalProperties: false };
		case 'tune.metric': {
			const [first] = known.tasks;
			const task = childOf(childOf(content, 'model'), 'task') ?? (first === 'regression' ? undefined : first);
			return { type: 'string', enum: tuningMetrics(task, { byLabels: true, bySelf: true }) };
		}
		default:
			return null;
	}
}

/** Every param with what its values are chosen from, in the place of a value. */
function tuned({ properties = {} }: Shape): Record<string, Shape> {
	const values = shapeOf(dimension);
	return Object.fromEntries(
		Object.entries(properties).map(([name, { description }]) => [
			name,
			{ ...values, ...(description !== undefined && { description }) },
		]),
	);
}

export function childOf(value: unknown, part: string | number): unknown {
	return value !== null && typeof value === 'object' ? (value as Record<string | number, unknown>)[part] : undefined;
}

function inner(shape: Shape, part: string | number): Shape[] {
	if (typeof part === 'number') {
		const item = shape.prefixItems?.[part] ?? shape.items;
		return item === undefined ? [] : [item];
	}
	const rest = typeof shape.additionalProperties === 'object' ? shape.additionalProperties : undefined;
	const found = Object.hasOwn(shape.properties ?? {}, part) ? shape.properties?.[part] : rest;
	return found === undefined ? [] : [found];
}

/** A shape without its unions: the members that a value could be meant as, with what the union says of itself. */
function alternatives(shape: Shape, value: unknown): Shape[] {
	const { anyOf, oneOf, ...own } = shape;
	const members = anyOf ?? oneOf;
	if (members === undefined) return [shape];
	const flat = members.flatMap((member) => alternatives(member, value));
	const fitting = flat.filter((member) => fits(member, value));
	const found = fitting.length > 0 ? fitting : flat;
	const fewest = Math.min(...found.map((member) => strangers(member, value)));
	return found
		.filter((member) => strangers(member, value) === fewest)
		.map((member) => ({ ...(own.description !== undefined && { description: own.description }), ...member }));
}

function fits(shape: Shape, value: unknown): boolean {
	if (value === undefined || value === null) return true;
	if (Array.isArray(value)) return shape.type === 'array';
	if (typeof value !== 'object') return shape.type !== 'array' && shape.type !== 'object';
	return (
		shape.type === 'object' &&
		Object.entries(shape.properties ?? {}).every(([key, { const: only }]) => {
			const found = childOf(value, key);
			return only === undefined || found === undefined || found === null || found === only;
		})
	);
}

/** How many keys of a value a shape does not know. */
function strangers({ properties = {}, additionalProperties }: Shape, value: unknown): number {
	if (value === null || typeof value !== 'object' || Array.isArray(value) || additionalProperties !== false) return 0;
	return Object.keys(value).filter((key) => !Object.hasOwn(properties, key)).length;
}

/** The keys that may stand at a path, for the hint beside an unknown one. */
export function knownKeys(path: readonly PropertyKey[]): string[] {
	const shapes = shapesAt(path.map((part) => (typeof part === 'number' ? part : String(part))));
	return [...new Set(shapes.flatMap((shape) => Object.keys(shape.properties ?? {})))];
}

/** Every name of a column in a perch.yaml, with the path that it stands at; one that is a key ends with that key. */
export function columnNames(content: unknown): { path: Path; name: string; isKey: boolean }[] {
	const found: { path: Path; name: string; isKey: boolean }[] = [];
	const visit = (path: Path, value: unknown): void => {
		const shapes = shapesAt(path, content);
		if (typeof value === 'string' && shapes.some((shape) => shape['x-names'] === 'column')) {
			found.push({ path, name: value, isKey: false });
		}
		if (Array.isArray(value)) for (const [index, item] of value.entries()) visit([...path, index], item);
		else if (value !== null && typeof value === 'object') {
			const keys = shapes.some((shape) => shape.propertyNames?.['x-names'] === 'column');
			for (const [key, item] of Object.entries(value)) {
				if (keys) found.push({ path: [...path, key], name: key, isKey: true });
				visit([...path, key], item);
			}
		}
	};
	visit([], content);
	return found;
}
