/** What `data:` and `prepare:` do to the rows of a project's files before anything else sees them. */
import type { DataSection } from '../protocol/project/data.ts';
import { type PrepareSection, parseSteps } from '../protocol/project/prepare.ts';

export interface RowRules extends Pick<DataSection, 'derive' | 'filter'> {
	prepare: PrepareSection;
	/** Columns that stay beside what is parsed of them: those that order, part or label the rows. */
	keep: readonly (string | null | undefined)[];
}

/** Without a project rows stay as they are. */
export const noRules: RowRules = { derive: {}, filter: null, prepare: [], keep: [] };

/** The rules of a project. */
export function rowRules(
	{
		derive,
		filter,
		target,
		time,
		key,
		weight,
	}: Pick<DataSection, 'derive' | 'filter' | 'target' | 'time' | 'key' | 'weight'>,
	prepare: PrepareSection,
): RowRules {
	return { derive, filter, prepare, keep: [target, time, key, weight] };
}

/** Whether rows are other ones by these rules. */
export function changeRows({ derive, filter, prepare }: RowRules): boolean {
	return Object.keys(derive).length > 0 || filter != null || parseSteps(prepare).length > 0;
}
