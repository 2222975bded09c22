import * as z from 'zod/mini';
import { projectSchema } from '../protocol/project/project.ts';
import '../protocol/schema.ts';

interface Shape {
	properties?: Record<string, Shape>;
	items?: Shape;
	prefixItems?: Shape[];
	additionalProperties?: Shape | boolean;
	anyOf?: Shape[];
	allOf?: Shape[];
}

let root: Shape | undefined;

/** The keys that perch.yaml may hold at a path, for the hint beside an unknown one. */
export function knownKeys(path: readonly PropertyKey[]): string[] {
	root ??= z.toJSONSchema(projectSchema, { io: 'input', unrepresentable: 'any' }) as Shape;
	const shapes = path.reduce<Shape[]>((found, part) => found.flatMap((shape) => inside(shape, part)), [root]);
	return [...new Set(shapes.flatMap(alternatives).flatMap((shape) => Object.keys(shape.properties ?? {})))];
}

function alternatives(shape: Shape): Shape[] {
	return [shape, ...(shape.anyOf ?? []).flatMap(alternatives), ...(shape.allOf ?? []).flatMap(alternatives)];
}

function inside(shape: Shape, part: PropertyKey): Shape[] {
	return alternatives(shape).flatMap((one) => {
		const rest = typeof one.additionalProperties === 'object' ? one.additionalProperties : undefined;
		const found = typeof part === 'number' ? one.items : (one.properties?.[String(part)] ?? rest);
		return found === undefined ? [] : [found];
	});
}
