import type { Table } from '../../data/table.ts';
import { ascendingOrder } from '../../stats/ascendingOrder.ts';

/** How the rows of both samples follow one another where memory is looked for. */
export interface RowOrders {
	/** The column of time that puts them into order; null for the order in which they came. */
	column: string | null;
	/** Places of the rows in that order, in memory that threads share; null where they lie so already. */
	reference: Uint32Array | null;
	current: Uint32Array | null;
}

export const asTheyCame: RowOrders = { column: null, reference: null, current: null };

/** The order that a column of time gives to the rows. */
export function orderBy(column: string, reference: Float64Array, current: Float64Array): RowOrders {
	return { column, reference: placesOf(reference), current: placesOf(current) };
}

/**
 * By the column of time that both samples have: `told` where it is given, else the first with dates, else as the rows came. A
 * file is often put together from parts, each in order of time: as it lies it would look like a series with two states.
 */
export function orderRows(reference: Table, current: Table, told: string | null): RowOrders {
	for (const before of reference.columns) {
		const after = current.columns.find(({ name }) => name === before.name);
		if (before.kind !== 'number' || after?.kind !== 'number') continue;
		const dates = [before, after].every(({ type }) => type === 'timestamp' || type === 'date');
		if (told === null ? dates : before.name === told) return orderBy(before.name, before.values, after.values);
	}
	return asTheyCame;
}

/** Rows without a time come last; where half of them have none, it orders nothing. */
function placesOf(values: Float64Array): Uint32Array | null {
	if (rises(values)) return null;
	const dated = ascendingOrder(values);
	if (2 * dated.length < values.length) return null;
	const places = new Uint32Array(new SharedArrayBuffer(values.length * 4));
	places.set(dated);
	let at = dated.length;
	for (let row = 0; row < values.length; row++) {
		if (Number.isNaN(values[row] as number)) places[at++] = row;
	}
	return places;
}

function rises(values: Float64Array): boolean {
	for (let row = 1; row < values.length; row++) {
		if (!((values[row] as number) >= (values[row - 1] as number))) return false;
	}
	return true;
}

/** The values of a column in that order. */
export function inOrder<A extends Float64Array | Int32Array>(values: A, places: Uint32Array | null): A {
	if (places === null) return values;
	const taken = values.slice(0, places.length) as A;
	for (let i = 0; i < places.length; i++) taken[i] = values[places[i] as number] as number;
	return taken;
}
