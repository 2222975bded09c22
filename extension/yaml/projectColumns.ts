/** The columns of the data that a perch.yaml names. */
import { dirname, resolve } from 'node:path';
import { Uri, workspace } from 'vscode';
import type { ColumnSchema } from '../../daemon/protocol/datasets.ts';
import { childOf } from '../../daemon/protocol/project/shapes.ts';
import { change } from '../commands/change.ts';
import { mayAsk } from '../connection/roots.ts';
import type { Perch } from '../perch.ts';
import { parseText } from './place.ts';

/** A larger file is not read because somebody writes a perch.yaml; the columns of a version that is kept are taken then. */
const largestRead = 50_000_000;

export interface ProjectColumns {
	/** Null where the data are made, lie in several files, or cannot be read. */
	of(file: string, text: string): Promise<readonly ColumnSchema[] | null>;
}

export function createProjectColumns(perch: Perch): ProjectColumns {
	const kept = new Map<string, { stamp: string; columns: Promise<readonly ColumnSchema[] | null> }>();

	async function read(project: string, source: string, reading: object): Promise<readonly ColumnSchema[] | null> {
		await perch.roots.found;
		const root = perch.roots.forFolder(dirname(project));
		if (!mayAsk(root)) return null;
		const { size } = await workspace.fs.stat(Uri.file(source));
		if (workspace.isTrusted && size <= largestRead) {
			return (await change(root.connection, 'datasets/show', { file: source, rows: 1, ...reading })).columns;
		}
		const { datasets } = await root.resources.get('datasets');
		return datasets.find((one) => resolve(root.path, one.source) === source)?.columns ?? null;
	}

	return {
		async of(file, text) {
			const data = childOf(parseText(text).toJS(), 'data');
			const [named, encoding] = [childOf(data, 'source'), childOf(data, 'encoding')];
			if (typeof named !== 'string' || /[*?{]/.test(named)) return null;
			const source = resolve(dirname(file), named);
			const stat = await Promise.resolve(workspace.fs.stat(Uri.file(source))).catch(() => null);
			if (stat === null) return null;
			const stamp = `${stat.mtime} ${stat.size} ${String(encoding)}`;
			const known = kept.get(source);
			if (known?.stamp === stamp) return known.columns;
			const columns = read(file, source, typeof encoding === 'string' ? { encoding } : {}).catch((error: unknown) => {
				perch.log.debug(`${source}: its columns are not known: ${String(error)}`);
				return null;
			});
			kept.set(source, { stamp, columns });
			return columns;
		},
	};
}
