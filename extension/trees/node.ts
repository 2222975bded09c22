import type { Target } from '../target.ts';

/** One row of a tree, as plain data: `collect…` functions make them, `tree.ts` shows them. */
export interface Node {
	/** Unique in its tree and the same after every refresh, so that what was unfolded stays so. */
	readonly id: string;
	readonly label: string;
	readonly description?: string;
	/** Markdown. */
	readonly tooltip?: string;
	/** A codicon, and the id of a theme colour. */
	readonly icon: { readonly name: string; readonly color?: string };
	/** What menus of package.json ask for as `viewItem`. */
	readonly context?: string;
	readonly target?: Target;
	readonly children?: readonly Node[];
	readonly unfolded?: boolean;
	/** Run when the row is chosen, with the row as its argument. */
	readonly command?: { readonly id: string; readonly title: string };
}

export const colors = {
	good: 'charts.green',
	bad: 'testing.iconFailed',
	warning: 'list.warningForeground',
	faint: 'disabledForeground',
} as const;
