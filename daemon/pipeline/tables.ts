/** Files that are open for paging, each in a process of its own. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Page } from '../data/pages/pages.ts';
import { type JobSession, openSession } from '../jobs/session.ts';
import { PerchError } from '../protocol/errors.ts';
import type { ParsedParams, Result } from '../protocol/methods.ts';
import { readingOf } from '../protocol/reading.ts';
import { mostCopiedCells } from '../protocol/table.ts';
import type { Daemon, Request } from './daemon.ts';
import type { TableCopyInput, TableOpenInput, TableRowsInput } from './work/table.ts';

export interface Tables {
	open(params: ParsedParams<'table/open'>, request: Request): Promise<Result<'table/open'>>;
	rows(params: ParsedParams<'table/rows'>, request: Request): Promise<Result<'table/rows'>>;
	copy(params: ParsedParams<'table/copy'>, request: Request): Promise<Result<'table/copy'>>;
	close(table: string): Promise<void>;
	closeAll(): Promise<void>;
}

interface Open {
	session: JobSession;
	columns: number;
	/** When it was asked last. */
	used: number;
	/** Requests that are being answered. */
	busy: number;
}

const longestRest = 5 * 60_000;
const mostOpen = 8;

export function createTables({ folder, dist }: Pick<Daemon, 'folder' | 'dist'>): Tables {
	const tables = new Map<string, Open>();
	const timer = setInterval(() => {
		for (const [id, { used, busy }] of tables) if (busy === 0 && Date.now() - used > longestRest) void close(id);
	}, 30_000);
	timer.unref();

	async function close(id: string): Promise<void> {
		const table = tables.get(id);
		tables.delete(id);
		await table?.session.close();
	}

	/** Asks the process of a table; one that died is let go of. */
	async function ask<T>(
		id: string,
		{ progress, signal }: Request,
		what: (open: Open) => [string, unknown],
	): Promise<T> {
		const table = tables.get(id);
		if (table === undefined) {
			throw new PerchError('not_found', 'This table is not open any more.', { hint: 'Open the file again.' });
		}
		const left = () => void close(id);
		// Who goes away while a file is being opened will not come back for it.
		if (table.columns === 0) signal.addEventListener('abort', left, { once: true });
		table.busy += 1;
		try {
			return await table.session.request<T>(...what(table), ({ message, share }) => progress(message, share));
		} catch (error) {
			if (signal.aborted) throw new PerchError('cancelled', 'The table was left.', { cause: error });
			if (error instanceof PerchError && error.code === 'job_failed') void close(id);
			throw error;
		} finally {
			signal.removeEventListener('abort', left);
			table.busy -= 1;
			table.used = Date.now();
		}
	}

	return {
		async open({ file, ...params }, request) {
			const oldest = [...tables].filter(([, { busy }]) => busy === 0).sort(([, a], [, b]) => a.used - b.used)[0];
			if (tables.size >= mostOpen && oldest !== undefined) await close(oldest[0]);
			const id = randomBytes(8).toString('hex');
			const session = openSession(join(folder, 'jobs'), join(dist, 'job.cjs'));
			tables.set(id, { session, columns: 0, used: Date.now(), busy: 0 });
			const input: TableOpenInput = { file, reading: readingOf(params) };
			try {
				type Opened = Omit<Result<'table/open'>, 'table' | 'file'>;
				const opened = await ask<Opened>(id, request, () => ['table-open', input]);
				const table = tables.get(id);
				if (table !== undefined) table.columns = opened.columns.length;
				return { table: id, file, ...opened };
			} catch (error) {
				await close(id);
				throw error;
			}
		},
		rows: ({ table, progressToken: _, ...params }, request) =>
			ask<Page>(table, request, () => ['table-rows', params satisfies TableRowsInput]),
		async copy({ table, progressToken: _, ...params }, request) {
			const text = await ask<string>(table, request, ({ columns }) => {
				if (params.limit * (params.columns?.length ?? columns) > mostCopiedCells) {
					const most = mostCopiedCells.toLocaleString('en-US');
					throw new PerchError('invalid_arguments', `Up to ${most} cells are copied at once.`, {
						hint: 'Select fewer rows or columns.',
					});
				}
				return ['table-copy', params satisfies TableCopyInput];
			});
			return { text };
		},
		close,
		async closeAll() {
			clearInterval(timer);
			await Promise.all([...tables.keys()].map(close));
		},
	};
}
