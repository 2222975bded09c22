/** What `prepare:` and `data:` ask for each column, checked against the columns that there are. */
import { knownColumns, type Table } from '../../data/table.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { PrepareSection, TransformStep } from '../../protocol/project/prepare.ts';

/** The sections of perch.yaml that say what becomes of columns. */
export interface PreparationSpec {
	prepare: PrepareSection;
	columns?: readonly string[] | undefined;
	exclude?: readonly string[] | undefined;
	target?: string | null | undefined;
	key?: string | null | undefined;
	time?: string | null | undefined;
	weight?: string | null | undefined;
}

/** What was asked for one column; nothing where the defaults hold. */
export interface ColumnPlan {
	/** Named in `data.columns` or in a step: not left out because it looks like an id. */
	chosen: boolean;
	impute?: 'median' | 'mean' | number;
	encode?: { as: 'one_hot' | 'category'; minCount: number; field: string };
	/** In the order in which they are applied. */
	transforms?: TransformStep[];
	/** See `PreparationOptions`. */
	shareRare?: boolean;
	asCategories?: boolean;
}

/** Throws `unknown_column` or `invalid_config`, with the field of perch.yaml. */
export function readPlan(table: Table, spec: PreparationSpec): { columns: string[]; of(name: string): ColumnPlan } {
	const known = new Set(table.columns.map(({ name }) => name));
	const check = (name: string, field: string) => {
		if (known.has(name)) return;
		throw new PerchError('unknown_column', `${field}: there is no column ${JSON.stringify(name)}.`, {
			field,
			hint: knownColumns([...known]),
		});
	};
	const named = { columns: spec.columns ?? [], exclude: spec.exclude ?? [] };
	for (const [key, names] of Object.entries(named)) for (const name of names) check(name, `data.${key}`);
	for (const key of ['target', 'key', 'time', 'weight'] as const) {
		const name = spec[key];
		if (name) check(name, `data.${key}`);
	}

	const steps = new Map<string, ColumnPlan>();
	const stepOf = (name: string, field: string): ColumnPlan => {
		check(name, field);
		const step = steps.get(name) ?? { chosen: true };
		steps.set(name, step);
		return step;
	};
	spec.prepare.forEach((step, index) => {
		// The rows were parsed when they were read.
		if ('parse' in step) return;
		if ('impute' in step) {
			const field = `prepare[${index}].impute.columns`;
			for (const name of step.impute.columns) {
				stepOf(name, field).impute = step.impute.with;
				checkNumeric(table, name, field);
			}
		} else if (!('encode' in step)) {
			const [kind, { columns: names }] = Object.entries(step)[0] as [string, { columns: string[] }];
			const field = `prepare[${index}].${kind}.columns`;
			for (const name of names) {
				const plan = stepOf(name, field);
				plan.transforms = [...(plan.transforms ?? []), step];
				checkNumeric(table, name, field);
			}
		} else {
			const field = `prepare[${index}].encode.columns`;
			const { columns: encoded, as, min_count: minCount } = step.encode;
			for (const name of encoded) stepOf(name, field).encode = { as, minCount, field };
		}
	});
	for (const [name, { impute, transforms, encode }] of steps) {
		if (encode === undefined || (impute === undefined && transforms === undefined)) continue;
		const other = impute === undefined ? 'transformed as a number' : 'imputed';
		throw new PerchError('invalid_config', `Column ${JSON.stringify(name)} is both ${other} and encoded.`, {
			field: encode.field,
			hint: 'A feature of a category is 0 or 1, and null is 0 in all of them: no filling, no scaling.',
		});
	}

	const out = new Set([...named.exclude, spec.target, spec.key, spec.time, spec.weight]);
	const chosen = new Set(named.columns);
	const columns = table.columns
		.map(({ name }) => name)
		.filter((name) => !out.has(name) && (chosen.size === 0 || chosen.has(name)));
	return { columns, of: (name) => steps.get(name) ?? { chosen: chosen.has(name) } };
}

function checkNumeric(table: Table, name: string, field: string): void {
	const column = table.columns.find((one) => one.name === name);
	if (column?.kind === 'number') return;
	throw new PerchError('invalid_config', `Column ${JSON.stringify(name)} holds text, and the step takes numbers.`, {
		field,
		hint: 'Parse what it holds first, or encode it; the nulls of text are 0 in all its categories.',
	});
}
