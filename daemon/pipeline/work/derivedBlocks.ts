/** Raw rows, a block at a time, with the columns that a model's training derived of them. */
import { columnsOfExpressions, deriveTable } from '../../data/derive/derive.ts';
import type { RowBlocks } from '../../data/rowBlocks.ts';
import { selectColumns, sliceRows } from '../../data/table.ts';
import type { Expressions } from '../../onnx/derivation.ts';
import { PerchError } from '../../protocol/errors.ts';
import { fileNames } from './rowPlaces.ts';

const filename = 'filename';
/** An expression with a window looks at other rows too. */
const looksAround = /\bover\b/i;

/**
 * The source with the derived columns among `wanted`, computed as training did wherever the file has what they are made of,
 * also in the place of a column of that name. A column that it has, and not what it is made of, is taken as it is; throws
 * `unknown_column` where it has neither.
 */
export async function withDerived(
	source: RowBlocks,
	expressions: Expressions,
	wanted: readonly string[],
	file: string,
): Promise<RowBlocks> {
	const plan = await planOf(source, expressions, wanted, file);
	if (plan.size === 0) return source;
	const derive = Object.fromEntries([...plan].map(([name]) => [name, expressions[name] as string]));
	const isWhole = Object.values(derive).some((sql) => looksAround.test(sql));
	const used = new Set([...plan.values()].flat().map(lower));
	let files: ReturnType<typeof fileNames> | undefined;
	return {
		...source,
		names: [...new Set([...source.names, ...plan.keys()])],
		async *read(names, rowsAtOnce) {
			if (!names.some((name) => plan.has(name))) return yield* source.read(names, rowsAtOnce);
			const raw = source.names.filter((name) => names.includes(name) || used.has(lower(name)));
			let from = 0;
			for await (const block of source.read(raw, isWhole ? source.rows : rowsAtOnce)) {
				const [start, end] = [from, from + block.rows];
				from = end;
				const fileOf = () => {
					files ??= fileNames(source.rows, source);
					return sliceRows({ rows: source.rows, columns: [files] }, start, end).columns[0] as typeof files;
				};
				const { table } = await deriveTable(block, { derive }, { place: 'model', fileOf });
				yield* inBlocks(selectColumns(table, names), rowsAtOnce);
			}
		},
	};
}

function* inBlocks(table: ReturnType<typeof selectColumns>, rowsAtOnce: number) {
	for (let start = 0; start < table.rows; start += rowsAtOnce) {
		yield sliceRows(table, start, Math.min(table.rows, start + rowsAtOnce));
	}
}

/** The columns to compute, in their order, with those that each is made of. */
async function planOf(
	{ names }: RowBlocks,
	expressions: Expressions,
	wanted: readonly string[],
	file: string,
): Promise<Map<string, string[]>> {
	const made = await columnsOfExpressions(expressions);
	const present = new Set([...names, filename].map(lower));
	const possible = new Map<string, string[]>();
	const lacking = new Map<string, string>();
	for (const [name, columns] of made) {
		const absent = columns.find((column) => !present.has(lower(column)));
		if (absent === undefined) possible.set(name, columns);
		else if (!present.has(lower(name))) lacking.set(name, absent);
		if (absent === undefined) present.add(lower(name));
	}
	const needed = new Set(wanted.map(lower));
	for (const name of [...made.keys()].reverse()) {
		if (!needed.has(lower(name))) continue;
		const absent = lacking.get(name);
		if (absent !== undefined) throw underivable(name, absent, expressions[name] as string, file);
		for (const column of possible.get(name) ?? []) needed.add(lower(column));
	}
	return new Map([...possible].filter(([name]) => needed.has(lower(name))));
}

function underivable(name: string, absent: string, sql: string, file: string): PerchError {
	return new PerchError(
		'unknown_column',
		`${file} has no column ${JSON.stringify(name)}, and no ${JSON.stringify(absent)} to derive it from.`,
		{
			file,
			field: name,
			hint: `The model learned from ${name}: ${sql}.`,
		},
	);
}

function lower(name: string): string {
	return name.toLowerCase();
}
