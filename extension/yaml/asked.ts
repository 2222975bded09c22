/** A perch.yaml as the rules of what is possible ask about it. */
import type { ColumnSchema } from '../../daemon/protocol/datasets.ts';
import { type ModelType, modelTypeOf } from '../../daemon/protocol/project/modelTypes.ts';
import { childOf, type Path } from '../../daemon/protocol/project/shapes.ts';
import { plain } from './suggest.ts';

/** What is written at a place and cannot be. */
export interface Impossible {
	readonly path: Path;
	readonly part?: 'key' | 'value';
	readonly message: string;
	/** What may stand in the place of what is written there. */
	readonly instead?: readonly string[];
	/** Keys that would make it possible, each with its value as flow YAML. */
	readonly add?: readonly { readonly path: readonly string[]; readonly value: string }[];
	/** Whether leaving it out would. */
	readonly remove?: boolean;
}

/** False where a rule has nothing against the file. */
export type Rule = (asked: Asked) => readonly (Impossible | false)[];

export interface Asked {
	at(...path: (string | number)[]): unknown;
	/** Whether something is written there that is not null. */
	has(...path: string[]): boolean;
	readonly type: string;
	readonly tasks: ModelType['tasks'];
	/** Whether it learns to predict a column. */
	readonly predicts: boolean;
	/** What is done, as far as it is said, or can be told from the type of the model and of the target. */
	readonly task: string | undefined;
	/** Columns of the data of these types, as they are written in YAML; none where they are not known. */
	columnsOf(...types: ColumnSchema['type'][]): string[];
	/** The type of a column; undefined for one that is not known, computed, or parsed first. */
	typeOf(name: unknown): ColumnSchema['type'] | undefined;
}

/** `columns` of the data; null where they are not known. The answer is null for a file without a model that is known. */
export function askProject(content: unknown, columns: readonly ColumnSchema[] | null): Asked | null {
	const at = (...path: (string | number)[]) => path.reduce<unknown>(childOf, content);
	const type = at('model', 'type');
	const kind = modelTypeOf(type);
	if (kind === null) return null;
	const prepare = at('prepare');
	const parsed = new Set(
		(Array.isArray(prepare) ? prepare : []).map((step: unknown) => childOf(childOf(step, 'parse'), 'column')),
	);
	const known = new Map((columns ?? []).map((column) => [column.name, column.type]));
	const typeOf = (name: unknown) =>
		typeof name !== 'string' || parsed.has(name) || childOf(at('data', 'derive'), name) !== undefined
			? undefined
			: known.get(name);
	const mayPredict = kind.tasks.includes('classification');
	const said = at('model', 'task');
	const told = mayPredict ? taskOf(at('model', 'models'), typeOf(at('data', 'target'))) : kind.tasks[0];
	const task = typeof said === 'string' ? said : told;
	return {
		...{ at, typeOf, task, predicts: mayPredict && task !== 'anomaly', type: String(type), tasks: kind.tasks },
		has(...path) {
			const value = at(...path);
			return value !== undefined && value !== null;
		},
		columnsOf: (...types) => (columns ?? []).filter((one) => types.includes(one.type)).map(({ name }) => plain(name)),
	};
}

/** Models of anomalies that are asked together find them too. Whole numbers are either: it depends on how many there are. */
function taskOf(members: unknown, target: ColumnSchema['type'] | undefined): string | undefined {
	const tasks = (Array.isArray(members) ? members : []).map((one) => modelTypeOf(childOf(one, 'type'))?.tasks[0]);
	if (tasks.length > 0 && tasks.every((one) => one === 'anomaly')) return 'anomaly';
	if (target === 'double') return 'regression';
	return target === 'string' || target === 'boolean' ? 'classification' : undefined;
}

/** Ways to name a column of data by a key that is not there, three at most. */
export function addColumn(key: string, columns: readonly string[]): NonNullable<Impossible['add']> {
	return columns.slice(0, 3).map((value) => ({ path: ['data', key], value }));
}

/** Whether a column holds anything but numbers. */
export function isNoNumber(type: ColumnSchema['type'] | undefined): boolean {
	return type === 'string' || type === 'date' || type === 'timestamp';
}
