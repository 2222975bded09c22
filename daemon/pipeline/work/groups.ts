import type { Result } from '../../protocol/methods.ts';

export interface GroupsInput {
	rows: { value: string; metrics: Record<string, number | null> }[];
}

/** Means of every metric by the values of a param or tag. */
export async function groupsWork({ rows }: GroupsInput): Promise<NonNullable<Result<'runs/list'>['groups']>> {
	const { groupedMeans } = await import('../../data/frame.ts');
	return groupedMeans(rows);
}
