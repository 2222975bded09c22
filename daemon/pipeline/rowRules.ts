/** What `data:` and `prepare:` do to the rows of a project's files before anything else sees them. */
import type { DataSection } from '../protocol/project/data.ts';
import { type PrepareSection, parseSteps } from '../protocol/project/prepare.ts';

export interface RowRules {
	prepare: PrepareSection;
	/** Columns that stay beside what is parsed of them: those that order, part or label the rows. */
	keep: readonly (string | null | undefined)[];
}

/** Without a project rows stay as they are. */
export const noRules: RowRules = { prepare: [], keep: [] };

/** The rules of a project. */
export function rowRules(data: Pick<DataSection, 'target' | 'time' | 'key'>, prepare: PrepareSection): RowRules {
	return { prepare, keep: [data.target, data.time, data.key] };
}

/** Whether rows are other ones by these rules. */
export function changeRows({ prepare }: RowRules): boolean {
	return parseSteps(prepare).length > 0;
}
