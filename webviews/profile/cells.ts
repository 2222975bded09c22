/** The cells of a profile's table of columns: one entry each. */
import type { ColumnProfile } from '../../daemon/protocol/profile.ts';
import { type Child, h } from '../components/element.ts';
import { figure, nothing, pointer } from '../components/figure.ts';
import { formatCount, formatShare } from '../components/format.ts';
import type { ColumnCell } from '../report/columnTable.ts';
import { spark } from '../report/spark.ts';
import { findingsOf, formatCell } from './words.ts';

type Cell = ColumnCell<ColumnProfile>;

/** @param rows Of the file, of which shares are told. */
export function profileCells(rows: number): Cell[] {
	return [
		{ id: 'distribution', title: 'Distribution', cell: ({ column }) => shape(column) },
		{
			id: 'nulls',
			title: 'Nulls',
			numeric: true,
			fallsFirst: true,
			value: ({ column }) => column.nulls,
			cell: ({ column, place }) =>
				figure(pointer(...place, 'nulls'), column.nulls, (nulls) => formatShare((nulls ?? 0) / rows)),
		},
		{
			id: 'distinct',
			title: 'Different',
			numeric: true,
			fallsFirst: true,
			value: ({ column }) => column.distinct,
			cell: ({ column, place }) => figure(pointer(...place, 'distinct'), column.distinct, formatCount),
		},
		{ ...plain('mean', 'Mean', ({ mean }) => mean), secondary: true },
		{ ...plain('min', 'Minimum', ({ min }) => min), secondary: true },
		{ ...plain('quantiles', 'Median', ({ quantiles }) => quantiles?.p50 ?? null, ['p50']), secondary: true },
		{ ...plain('max', 'Maximum', ({ max }) => max), secondary: true },
		{
			id: 'findings',
			title: 'Findings',
			value: ({ column }) => findingsOf(column, rows)[0] ?? null,
			cell: ({ column }) => findings(column, rows),
		},
	];
}

function plain(
	field: 'mean' | 'min' | 'max' | 'quantiles',
	title: string,
	read: (column: ColumnProfile) => ColumnProfile['min'],
	below: readonly string[] = [],
): Cell {
	return {
		id: field,
		title,
		numeric: true,
		fallsFirst: true,
		value: ({ column }) => {
			const value = read(column);
			return typeof value === 'boolean' ? Number(value) : value;
		},
		cell: ({ column, place }) => cellFigure(pointer(...place, field, ...below), read(column)),
	};
}

/** A value of the data with its place in the JSON, of whichever type. */
export function cellFigure(place: string, value: ColumnProfile['min']): Child {
	if (value === null) return nothing();
	const text = formatCell(value);
	const title = text === String(value) ? null : String(value);
	return h('span', { class: 'figure', 'data-figure': place, 'data-value': String(value), title }, text);
}

function shape({ histogram, top }: ColumnProfile): Child {
	if (histogram !== null) return spark({ kind: 'histogram', reference: histogram.shares, current: [] });
	if (top.length === 0) return nothing();
	return spark({ kind: 'categories', reference: top.map(({ count }) => count), current: [] });
}

function findings(column: ColumnProfile, rows: number): Child {
	const found = findingsOf(column, rows);
	if (found.length === 0) return nothing();
	return h('span', { class: 'findings' }, ...found.map((text) => h('span', { class: 'tag' }, text)));
}
