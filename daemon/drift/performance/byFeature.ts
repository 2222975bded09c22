/** Does a model do worse for some rows than for others? Its figures by the parts of each feature, reference against current. */
import type { Table } from '../../data/table.ts';
import type { PerformanceFeature, PerformancePart } from '../../protocol/driftPerformance.ts';
import { type CutOptions, cutIntoParts, pairNamed } from '../segments/parts.ts';

const mostFeatures = 20;
/** With fewer rows a figure of a part says little. */
const fewestRows = 20;
const cutting: CutOptions = { ranges: 5, values: 8, rest: 'part' };

export type PartFigures = NonNullable<PerformancePart['reference']>;

/** One sample. */
export interface MeasuredRows {
	table: Table;
	/** Rows of the table that were measured. */
	rows: Uint32Array;
	/** The figures of some of them, given by their places in `rows`. */
	figures(places: Uint32Array): PartFigures;
}

/**
 * Values of columns with few, the eight most frequent ones of others, fifths of the reference of numbers; dates are left
 * out. The features whose parts differ most come first; those with a single part are left out. `compared` is the figure
 * that parts are held against each other by.
 */
export function figuresByFeature(
	samples: { reference: MeasuredRows | null; current: MeasuredRows | null },
	names: readonly string[],
	compared: (figures: PartFigures) => number,
): PerformanceFeature[] {
	const { reference, current } = samples;
	const [one, other] = [reference ?? current, current ?? reference];
	if (one === null || other === null) return [];
	const features = names.flatMap((column): PerformanceFeature[] => {
		const pair = pairNamed(one.table, other.table, column);
		if (pair === null || (pair.kind === 'numbers' && pair.time)) return [];
		const cut = cutIntoParts(pair, cutting);
		const before = figuresOfParts(reference, cut.reference, cut.labels.length);
		const after = figuresOfParts(current, cut.current, cut.labels.length);
		const parts = cut.labels
			.map((segment, part) => ({ segment, reference: before[part] ?? null, current: after[part] ?? null }))
			.filter((part) => part.reference !== null || part.current !== null);
		const spread = Math.max(spreadOf(parts, 'reference', compared), spreadOf(parts, 'current', compared));
		return parts.length < 2 ? [] : [{ column, spread, parts }];
	});
	return features.sort((a, b) => b.spread - a.spread).slice(0, mostFeatures);
}

function figuresOfParts(sample: MeasuredRows | null, codes: Int16Array, parts: number): (PartFigures | null)[] {
	if (sample === null) return [];
	const places = Array.from({ length: parts }, (): number[] => []);
	for (let at = 0; at < sample.rows.length; at++) {
		const code = codes[sample.rows[at] as number] as number;
		if (code >= 0) (places[code] as number[]).push(at);
	}
	return places.map((own) => (own.length < fewestRows ? null : sample.figures(Uint32Array.from(own))));
}

function spreadOf(
	parts: readonly PerformancePart[],
	side: 'reference' | 'current',
	compared: (figures: PartFigures) => number,
): number {
	const values = parts.flatMap((part) => (part[side] === null ? [] : compared(part[side])));
	return values.length < 2 ? 0 : Math.max(...values) - Math.min(...values);
}
