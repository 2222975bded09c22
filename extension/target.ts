/** What a command is about: the same shape from a tree item, a lens, a panel or the status bar. */
export type Target =
	| { kind: 'folder'; root: string }
	| { kind: 'project'; root: string; file: string }
	| { kind: 'data'; root: string; project: string; file: string; reference?: string }
	| { kind: 'model'; root: string; name: string }
	| { kind: 'version'; root: string; name: string; version: number }
	| { kind: 'run'; root: string; id: string; name: string }
	| { kind: 'deployment'; root: string; name: string; project: string | null }
	| { kind: 'dataset'; root: string; source: string; name?: string; version?: number }
	| { kind: 'report'; root: string; id: string };

const kinds = ['folder', 'project', 'data', 'model', 'version', 'run', 'deployment', 'dataset', 'report'];

/** The target inside what VS Code hands to a command (a tree item or a lens argument), if there is one. */
export function targetOf(argument: unknown): Target | undefined {
	if (argument === null || typeof argument !== 'object') return undefined;
	if ('target' in argument) return targetOf(argument.target);
	const known = 'kind' in argument && kinds.includes(String(argument.kind)) && 'root' in argument;
	return known ? (argument as Target) : undefined;
}

/** The target if it is of one of the kinds asked for. */
export function targetOfKind<K extends Target['kind']>(
	argument: unknown,
	...wanted: K[]
): Extract<Target, { kind: K }> | undefined {
	const target = targetOf(argument);
	return target !== undefined && (wanted as string[]).includes(target.kind)
		? (target as Extract<Target, { kind: K }>)
		: undefined;
}
