/** The threads that a training gets. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Table } from '../../data/table.ts';
import { alone, startTeam, type Team } from '../../kernels/team.ts';

/** Fewer values than this are learned from before a thread has started. */
const worthThreads = 1 << 18;
const mostThreads = 8;

/** A team for a table, from the bundles in `dist`; to be closed. */
export function startTrainingTeam(dist: string, { rows, columns }: Table): Team {
	if (rows * columns.length < worthThreads) return alone;
	return startTeam(join(dist, 'trainThread.cjs'), Math.min(availableParallelism(), mostThreads));
}
