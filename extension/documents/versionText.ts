/** A version of a dataset as text, made so that the editor's own comparison of two of them shows what changed. */
import type { ColumnSchema, DatasetColumn, DatasetsDiff } from '../../daemon/protocol/datasets.ts';

/** One side of a comparison of two versions; `columns` are those of that side, in their order. */
export function versionText(
	diff: Pick<DatasetsDiff, 'from' | 'to' | 'files' | 'changed'>,
	side: 'from' | 'to',
	columns: readonly ColumnSchema[],
): string {
	const { rows, digest, source } = diff[side];
	const changed = new Map(diff.changed.map((change) => [change.column, change[side]]));
	const gone = new Set(diff.files[side === 'from' ? 'removed' : 'added']);
	const files = [...gone, ...diff.files.changed].sort();
	return [
		`source   ${source}`,
		`rows     ${rows.toLocaleString('en-US')}`,
		`digest   ${digest}`,
		...(files.length < 2 ? [] : ['', 'files', ...files.map((file) => `  ${file}`)]),
		'',
		'columns',
		...columns.flatMap(({ name, type }) => columnText(name, type, changed.get(name))),
		'',
	].join('\n');
}

function columnText(name: string, type: string, found: DatasetColumn | undefined): string[] {
	const head = `  ${name.replace(/\s+/g, ' ')}  ${type}`;
	if (found === undefined) return [head];
	const { digest, nulls, distinct, mean, std, min, max } = found;
	const facts = { nulls, distinct, mean, std, min, max, values: digest?.slice(0, 12) ?? null };
	return [
		head,
		...Object.entries(facts).flatMap(([label, value]) =>
			value === null
				? []
				: [`    ${label.padEnd(9)}${typeof value === 'number' ? Number(value.toPrecision(6)) : value}`],
		),
	];
}
