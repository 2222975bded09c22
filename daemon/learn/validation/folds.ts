/** Parts of the rows for cross-validation. */
import type { Table } from '../../data/table.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { SplitSection } from '../../protocol/project/split.ts';
import { createRandom, type Random } from '../../stats/random.ts';
import { classRows, groupRows, namedColumn, orderByTime, type Parts, type SplitColumns, shuffled } from '../split.ts';
import type { Target } from '../target.ts';

/**
 * `folds` pairs of rows to learn from and rows to measure with, each in the order of the table. `random` and
 * `stratified` deal the rows out by the seed, so that each is measured once; `group` does so with whole groups, the
 * largest first, each to the fold that holds the fewest rows; `time` measures `folds` equal stretches at the end, each
 * with all rows before it (rolling origin, as scikit-learn's TimeSeriesSplit), equal times together.
 * Throws `empty_data` where a part would be empty.
 */
export function foldRows(
	table: Table,
	target: Target,
	rows: Uint32Array,
	{ folds, by, seed }: { folds: number; by: SplitSection['by']; seed: number },
	columns: SplitColumns,
): Parts[] {
	const random = createRandom(seed, 'folds', by);
	const parts = {
		random: () => apart(rows, dealt([shuffled(rows, random)], folds)),
		stratified: () =>
			apart(
				rows,
				dealt(
					classRows(target, rows).map((of) => shuffled(of, random)),
					folds,
				),
			),
		group: () => apart(rows, wholeGroups(groupRows(table, rows, namedColumn(columns.key, 'key')), folds, random)),
		time: () => rollingOrigins(table, rows, folds, namedColumn(columns.time, 'time')),
	}[by]();
	if (parts.some(({ train, test }) => train.length === 0 || test.length === 0)) {
		throw new PerchError('empty_data', `${rows.length} rows cannot be parted into ${folds} folds by ${by}.`, {
			field: 'split.folds',
			hint: by === 'group' ? 'There are fewer groups than folds.' : 'Ask for fewer folds, or give more rows.',
		});
	}
	return parts;
}

/** Rows dealt out in turn, one list after the other. */
function dealt(lists: readonly Uint32Array[], folds: number): number[][] {
	const hands = Array.from({ length: folds }, (): number[] => []);
	let turn = 0;
	for (const list of lists) for (const row of list) hands[turn++ % folds]?.push(row);
	return hands;
}

function wholeGroups(groups: readonly number[][], folds: number, random: Random): number[][] {
	const order = [...shuffled(Uint32Array.from(groups.keys()), random)].map((place) => groups[place] as number[]);
	order.sort((a, b) => b.length - a.length);
	const hands = Array.from({ length: folds }, (): number[] => []);
	for (const group of order) {
		const smallest = hands.reduce((least, hand) => (hand.length < least.length ? hand : least));
		for (const row of group) smallest.push(row);
	}
	return hands;
}

/** Each part once as the test, all other rows beside it. */
function apart(rows: Uint32Array, tests: readonly number[][]): Parts[] {
	return tests.map((test) => {
		const kept = new Set(test);
		return { test: Uint32Array.from(test).sort(), train: rows.filter((row) => !kept.has(row)) };
	});
}

function rollingOrigins(table: Table, rows: Uint32Array, folds: number, time: string): Parts[] {
	const { ordered, isSameTime } = orderByTime(table, rows, time);
	const size = Math.floor(ordered.length / (folds + 1));
	const border = (wanted: number) => {
		let at = wanted;
		while (at > 0 && at < ordered.length && isSameTime(at - 1, at)) at--;
		return at;
	};
	return Array.from({ length: folds }, (_, fold) => {
		const first = ordered.length - (folds - fold) * size;
		const [from, to] = [border(first), border(first + size)];
		return {
			train: Uint32Array.from(ordered.slice(0, from)).sort(),
			test: Uint32Array.from(ordered.slice(from, to)).sort(),
		};
	});
}
