/** Shows nodes in a view, by folder when there are several, and refreshes them when the daemon tells of a change. */
import {
	type Disposable,
	EventEmitter,
	MarkdownString,
	ThemeColor,
	ThemeIcon,
	type TreeDataProvider,
	TreeItem,
	TreeItemCollapsibleState,
	window,
	workspace,
} from 'vscode';
import { toPerchError } from '../../daemon/protocol/errors.ts';
import type { ResourceName, Resources } from '../connection/resources.ts';
import { mayAsk, type Root } from '../connection/roots.ts';
import type { Perch } from '../perch.ts';
import { escapeMarkdown } from '../words.ts';
import { colors, type Node } from './node.ts';

export interface TreeKind {
	/** Id of the view in package.json. */
	readonly view: string;
	/** What its nodes are made of: a change of one of them refreshes the tree. */
	readonly reads: readonly ResourceName[];
	collect(root: string, resources: Resources, now: number): Promise<Node[]>;
	readonly manySelected?: boolean;
}

/** Ages such as `5 min ago` are said anew. */
const ageing = 60_000;

export function createTree(perch: Perch, kind: TreeKind): Disposable {
	const { roots } = perch;
	const changed = new EventEmitter<undefined>();
	const refresh = () => changed.fire(undefined);

	async function nodesOf(root: Root): Promise<Node[]> {
		const state = root.connection.state();
		if (state.kind === 'failed') return [errorNode(root.path, state.error)];
		if (!mayAsk(root)) return [];
		try {
			return await kind.collect(root.path, root.resources, Date.now());
		} catch (error) {
			perch.failures.log(kind.view, error);
			return [errorNode(root.path, error)];
		}
	}

	async function topNodes(): Promise<Node[]> {
		await roots.found;
		const all = roots.all();
		const lists = await Promise.all(all.map(nodesOf));
		if (all.length <= 1) return lists[0] ?? [];
		return all.map(({ path, connection }, index) => ({
			id: path,
			label: connection.name,
			...(connection.state().kind === 'stopped' && { description: 'daemon stopped' }),
			tooltip: escapeMarkdown(path),
			icon: { name: 'root-folder' },
			context: `folder.${connection.state().kind}`,
			target: { kind: 'folder', root: path },
			children: lists[index] ?? [],
			unfolded: true,
		}));
	}

	const provider: TreeDataProvider<Node> = {
		onDidChangeTreeData: changed.event,
		getChildren: (node) => (node === undefined ? topNodes() : [...(node.children ?? [])]),
		getTreeItem: toTreeItem,
	};
	const view = window.createTreeView(kind.view, {
		treeDataProvider: provider,
		canSelectMany: kind.manySelected === true,
		showCollapseAll: true,
	});
	const timer = setInterval(() => view.visible && refresh(), ageing);
	const parts = [
		view,
		changed,
		roots.onChange(refresh),
		roots.onStale(({ value }) => kind.reads.some((name) => value.has(name)) && refresh()),
		workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('perch') && refresh()),
	];
	return {
		dispose() {
			clearInterval(timer);
			for (const part of parts) part.dispose();
		},
	};
}

function errorNode(root: string, error: unknown): Node {
	const { message, detail } = toPerchError(error);
	return {
		id: `${root}|error`,
		label: message.split('\n')[0] ?? message,
		tooltip: [message, detail.hint]
			.filter((part) => part !== undefined)
			.map(escapeMarkdown)
			.join('\n\n'),
		icon: { name: 'error', color: colors.bad },
		context: 'error',
		target: { kind: 'folder', root },
		command: { id: 'perch.showLog', title: 'Show Log' },
	};
}

function toTreeItem(node: Node): TreeItem {
	const folded =
		node.children === undefined || node.children.length === 0
			? TreeItemCollapsibleState.None
			: node.unfolded === true
				? TreeItemCollapsibleState.Expanded
				: TreeItemCollapsibleState.Collapsed;
	const item = new TreeItem(node.label, folded);
	item.id = node.id;
	item.iconPath = new ThemeIcon(
		node.icon.name,
		node.icon.color === undefined ? undefined : new ThemeColor(node.icon.color),
	);
	if (node.description !== undefined) item.description = node.description;
	if (node.tooltip !== undefined) item.tooltip = new MarkdownString(node.tooltip);
	if (node.context !== undefined) item.contextValue = node.context;
	if (node.command !== undefined)
		item.command = { command: node.command.id, title: node.command.title, arguments: [node] };
	return item;
}
