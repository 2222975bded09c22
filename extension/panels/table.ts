import { basename, dirname } from 'node:path';
import {
	type CustomDocument,
	type CustomReadonlyEditorProvider,
	commands,
	type Disposable,
	env,
	RelativePattern,
	Uri,
	window,
	workspace,
} from 'vscode';
import * as z from 'zod/mini';
import { isPerchError } from '../../daemon/protocol/errors.ts';
import type { MethodName, Params, Result } from '../../daemon/protocol/methods.ts';
import '../../daemon/protocol/schema.ts';
import { act, copy, glances, progress, rows, show } from '../../webviews/messages/table.ts';
import { change } from '../commands/change.ts';
import { barsOf, nullShare, wordsOf } from '../glance.ts';
import { dataLine, type LineEntry } from '../lenses/dataLine.ts';
import { encodingOf } from '../projects/projectOf.ts';
import type { PanelKind, PanelParts } from './kind.ts';
import { wirePanel } from './wire.ts';

const tableEditor = z.object({ root: z.string(), file: z.string() });
type TableEditor = z.infer<typeof tableEditor>;

type Asked = 'table/rows' | 'table/copy';

/** The rows of a data file, from a table that the daemon holds open while the editor is. */
function tableKind(parts: PanelParts): PanelKind<TableEditor> {
	return {
		viewType: 'perch.table',
		state: tableEditor,
		title: ({ file }) => basename(file),
		key: ({ root, file }) => `${root}|${file}`,
		reads: ['reports'],
		connect({ root, channel, state, readOnly }) {
			const { file } = state();
			const { connection } = root;
			const tell = ({ message, share }: { message: string; share?: number | undefined }) =>
				channel.notify(progress, { message, ...(share !== undefined && { share }) });
			let opened: Promise<Result<'table/open'>> | undefined;
			let line: readonly LineEntry[] = [];

			function open(): Promise<Result<'table/open'>> {
				if (opened === undefined) {
					const opening = change(connection, 'table/open', { file, ...encodingOf(parts.projects.all(), file) });
					opened = opening;
					opening.catch(() => {
						if (opened === opening) opened = undefined;
					});
				}
				return opened;
			}

			function close(): void {
				const left = opened;
				opened = undefined;
				left?.then(({ table }) => connection.request('table/close', { table })).catch(() => undefined);
			}

			/** Asks the open table; one that rested too long or died is opened again. */
			async function ask<M extends Asked>(method: M, params: Omit<Params<M>, 'table'>): Promise<Result<M>> {
				const request = async () => {
					const { table } = await open();
					return change(connection, method, { ...params, table } as Params<M & MethodName>, { onProgress: tell });
				};
				try {
					return await request();
				} catch (error) {
					if (!isPerchError(error) || !['not_found', 'job_failed'].includes(error.code)) throw error;
					opened = undefined;
					return await request();
				}
			}

			async function glance(): Promise<void> {
				const { columns } = await parts.profiles.get(root, file);
				channel.notify(glances, {
					columns: columns.map((column) => ({
						...{ column: column.column, nulls: nullShare(column), distinct: column.distinct },
						...{ bars: barsOf(column), words: wordsOf(column) },
					})),
				});
			}

			async function send(): Promise<void> {
				const [{ rows: count, columns }, entries] = await Promise.all([open(), dataLine(parts, file)]);
				line = entries;
				channel.notify(show, {
					...{ root: root.path, readOnly: readOnly(), file, name: basename(file), rows: count, columns },
					line: entries.map(({ title, tooltip }) => ({ title: title.replace(/\$\([\w-]+\) /g, ''), tooltip })),
				});
				glance().catch((error: unknown) => parts.failures.log(`Profile of ${basename(file)}`, error));
			}

			channel.onRequest(rows, (asked) => ask('table/rows', asked));
			channel.onRequest(copy, async (asked) => {
				await env.clipboard.writeText((await ask('table/copy', asked)).text);
				return {};
			});
			channel.onRequest(act, async ({ entry }) => {
				const chosen = line[entry];
				if (chosen !== undefined) await commands.executeCommand(chosen.command, chosen.target);
				return {};
			});
			const watcher = workspace.createFileSystemWatcher(
				new RelativePattern(Uri.file(dirname(file)), basename(file)),
				...[false, false, true],
			);
			const again = () => {
				close();
				send().catch((error: unknown) => parts.failures.log(basename(file), error));
			};
			watcher.onDidChange(again);
			watcher.onDidCreate(again);
			return {
				show: send,
				dispose() {
					watcher.dispose();
					close();
				},
			};
		},
	};
}

/** By default for Parquet; by "Reopen Editor With…" or a command for text files. */
export const tableViewTypes = ['perch.table', 'perch.textTable'] as const;

export function registerTableEditors(parts: PanelParts): Disposable[] {
	const kind = tableKind(parts);
	const provider: CustomReadonlyEditorProvider = {
		openCustomDocument: (uri): CustomDocument => ({ uri, dispose() {} }),
		async resolveCustomEditor({ uri }, panel) {
			await parts.roots.found;
			const root = parts.roots.forFolder(dirname(uri.fsPath));
			wirePanel(kind, parts, panel, root, { root: root.path, file: uri.fsPath }, () => {});
		},
	};
	return tableViewTypes.map((viewType) => window.registerCustomEditorProvider(viewType, provider));
}
