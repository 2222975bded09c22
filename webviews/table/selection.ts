/** Which cell has the focus, and which are selected with it. Row −1 is the head of the table. */

export interface Cell {
	readonly row: number;
	readonly column: number;
}

export interface Selection {
	/** Where the selection began. */
	readonly anchor: Cell;
	/** Where it ends: the cell with the focus. */
	readonly focus: Cell;
}

export interface Area {
	readonly firstRow: number;
	readonly lastRow: number;
	readonly firstColumn: number;
	readonly lastColumn: number;
}

/** The selected cells; both ends are among them. The head is none of them. */
export function areaOf({ anchor, focus }: Selection): Area {
	return {
		firstRow: Math.max(0, Math.min(anchor.row, focus.row)),
		lastRow: Math.max(anchor.row, focus.row),
		firstColumn: Math.min(anchor.column, focus.column),
		lastColumn: Math.max(anchor.column, focus.column),
	};
}

export function holds({ firstRow, lastRow, firstColumn, lastColumn }: Area, row: number, column: number): boolean {
	return row >= firstRow && row <= lastRow && column >= firstColumn && column <= lastColumn;
}

interface Bounds {
	readonly rows: number;
	readonly columns: number;
	/** Rows that are seen at once. */
	readonly page: number;
}

interface Key {
	readonly key: string;
	readonly ctrl: boolean;
	readonly shift: boolean;
}

/** What a key makes of a selection, as in a spreadsheet; undefined for a key that moves nothing. */
export function moved(selection: Selection, { key, ctrl, shift }: Key, bounds: Bounds): Selection | undefined {
	const { row, column } = selection.focus;
	const [lastRow, lastColumn] = [bounds.rows - 1, bounds.columns - 1];
	if (ctrl && key.toLowerCase() === 'a') {
		return { anchor: { row: 0, column: 0 }, focus: { row: lastRow, column: lastColumn } };
	}
	if (key === ' ' && (ctrl || shift)) {
		return shift
			? { anchor: { row, column: 0 }, focus: { row, column: lastColumn } }
			: { anchor: { row: 0, column }, focus: { row: lastRow, column } };
	}
	const to = target(key, ctrl, row, column, bounds);
	if (to === undefined) return undefined;
	const focus = {
		row: Math.min(lastRow, Math.max(shift ? 0 : -1, to[0])),
		column: Math.min(lastColumn, Math.max(0, to[1])),
	};
	return { anchor: shift ? selection.anchor : focus, focus };
}

function target(key: string, ctrl: boolean, row: number, column: number, { rows, columns, page }: Bounds) {
	switch (key) {
		case 'ArrowUp':
			return [ctrl ? 0 : row - 1, column] as const;
		case 'ArrowDown':
			return [ctrl ? rows - 1 : row + 1, column] as const;
		case 'ArrowLeft':
			return [row, ctrl ? 0 : column - 1] as const;
		case 'ArrowRight':
			return [row, ctrl ? columns - 1 : column + 1] as const;
		case 'PageUp':
			return [Math.max(0, row - page), column] as const;
		case 'PageDown':
			return [row + page, column] as const;
		case 'Home':
			return [ctrl ? 0 : row, 0] as const;
		case 'End':
			return [ctrl ? rows - 1 : row, columns - 1] as const;
		default:
			return undefined;
	}
}
