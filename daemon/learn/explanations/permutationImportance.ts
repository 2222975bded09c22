/** How much a model needs each column. */
import { type Table, takeColumn } from '../../data/table.ts';
import type { Importance } from '../../protocol/explanations.ts';
import { createRandom, shuffle } from '../../stats/random.ts';

/**
 * How much worse a metric becomes when the values of one column change places between rows, so that they tell nothing of
 * their row and are as usual as before (Breiman 2001; scikit-learn's `permutation_importance`): mean and deviation (of the
 * population) over the repeats. `measure` gives a metric of which more is better. Which rows change places depends on the
 * seed, the column and the repeat alone.
 */
export async function permutationImportance(
	table: Table,
	measure: (table: Table) => Promise<number>,
	{ repeats, seed }: { repeats: number; seed: number },
): Promise<{ score: number; columns: Importance['columns'] }> {
	const score = await measure(table);
	const columns: Importance['columns'] = [];
	for (const [at, column] of table.columns.entries()) {
		const drops: number[] = [];
		for (let repeat = 0; repeat < repeats; repeat++) {
			const order = Uint32Array.from({ length: table.rows }, (_, row) => row);
			shuffle(order, createRandom(seed, 'permutation importance', column.name, repeat));
			drops.push(
				score - (await measure({ rows: table.rows, columns: table.columns.with(at, takeColumn(column, order)) })),
			);
		}
		const mean = drops.reduce((sum, drop) => sum + drop, 0) / repeats;
		const std = Math.sqrt(drops.reduce((sum, drop) => sum + (drop - mean) ** 2, 0) / repeats);
		columns.push({ column: column.name, mean, std });
	}
	return { score, columns: columns.sort((a, b) => b.mean - a.mean) };
}
