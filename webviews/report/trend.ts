/** The current data over time: what the report says of its chunks, and the trend of a column. */
import type { DriftReport } from '../../daemon/protocol/drift.ts';
import type { ColumnChunks, DriftChunks } from '../../daemon/protocol/driftChunks.ts';
import { type ChartView, type LineData, lineChart } from '../components/chart.ts';
import { type Child, h } from '../components/element.ts';
import { figure, pointer } from '../components/figure.ts';
import { formatCount, formatNumber, formatShare, plural } from '../components/format.ts';
import { formatsOf } from './valueFormat.ts';
import { shownName } from './verdict.ts';

export interface Trend {
	readonly element: HTMLElement;
	destroy(): void;
}

/** So many columns are listed; every column has its trend among its details. */
const mostListed = 20;

/** What the chunks show as a whole; nothing where the current data were not cut. */
export function chunksSection({ chunks }: DriftReport): Child[] {
	if (chunks === undefined) return [];
	const { left_out, columns } = chunks;
	const beyond = columns
		.map((column, index) => ({ column, index }))
		.filter(({ column }) => column.beyond > 0)
		.sort((a, b) => b.column.beyond - a.column.beyond);
	return [
		h('h2', {}, 'Over time'),
		h(
			'p',
			{ class: 'muted' },
			`The current data in ${plural(chunks.chunks.length, 'chunk')} of ${sizeText(chunks)}, each held against the whole reference. `,
			left_out > 0 &&
				h('span', {}, figure(pointer('chunks', 'left_out'), left_out, formatCount), ' rows are in none of them. '),
			beyond.length === 0
				? 'No column is beyond its limit in any of them.'
				: 'A chunk beyond its limit decides nothing about the verdict: of many chunks and columns some are by chance.',
		),
		beyond.length > 0 &&
			h(
				'div',
				{ class: 'table-frame', role: 'region', tabindex: 0, 'aria-label': 'Columns with chunks beyond their limits' },
				h(
					'table',
					{ class: 'chunks' },
					h(
						'thead',
						{},
						h(
							'tr',
							{},
							h('th', { scope: 'col' }, 'Column'),
							h('th', { scope: 'col', class: 'numeric' }, 'Chunks beyond their limit'),
							h('th', { scope: 'col' }, 'First'),
							h('th', { scope: 'col' }, 'Last'),
						),
					),
					h('tbody', {}, ...beyond.slice(0, mostListed).map(({ column, index }) => chunksRow(chunks, column, index))),
				),
			),
		beyond.length > mostListed &&
			h('p', { class: 'muted' }, `And ${plural(beyond.length - mostListed, 'column')} more.`),
	];
}

function chunksRow(chunks: DriftChunks, column: ColumnChunks, index: number): HTMLElement {
	const places = beyondPlaces(column);
	const place = (at: number | undefined) => h('td', {}, at === undefined ? '' : chunkText(chunks, at));
	return h(
		'tr',
		{},
		h('th', { scope: 'row' }, h('bdi', {}, shownName(column.column))),
		h('td', { class: 'numeric' }, figure(pointer('chunks', 'columns', index, 'beyond'), column.beyond, formatCount)),
		place(places[0]),
		place(places.at(-1)),
	);
}

function beyondPlaces({ distance, limit }: ColumnChunks): number[] {
	return distance.flatMap((value, chunk) => {
		const most = limit[chunk] ?? null;
		return value !== null && most !== null && value > most ? [chunk] : [];
	});
}

/** The trend of one column, with its numbers behind it; null where there is none. */
export function createTrend({ chunks }: DriftReport, column: string): Trend | null {
	const index = chunks?.columns.findIndex((one) => one.column === column) ?? -1;
	const found = chunks?.columns[index];
	if (chunks === undefined || found === undefined || found.distance.every((value) => value === null)) return null;
	const chart: ChartView<LineData> = lineChart({
		title: `${plural(found.beyond, 'chunk')} of ${chunks.chunks.length} beyond the limit`,
		x: chunks.by === 'time' ? 'beginning of the chunk (UTC)' : 'first row of the chunk',
		y: 'distance',
		...(chunks.by === 'time' && { format: formatsOf('timestamp', timesOf(chunks)).place }),
		series: [
			{ name: 'Jensen-Shannon distance to the reference', points: pointsOf(chunks, found.distance) },
			{ name: 'Limit', points: pointsOf(chunks, found.limit), limit: true },
			...(found.mean === undefined ? [] : [{ name: 'Mean', points: pointsOf(chunks, found.mean), tableOnly: true }]),
			{ name: 'Nulls', points: pointsOf(chunks, found.nulls), tableOnly: true, format: formatShare },
		],
	});
	const limits =
		found.pieces >= 10
			? `mean and three standard deviations of the distances of ${found.pieces} chunks of the reference to the rest of it`
			: 'what chance alone leaves below in 99.87 % of cases, as the reference is too short to be cut likewise';
	const element = h(
		'div',
		{ class: 'trend' },
		h('h3', {}, 'Over time'),
		chart.element,
		h('p', { class: 'muted' }, `The limit: ${limits}.`),
	);
	return { element, destroy: () => chart.destroy() };
}

function pointsOf({ chunks }: DriftChunks, values: readonly (number | null)[]): { x: number; y: number | null }[] {
	return chunks.map(({ from }, chunk) => ({ x: from, y: values[chunk] ?? null }));
}

function timesOf({ chunks }: DriftChunks): number[] {
	return [chunks[0]?.from ?? 0, chunks.at(-1)?.to ?? 0];
}

const lengths = [
	['day', 86_400_000],
	['hour', 3_600_000],
	['minute', 60_000],
	['second', 1000],
] as const;

function sizeText({ by, size }: DriftChunks): string {
	if (by === 'rows') return plural(size, 'row');
	const [unit, length] = lengths.find(([, one]) => size % one === 0) ?? (['millisecond', 1] as const);
	return plural(size / length, unit);
}

function chunkText(chunks: DriftChunks, at: number): string {
	const chunk = chunks.chunks[at];
	if (chunk === undefined) return '';
	if (chunks.by === 'rows') return `rows ${formatNumber(chunk.from)} to ${formatNumber(chunk.to)}`;
	// Days read as days, parts of a day with their time.
	return formatsOf('timestamp', chunks.size >= 86_400_000 ? timesOf(chunks) : []).place(chunk.from);
}
