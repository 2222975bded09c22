import type { DatasetColumn, DatasetFile, DatasetsDiff } from '../protocol/datasets.ts';
import type { DatasetRef } from '../protocol/runs.ts';
import type { KeptDataset } from './datasets.ts';

/**
 * What changed from one content to another, by the names of columns and the paths of files. Columns whose digest is not
 * known count as changed.
 */
export function diffDatasets(from: KeptDataset, to: KeptDataset): DatasetsDiff {
	const before = new Map(from.columns.map((column) => [column.name, column]));
	const after = new Map(to.columns.map((column) => [column.name, column]));
	const pairs = to.columns.flatMap((column) => {
		const earlier = before.get(column.name);
		return earlier === undefined ? [] : [{ column: column.name, from: earlier, to: column }];
	});
	const changed = pairs.filter((pair) => !sameColumn(pair.from, pair.to));
	return {
		from: refOf(from),
		to: refOf(to),
		same: from.digest === to.digest,
		files: diffFiles(from.files, to.files),
		added: to.columns.filter(({ name }) => !before.has(name)).map(schemaOf),
		removed: from.columns.filter(({ name }) => !after.has(name)).map(schemaOf),
		changed,
		unchanged: pairs.length - changed.length,
	};
}

function sameColumn(from: DatasetColumn, to: DatasetColumn): boolean {
	return from.type === to.type && from.digest !== null && from.digest === to.digest;
}

function diffFiles(from: readonly DatasetFile[], to: readonly DatasetFile[]): DatasetsDiff['files'] {
	const before = new Map(from.map(({ path, sha256 }) => [path, sha256]));
	const after = new Set(to.map(({ path }) => path));
	const paths = (files: readonly DatasetFile[]) => files.map(({ path }) => path);
	return {
		added: paths(to.filter(({ path }) => !before.has(path))),
		removed: paths(from.filter(({ path }) => !after.has(path))),
		changed: paths(to.filter(({ path, sha256 }) => before.has(path) && before.get(path) !== sha256)),
	};
}

const schemaOf = ({ name, type }: DatasetColumn) => ({ name, type });

function refOf({ name, version, digest, rows, source }: DatasetRef): DatasetRef {
	return { name, version, digest, rows, source };
}
