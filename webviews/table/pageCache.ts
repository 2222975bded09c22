/** The cells at hand of a table that is never loaded whole: blocks of rows and columns, fetched when they are seen. */
import type { TablePage } from '../messages/table.ts';

export const blockRows = 100;
const blockColumns = 24;
const atOnce = 2;
/** Blocks that are kept; those that were not seen for the longest time go first. */
const mostBlocks = 300;

export interface PageCache {
	/** The text of a cell, null for no value, undefined while it is not here. */
	cell(row: number, column: number): string | null | undefined;
	/** Where a row stands in the file, from 1; undefined while it is not here. */
	number(row: number): number | undefined;
	/** What is to be seen now: what was wanted before and is not under way is forgotten. `last` values are not among them. */
	want(area: { firstRow: number; lastRow: number; firstColumn: number; lastColumn: number }): void;
	/** Forgets everything; answers that are under way are ignored. */
	reset(): void;
}

/** `fetch` gets rows from `offset` on of the columns from `first` to before `last`; `arrived` is called with each answer. */
export function pageCache(
	fetch: (offset: number, limit: number, first: number, last: number) => Promise<TablePage>,
	columns: () => number,
	arrived: () => void,
	failed: (error: unknown) => void,
): PageCache {
	const blocks = new Map<string, TablePage>();
	const underWay = new Set<string>();
	let wanted: { key: string; row: number; column: number }[] = [];
	let generation = 0;

	const keyOf = (row: number, column: number) => `${row}:${column}`;
	const blockAt = (row: number, column: number) =>
		blocks.get(keyOf(Math.floor(row / blockRows), Math.floor(column / blockColumns)));

	function pump(): void {
		while (underWay.size < atOnce) {
			const next = wanted.shift();
			if (next === undefined) return;
			if (!blocks.has(next.key) && !underWay.has(next.key)) void load(next, generation);
		}
	}

	async function load({ key, row, column }: (typeof wanted)[number], asked: number): Promise<void> {
		underWay.add(key);
		const first = column * blockColumns;
		try {
			const page = await fetch(row * blockRows, blockRows, first, Math.min(columns(), first + blockColumns));
			if (asked !== generation) return;
			blocks.set(key, page);
			for (const old of blocks.keys()) {
				if (blocks.size <= mostBlocks) break;
				blocks.delete(old);
			}
			arrived();
		} catch (error) {
			if (asked === generation) failed(error);
		} finally {
			if (asked === generation) {
				underWay.delete(key);
				pump();
			}
		}
	}

	return {
		cell: (row, column) => blockAt(row, column)?.cells[row % blockRows]?.[column % blockColumns],
		number: (row) => {
			for (let column = 0; column < columns(); column += blockColumns) {
				const block = blockAt(row, column);
				if (block !== undefined) return block.numbers[row % blockRows];
			}
			return undefined;
		},
		want({ firstRow, lastRow, firstColumn, lastColumn }) {
			wanted = [];
			for (let row = Math.floor(firstRow / blockRows); row * blockRows < lastRow; row++) {
				for (let column = Math.floor(firstColumn / blockColumns); column * blockColumns < lastColumn; column++) {
					const key = keyOf(row, column);
					const known = blocks.get(key);
					if (known === undefined) wanted.push({ key, row, column });
					else {
						blocks.delete(key);
						blocks.set(key, known);
					}
				}
			}
			pump();
		},
		reset() {
			generation += 1;
			blocks.clear();
			underWay.clear();
			wanted = [];
		},
	};
}
